/** The files of `npm run test:e2e:own`, which `npm run test:e2e` leaves out. */
exports.OWN_SYSTEMS = [
  'test/web/room.e2e.test.ts',
  'test/e2e/runbooks.e2e.test.ts',
  'test/e2e/idempotency.e2e.test.ts',
  'test/docs/follow-the-pages.e2e.test.ts',
  'test/dev/rolling-restart.e2e.test.ts',
];
