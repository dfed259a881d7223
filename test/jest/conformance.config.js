/**
 * The consumer runtime on one Redis, or with CONFORMANCE=cluster on a cluster; one file at a time,
 * because they cut connections and restart servers.
 */
module.exports = {
  ...require('./base.js'),
  displayName: `conformance ${process.env['CONFORMANCE'] ?? 'standalone'}`,
  testMatch: ['<rootDir>/test/consumers/runtime/**/*.int.test.ts'],
  // It brings its own servers, whatever the others run on.
  testPathIgnorePatterns: process.env['CONFORMANCE'] === 'cluster' ? ['failover'] : [],
  globalSetup: '<rootDir>/test/jest/conformance-setup.ts',
  globalTeardown: '<rootDir>/test/jest/teardown.ts',
  testTimeout: 30_000,
  maxWorkers: 1,
};
