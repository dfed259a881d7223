const { OWN_SYSTEMS } = require('./own-systems.js');

/**
 * The end-to-end tests that bring up a system of their own, and wait for it with generous deadlines:
 * they run beside the others. One at a time, because each takes what a core has.
 */
module.exports = {
  ...require('./base.js'),
  displayName: 'e2e, own systems',
  testMatch: OWN_SYSTEMS.map((file) => `<rootDir>/${file}`),
  testTimeout: 120_000,
  maxWorkers: 1,
};
