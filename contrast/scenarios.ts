import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { kill } from '../chaos/kill';
import { planFaults } from '../dev/payment-simulator/client';
import type { System } from '../dev/system';
import type { Change, Design } from './design';
import type { Load } from './load/orders';
import { withTables } from './services';

/** What goes wrong, or is changed, while orders come. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly load: Load;
  /** Strikes, and resolves when what was broken is whole again; what it noted is shown. */
  readonly strike: (struck: Struck) => Promise<string>;
  /** The change that it brings, if it brings one. */
  readonly change?: (design: Design) => Change;
}

/** Whom it strikes. */
interface Struck {
  readonly system: System;
  readonly design: Design;
  /** The tree that has the change of this scenario in it. */
  readonly changedRoot: string | undefined;
  readonly seed: number;
}

/** The fault comes when the system is warm. */
export const FAULT_AFTER_MS = 5_000;

const USUAL: Load = { ratePerSecond: 15, seconds: 25 };

/** How long the payment provider takes, always: a real one is not on this machine. */
export const PROVIDER_MS = 100;

const NOTIFICATION_DOWN_MS = 20_000;
const INVENTORY_SLOW_MS = 10_000;
/** A healthy write takes some milliseconds. */
const SLOW_WRITE_SECONDS = 0.4;
const LOST_REPLY_MS = 10_000;
const LOST_REPLY_SHARE = 0.3;
const KILLS = 3;
const KILL_EVERY_MS = 4_000;
/** After a poison there is nothing to heal: this is how long is looked at it. */
const LOOK_MS = 2_000;

/** Everything that is tried, in this order. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'none',
    title: 'Nothing goes wrong',
    load: USUAL,
    strike: () => Promise.resolve('nothing'),
  },
  {
    name: 'notification-down',
    title: `Notification is down for ${NOTIFICATION_DOWN_MS / 1000} s`,
    load: { ...USUAL, seconds: 32 },
    async strike({ system, design }) {
      await system.processes.stop(design.notifier);
      await sleep(NOTIFICATION_DOWN_MS);
      await design.startNotifier(system);
      return `${design.notifier} was stopped and started`;
    },
  },
  {
    name: 'inventory-slow',
    title: `Each write of the inventory takes ${SLOW_WRITE_SECONDS} s more, for ${INVENTORY_SLOW_MS / 1000} s`,
    load: USUAL,
    async strike({ system, design }) {
      await slowWrites(system, design.holdsTable);
      await sleep(INVENTORY_SLOW_MS);
      await quickWrites(system, design.holdsTable);
      return `a trigger on ${design.holdsTable}`;
    },
  },
  {
    name: 'payment-reply-lost',
    title: `${LOST_REPLY_SHARE * 100} % of the payment provider's replies are lost, for ${LOST_REPLY_MS / 1000} s`,
    load: USUAL,
    async strike({ system, seed }) {
      const provider = system.setting('STRIPE_API_BASE');
      const rules = [{ fault: 'drop-reply', rate: LOST_REPLY_SHARE }];
      await planFaults(provider, { seed, rules });
      await sleep(LOST_REPLY_MS);
      await planFaults(provider, { seed, rules: [] });
      return 'the provider did what it was asked, and broke the connection';
    },
  },
  {
    name: 'worker-killed',
    title: `The process in the middle of the orders is killed, ${KILLS} times in ${(KILLS * KILL_EVERY_MS) / 1000} s`,
    load: USUAL,
    async strike({ system, design }) {
      for (let i = 0; i < KILLS; i += 1) {
        kill(system, design.driver);
        await sleep(KILL_EVERY_MS);
      }
      return `SIGKILL of ${design.driver}; it is started again after a second`;
    },
  },
  {
    name: 'poison',
    title: 'A message that nobody can read',
    load: USUAL,
    async strike({ system, design }) {
      await design.poison(system);
      await sleep(LOOK_MS);
      return design.poison(system);
    },
  },
  {
    name: 'burst',
    title: 'Twelve times the orders, for 3 s',
    load: { ...USUAL, burst: { fromSecond: 5, seconds: 3, ratePerSecond: 165 } },
    async strike() {
      await sleep(3_000);
      return '495 orders more';
    },
  },
  changing('consumer', 'A reaction is added: loyalty points'),
  changing('step', 'A step is added: book a delivery before the order is confirmed'),
];

function changing(kind: 'consumer' | 'step', title: string): Scenario {
  return {
    name: `${kind}-added`,
    title,
    load: { ...USUAL, seconds: 40 },
    change: ({ changes }) => changes[kind],
    async strike({ system, design, changedRoot }) {
      const { restarts, starts, deploy } = design.changes[kind];
      await deploy(system, changedRoot!);
      return `started anew: ${restarts.join(', ') || 'none'}; new: ${starts.join(', ') || 'none'}`;
    },
  };
}

async function slowWrites(system: System, table: string): Promise<void> {
  await withTables(system, (db) =>
    sql
      .raw(
        `create or replace function public.contrast_slow() returns trigger language plpgsql as
           $$ begin perform pg_sleep(${SLOW_WRITE_SECONDS}); return null; end $$;
         create trigger contrast_slow after insert on ${table}
           for each statement execute function public.contrast_slow()`,
      )
      .execute(db),
  );
}

async function quickWrites(system: System, table: string): Promise<void> {
  await withTables(system, (db) =>
    sql.raw(`drop trigger if exists contrast_slow on ${table}`).execute(db),
  );
}
