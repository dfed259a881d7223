import type Router from '@koa/router';

/** Returns the names of what is not ready. */
export type ReadinessProbe = () => Promise<string[]>;

/** `GET /livez` (the process answers) and `GET /readyz` (it can take orders). */
export function healthRoutes(router: Router, failing: ReadinessProbe): void {
  router.get('/livez', (ctx) => {
    ctx.body = { status: 'ok' };
  });

  router.get('/readyz', async (ctx) => {
    const names = await failing();
    ctx.status = names.length > 0 ? 503 : 200;
    ctx.body = names.length > 0 ? { status: 'not ready', failing: names } : { status: 'ok' };
  });
}
