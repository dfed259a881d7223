import Router from '@koa/router';
import { bodyParser } from '@koa/bodyparser';
import Koa from 'koa';
import { sql } from 'kysely';
import { createDatabase } from '../../db/database';
import { loadConfig } from '../../platform/config';

/** The least that such a route can do: it reads a JSON body and inserts one row. */
const { DATABASE_URL, HEALTH_PORT } = loadConfig('DATABASE_URL', 'HEALTH_PORT');
const db = createDatabase<never>({
  ...{ url: DATABASE_URL, applicationName: 'bench', onError: () => undefined },
});
const router = new Router();
router.get('/readyz', (ctx) => {
  ctx.body = { status: 'ok' };
});
router.post('/v1/orders', bodyParser(), async (ctx) => {
  const { rows } = await sql<{ id: number }>`
    insert into bench_rows (body) values (${JSON.stringify(ctx.request.body)}::jsonb)
    returning id`.execute(db);
  ctx.status = 202;
  ctx.body = rows[0];
});
const app = new Koa();
app.use(router.routes());
void sql`
  create table if not exists bench_rows (
    id bigint generated always as identity primary key, body jsonb not null)`
  .execute(db)
  .then(() => app.listen(HEALTH_PORT, '127.0.0.1'));
