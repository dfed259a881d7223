import { closeSuiteSystem } from './suite-system';

/** Ends what the setup of the suite started. */
export default async function tearDown(): Promise<void> {
  await closeSuiteSystem();
}
