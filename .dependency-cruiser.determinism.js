/**
 * What the workflows reach when they run, types erased: an `import type` of an activity is fine,
 * its drivers in the workflow's sandbox are not.
 */
module.exports = {
  forbidden: [
    {
      name: 'workflows-never-reach-node-or-a-driver',
      comment: 'Determinism: whatever a workflow reaches runs in its sandbox.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        path: '^(activities|db|api|workers|platform|consumers|dev)/|node_modules/(pg|kysely|redis|stripe|pino|koa)/|^(node:)?(fs|net|crypto|child_process|timers|os|http|https)',
        reachable: true,
      },
    },
  ],
  options: {
    ...require('./.dependency-cruiser.js').options,
    tsPreCompilationDeps: false,
  },
};
