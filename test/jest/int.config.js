/** Needs PostgreSQL and Redis, and brings them up. */
module.exports = {
  ...require('./base.js'),
  displayName: 'int',
  testMatch: ['<rootDir>/test/**/*.int.test.ts'],
  globalSetup: '<rootDir>/test/jest/int-setup.ts',
  globalTeardown: '<rootDir>/test/jest/teardown.ts',
  testTimeout: 30_000,
};
