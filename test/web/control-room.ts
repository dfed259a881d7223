import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { USUAL_TIMES, type BreakTimes } from '../../dev/control/breaks';
import { startControlServer } from '../../dev/control/server';
import { buildPage } from '../../dev/page';
import { findOrInstallChromium } from '../../dev/servers/chromium';
import { System } from '../../dev/system';
import { testFolder } from '../jest/test-folder';

/** What keeps Chromium from asking its maker's servers, and lets root run it. */
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

/** Nothing on the page takes longer to appear, but what is told its own time. */
const ACTION_MS = 10_000;

/** How the page looks. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
}

/** Wide, by day. */
export const DESK: Look = { width: 1440, height: 900, colorScheme: 'light' };
/** Narrow, at night. */
export const PHONE: Look = { width: 390, height: 844, colorScheme: 'dark' };

/** A whole system as `npm start` brings it up, and a browser in front of it. */
export class ControlRoom {
  /** What the pages complained of. */
  readonly complaints: string[] = [];
  readonly #contexts: BrowserContext[] = [];

  private constructor(
    readonly system: System,
    private readonly browser: Browser,
    private readonly closeControl: () => void,
    private readonly removeFolder: () => void,
  ) {}

  static async open(times: BreakTimes = USUAL_TIMES): Promise<ControlRoom> {
    const folder = testFolder('room');
    const system = new System({ folder: folder.path, usualPorts: false, withTraces: true });
    const closeControl = await startControlServer(system, times);
    const [executablePath] = await Promise.all([
      findOrInstallChromium(),
      buildPage(),
      system.startPostgres(),
      system.startRedis(),
      system.startTemporal(),
      system.startDoubles(),
    ]);
    await system.prepareData();
    await Promise.all([
      ...[system.startService('api'), system.startService('saga-worker')],
      ...[system.startOtherConsumers(), system.startNotificationWorker()],
    ]);
    const browser = await chromium.launch({ executablePath, args: FLAGS });
    return new ControlRoom(system, browser, closeControl, () => folder.remove());
  }

  /** A page that the launcher's link has signed in. */
  async visit(path: string, look: Look = DESK): Promise<Page> {
    const { width, height, colorScheme } = look;
    const context = await this.browser.newContext({ viewport: { width, height }, colorScheme });
    context.setDefaultTimeout(ACTION_MS);
    this.#contexts.push(context);
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`${message.text()} at ${page.url()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    await page.goto(`${this.system.apiUrl}/room#key=${this.system.ordersApi.apiKey}&to=${path}`);
    return page;
  }

  /** Closes the pages that a test has opened. */
  async leave(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close();
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.closeControl();
    await this.system.processes.stopAll().finally(this.removeFolder);
  }
}

/** Places an order by the page's own button, and waits until its X-ray says how it ended. */
export async function placeByButton(page: Page, button: string, status: string): Promise<string> {
  await page.goto(`${page.url().split('#')[0]}#/place`);
  await page.getByRole('button', { name: button }).click();
  await page.waitForURL(/#\/orders\/ord_/);
  await page.locator('.facts .badge', { hasText: status }).first().waitFor({ timeout: 60_000 });
  return page.url().split('/').at(-1)!;
}
