import AxePackage from 'axe-core';
import type { Page } from 'playwright-core';
import { noteAttention } from '../../db/attention';
import { createDatabase } from '../../db/database';
import { planFaults } from '../../dev/payment-simulator/client';
import { waitFor } from '../../dev/wait';
import { ControlRoom, DESK, PHONE, placeByButton, type Look } from './control-room';

const START_MS = 180_000;
const RECOVERY_MS = 60_000;
const TEST_MS = 120_000;
/** Short: a person looks meanwhile, a test does not. */
const TIMES = { stoppedMs: 5_000, providerMs: 6_000 };

let room: ControlRoom;
beforeAll(async () => (room = await ControlRoom.open(TIMES)), START_MS);
afterEach(() => room.leave());
afterAll(() => room?.close(), START_MS);

const PAGES = [
  ...['/now', '/place', '/orders', '/break', '/inbox', '/docs'],
  ...['/repair/dead-letters', '/repair/attention', '/repair/consumers', '/repair/reconcile'],
  '/repair/audit',
];

test(
  'shows an order on both sides, a minute after somebody saw the page for the first time',
  async () => {
    const page = await room.visit('/now');
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Place', exact: true }).click();
    await page.getByRole('button', { name: 'Place the order' }).click();
    await page.waitForURL(/#\/orders\/ord_/);
    const entries = page.locator('.entry');
    for (const text of [
      ...['POST /v1/orders', 'reserve stock', 'authorize payment', 'confirm order', 'OrderPlaced'],
      ...['handled OrderCreated', 'capture payment', 'mail order-confirmed sent'],
    ]) {
      await entries.filter({ hasText: text }).first().waitFor({ timeout: RECOVERY_MS });
    }
    // Each consumer has its own time; nothing says which is the last.
    for (const lane of ['saga', 'stream', 'notification', 'webhooks']) {
      const options = page.getByRole('combobox', { name: 'Lane' }).locator('option');
      const option = options.filter({ hasText: new RegExp(`^${lane}$`) });
      await option.waitFor({ state: 'attached', timeout: RECOVERY_MS });
    }
    await page.getByRole('heading', { name: 'Traces' }).waitFor({ timeout: RECOVERY_MS });
    await page.locator('.waterfall li', { hasText: 'reserveStock' }).first().waitFor();
    // Those of the consumers are their own, and linked.
    await page.locator('summary', { hasText: 'notification process' }).first().waitFor();
    const webUi = await page.getByRole('link', { name: /^order-ord_/ }).getAttribute('href');
    expect((await fetch(webUi!)).status).toBe(200);
    await page.getByRole('link', { name: 'Now' }).click();
    await page.locator('.orders .badge', { hasText: 'confirmed' }).first().waitFor();
  },
  TEST_MS,
);

test(
  'shows what was undone of an order whose card is declined, and why one is sold out',
  async () => {
    const page = await room.visit('/place');
    await placeByButton(page, 'One whose card is declined', 'rejected');
    await page.locator('.entry.undone', { hasText: 'release stock' }).waitFor();
    await page.locator('.entry.refused', { hasText: 'authorize payment' }).first().waitFor();
    await placeByButton(page, 'One that is sold out', 'rejected');
    await page.getByText('out_of_stock').first().waitFor();
  },
  TEST_MS,
);

describe.each([
  ['Kill the saga worker'],
  ['Kill the consumers'],
  ['Stop the notification consumer'],
  ['Flush Redis'],
  ['Payment provider down'],
  ['Payment provider slow'],
  ['Stop Temporal'],
])('%s', (name) => {
  test(
    'it comes back: orders that are placed meanwhile are confirmed, and their mails come',
    async () => {
      const page = await room.visit('/break');
      await page.getByRole('button', { name }).click();
      const placer = await room.visit('/place');
      const orderId = await placeByButton(placer, 'One that works', 'confirmed');
      await page
        .getByRole('button', { name })
        .and(page.locator(':enabled'))
        .waitFor({ timeout: RECOVERY_MS });
      await placer
        .locator('.entry', { hasText: 'mail order-confirmed sent' })
        .waitFor({ timeout: RECOVERY_MS });
      await page.goto(`${page.url().split('#')[0]}#/now`);
      await allIsWell(page);
      expect(await mailsAbout(orderId)).toBe(1);
    },
    TEST_MS,
  );
});

/** Nothing is said to be wrong, and every group runs and has caught up. */
async function allIsWell(page: Page): Promise<void> {
  await waitFor('all to be well', RECOVERY_MS, async () => {
    const troubles = await page.locator('.troubles').innerText();
    const states = await page.locator('tbody .badge').allInnerTexts();
    const isWell = troubles === '' && states.length > 0 && states.every((one) => one === 'running');
    return isWell ? true : undefined;
  });
}

async function mailsAbout(orderId: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${room.system.inboxPort}/mails.json`);
  const mails = (await answer.json()) as { subject: string }[];
  return mails.filter(({ subject }) => subject.includes(orderId)).length;
}

test(
  'says that it is cut off while the API is dead, and goes on when it is back',
  async () => {
    const page = await room.visit('/break');
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Kill the API' }).click();
    await page.getByText('cut off', { exact: true }).waitFor({ timeout: RECOVERY_MS });
    await page.getByText('The API does not answer').first().waitFor();
    await page.getByText('live', { exact: true }).waitFor({ timeout: RECOVERY_MS });
    // What a browser says of connections that were refused is no fault of the page.
    room.complaints.splice(0);
  },
  TEST_MS,
);

test(
  'says which process is gone while it is, for workers and consumers alike',
  async () => {
    const page = await room.visit('/now');
    await room.system.processes.stop('saga-worker');
    await room.system.processes.stop('consumer-worker');
    await page.getByText(/No saga worker was heard of/).waitFor({ timeout: RECOVERY_MS });
    await page.getByText(/Nobody runs .*analytics/).waitFor({ timeout: RECOVERY_MS });
    await Promise.all([room.system.startService('saga-worker'), room.system.startOtherConsumers()]);
    await allIsWell(page);
  },
  TEST_MS,
);

test(
  'mends a poisoned event: shown against its schema, edited, and redriven in three clicks',
  async () => {
    const breaking = await room.visit('/break');
    await breaking.getByRole('button', { name: 'Poison an event' }).click();
    const page = await room.visit('/repair/dead-letters');
    const card = page.locator('article.card', {
      has: page.getByRole('heading', { name: /in analytics$/ }),
    });
    await card.getByRole('button', { name: /^Show/ }).click({ timeout: RECOVERY_MS });
    await card.locator('.flaws', { hasText: 'data.code' }).waitFor();
    await card.getByText('The event, to be mended').click();
    const editor = card.getByRole('textbox', { name: /^The event of dead letter/ });
    await editor.fill((await editor.inputValue()).replace('"code": 42', '"code": "out_of_stock"'));
    await card.getByRole('button', { name: /^Save/ }).click();
    await card.getByText('It is as its schema wants it.').waitFor();

    const three = await room.visit('/now');
    await three.getByRole('link', { name: 'Repair', exact: true }).click();
    await three.getByRole('button', { name: /^Redrive \d+ of analytics$/ }).click();
    await three.getByRole('button', { name: /^Redrive \d+ now$/ }).click();
    await waitFor('the dead letter to be gone', RECOVERY_MS, async () => {
      const left = await three.getByRole('heading', { name: /in analytics$/ }).count();
      return left === 0 ? true : undefined;
    });
    await three.getByRole('link', { name: 'Record' }).click();
    await three.locator('.entry', { hasText: 'dead-letters redrive analytics' }).waitFor();
  },
  TEST_MS,
);

test(
  'pauses and resumes a group, with who and why on record',
  async () => {
    const page = await room.visit('/repair/consumers');
    await page.locator('summary', { hasText: 'loyalty' }).click();
    await page.getByLabel('Why, for loyalty').fill('points are being recounted');
    await page.getByLabel('Your name, for loyalty').fill('Ada');
    await page.getByRole('button', { name: 'Pause loyalty' }).click();
    await page.getByText(/Paused by Ada \(key_\w+\): points are being recounted/).waitFor();
    await page.getByRole('button', { name: 'Resume loyalty' }).click();
    await page.locator('summary', { hasText: 'loyalty' }).locator('.badge.good').waitFor();
    await page.getByRole('link', { name: 'Record' }).click();
    const record = page.locator('.entry', { hasText: 'consumers pause loyalty' });
    await record.filter({ hasText: 'points are being recounted' }).waitFor();
  },
  TEST_MS,
);

test(
  'decides about a step that waits for a person, from the list to the order',
  async () => {
    const provider = room.system.setting('STRIPE_API_BASE');
    await planFaults(provider, {
      seed: 1,
      rules: [{ on: 'create', fault: 'wrong-amount' }],
    });
    const page = await room.visit('/place');
    const orderId = await placeByButton(page, 'One that works', 'failed');
    await planFaults(provider, { seed: 1, rules: [] });
    await page.getByRole('link', { name: 'Repair', exact: true }).click();
    await page
      .getByRole('navigation', { name: 'Repair' })
      .getByRole('link', { name: /^Needs/ })
      .click();
    await page.getByRole('link', { name: orderId }).click();
    const open = page.locator('.card', { hasText: 'waits for you' });
    await open.getByLabel(/^Why/).fill('looked at in the dashboard');
    await open.getByRole('button', { name: /^It was done by hand/ }).click();
    await open.waitFor({ state: 'detached', timeout: RECOVERY_MS });
    await page.locator('.entry', { hasText: 'OperatorDecided' }).waitFor();

    // As the reconciler notes something about an order whose saga is over.
    await noteOn(orderId, 'the parcel came back');
    const note = open.filter({ hasText: 'the parcel came back' });
    await note.getByLabel(/^Why/).fill('it is on the shelf again');
    expect(await note.getByRole('button', { name: /^Retry/ }).count()).toBe(0);
    await note.getByRole('button', { name: /^It was done by hand/ }).click();
    await note.waitFor({ state: 'detached', timeout: RECOVERY_MS });
  },
  TEST_MS,
);

test(
  'reconciles, and tells what it found',
  async () => {
    const page = await room.visit('/repair/reconcile');
    await page.getByRole('button', { name: 'Compare and repair now' }).click();
    await page.getByText(/^Events: \d+ compared/).waitFor({ timeout: RECOVERY_MS });
  },
  TEST_MS,
);

test(
  'lets nobody in with a key that is no good, and says so',
  async () => {
    const page = await room.visit('/now');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel(/API key/).fill('tdm_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel(/API key/).waitFor();
    expect(await page.getByText('Consumers').count()).toBe(0);
    room.complaints.splice(0);
  },
  TEST_MS,
);

async function noteOn(orderId: string, what: string): Promise<void> {
  const url = room.system.setting('DATABASE_URL');
  const db = createDatabase({ url, applicationName: 'test', onError: () => undefined });
  await noteAttention(db, orderId, what).finally(() => db.destroy());
}

describe.each<[string, Look]>([
  ['at a desk, by day', DESK],
  ['on a phone, at night', PHONE],
])('%s', (_, look) => {
  test(
    'nothing overflows or is out of reach for who does not see, and nothing complains',
    async () => {
      const placer = await room.visit('/place');
      const orderId = await placeByButton(placer, 'One that works', 'confirmed');
      const page = await room.visit('/now', look);
      for (const path of [...PAGES, `/orders/${orderId}`]) {
        await page.goto(`${room.system.apiUrl}/room#${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.getByText('Looking …').first().waitFor({ state: 'detached' });
        expect({ path, overflowing: await overflowing(page) }).toEqual({ path, overflowing: [] });
        expect({ path, violations: await violations(page) }).toEqual({ path, violations: [] });
      }
      expect(room.complaints).toEqual([]);
    },
    TEST_MS,
  );
});

/** What sticks out to the right, but for what can be scrolled by itself. */
async function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(`
    [...document.querySelectorAll('body *')]
      .filter((element) => !element.closest('.scroll') && !element.closest('.skip'))
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
      .map((element) => element.tagName + ' ' + element.className)`);
}

/** What Axe finds of WCAG 2.2 A and AA: labels, contrast, focus, structure. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AxePackage.source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof AxePackage };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const found = await axe.run({ runOnly: tags });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}
