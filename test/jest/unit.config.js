/** Needs nothing running. */
module.exports = {
  ...require('./base.js'),
  displayName: 'unit',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['\\.(int|e2e)\\.test\\.ts$'],
  testTimeout: 60_000,
  maxWorkers: '100%',
};
