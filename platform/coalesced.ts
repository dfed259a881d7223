/**
 * Calls that come while `run` is under way are answered by one more run together: nothing that is
 * told meanwhile is missed, and no two runs overlap. Resolves when a run has ended during which
 * nobody called, so under steady calls late; rejects when a run fails, and the next call begins anew.
 */
export function coalesced(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let isTold = false;

  async function runWhileTold(): Promise<void> {
    try {
      while (isTold) {
        isTold = false;
        await run();
      }
    } finally {
      // Here and not when the promise settles: who calls in between would wait for a run that is over.
      running = undefined;
    }
  }

  return () => {
    isTold = true;
    return (running ??= runWhileTold());
  };
}
