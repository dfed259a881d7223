import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onCopyOf } from './copied-tree';

const COMPLETE = '  async complete(): Promise<OrderOutcome> {\n';

/** How the new step is guarded: with `patched`, or not at all, as pinned versions allow. */
const GUARDS = { patched: "if (patched('thank-the-customer'))", none: '' } as const;

/**
 * The worked example of docs/versions.md: runs `use` with the entry point of a copy of the
 * workflows in which `orderSaga` has one step more after the pivot, "thank the customer".
 */
export async function withNewSaga<Result>(
  guard: keyof typeof GUARDS,
  use: (workflowsPath: string) => Promise<Result>,
): Promise<Result> {
  return onCopyOf(['workflows', 'domain'], async (copy) => {
    const saga = path.join(copy, 'workflows', 'order-saga.ts');
    const text = readFileSync(saga, 'utf8');
    if (!text.includes(COMPLETE)) throw new Error(`${saga} has no place for the new step`);
    writeFileSync(saga, IMPORT + text.replace(COMPLETE, `${COMPLETE}${GUARDS[guard]} ${STEP}\n`));
    return use(path.join(copy, 'workflows', 'index.ts'));
  });
}

const IMPORT = `import { always } from './step';\n`;

/** `noteAttention` stands in for an activity of its own: the example is about the workflow. */
const STEP = `await perform(always('thank the customer', 'noteAttention'), {
  orderId: this.order.orderId, what: 'thanks' });`;
