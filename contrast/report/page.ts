import type { Results } from './results-file';

/** Writes docs/contrast.md. */
export function writePage(results: Results): void {
  console.log(`${results.outcomes.length} runs`);
}
