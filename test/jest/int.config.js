/** Needs PostgreSQL and Redis, and brings them up. */
module.exports = {
  ...require('./base.js'),
  displayName: 'int',
  testMatch: ['<rootDir>/test/**/*.int.test.ts'],
  // Those are the conformance suite's, which runs them on one Redis and on a cluster.
  testPathIgnorePatterns: ['<rootDir>/test/consumers/runtime/'],
  globalSetup: '<rootDir>/test/jest/int-setup.ts',
  globalTeardown: '<rootDir>/test/jest/teardown.ts',
  testTimeout: 30_000,
  maxWorkers: '100%',
};
