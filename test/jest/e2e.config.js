const { OWN_SYSTEMS } = require('./own-systems.js');

/** Needs everything, and brings it up; one file at a time, because they break things. */
module.exports = {
  ...require('./base.js'),
  displayName: 'e2e',
  testMatch: ['<rootDir>/test/**/*.e2e.test.ts'],
  testPathIgnorePatterns: OWN_SYSTEMS,
  globalSetup: '<rootDir>/test/jest/e2e-setup.ts',
  globalTeardown: '<rootDir>/test/jest/teardown.ts',
  testTimeout: 120_000,
  maxWorkers: 1,
};
