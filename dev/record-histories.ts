import { runMatrix } from '../chaos/matrix/run';
import { replaceHistories } from './histories';

/** The cells whose histories are kept: each way to end, each fall back, each decision of a person. */
const KEPT_CELLS: readonly RegExp[] = [
  /then-works$/,
  /undos-work$/,
  /(refused|cancel-arrives).*needs-a-person$/,
  /authorize-payment-refused.*it-is-noted$/,
  /void-authorization-fails-twice$/,
  /a-person-decides$/,
  /called-off-afterwards$/,
  /(fails-after-its-effect|refused)-of-a-cancellation$/,
];

/** Runs the failure matrix and writes the histories of its cells down, in place of the old ones. */
async function recordHistories(): Promise<void> {
  const histories = new Map<string, string>();
  const { failures } = await runMatrix({
    only: '',
    onHistory: (name, json) => {
      if (KEPT_CELLS.some((pattern) => pattern.test(name))) histories.set(name, json);
    },
  });
  if (failures.length > 0) throw new Error(`not recorded: ${failures.join('; ')}`);
  replaceHistories(histories);
  console.log(`recorded ${histories.size} histories`);
}

recordHistories().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
