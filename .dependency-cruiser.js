/**
 * Who may import whom. Each rule names what a folder may use of ours; everything
 * else of ours is a violation. test/guards/layering.test.ts plants a violation of each.
 */
const OURS =
  '^(events|domain|workflows|activities|consumers|db|api|workers|platform|dev|ops|bench|chaos|contrast|test|web)/';

/** A rule: files under `from` import nothing of ours but what `allowed` matches. */
function only(name, from, allowed, options = {}) {
  return {
    name,
    severity: 'error',
    from: { path: from, ...(options.fromNot ? { pathNot: options.fromNot } : {}) },
    to: { path: OURS, pathNot: allowed },
  };
}

module.exports = {
  forbidden: [
    only('events-import-nothing', '^events/', '^events/'),
    only('domain-imports-event-types', '^domain/', '^(domain|events)/'),
    {
      name: 'domain-imports-events-as-types-only',
      severity: 'error',
      from: { path: '^domain/' },
      to: { path: '^events/', dependencyTypesNot: ['type-only'] },
    },
    only('workflows-import', '^workflows/', '^(workflows|domain|events|activities)/'),
    {
      name: 'workflows-import-activities-and-events-as-types-only',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^(activities|events)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-import-only-temporal-from-outside',
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        pathNot: [
          '^(workflows|domain|events|activities)/',
          'node_modules/@temporalio/(workflow|common)/',
        ],
      },
    },
    only('activities-import', '^activities/', '^(activities|domain|events|db)/'),
    only('runtime-imports', '^consumers/runtime/', [
      '^consumers/runtime/',
      '^events/(envelope|canonical-json)\\.ts$',
      '^db/consumers/',
    ]),
    only('consumers-import', '^consumers/', '^(consumers|domain|events|db)/', {
      fromNot: '^consumers/runtime/',
    }),
    {
      name: 'a-consumer-knows-no-other',
      severity: 'error',
      from: { path: '^consumers/([^/]+)\\.ts$' },
      to: { path: '^consumers/[^/]+\\.ts$', pathNot: '^consumers/$1\\.ts$' },
    },
    only('db-imports', '^db/', '^(db|events|domain)/'),
    only('api-imports', '^api/', '^(api|events|domain|db|workflows)/', {
      fromNot: '^api/server\\.ts$',
    }),
    {
      name: 'api-imports-workflows-as-types-only',
      severity: 'error',
      from: { path: '^api/', pathNot: '^api/server\\.ts$' },
      to: {
        path: '^workflows/',
        pathNot: '^workflows/messages\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    only('platform-imports-nothing', '^platform/', '^platform/'),
    only('web-imports-the-client-types', '^web/', ['^web/', '^api/client/schema\\.ts$']),
    {
      name: 'web-imports-the-client-types-only',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^api/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing-imports-the-page',
      severity: 'error',
      from: { path: OURS, pathNot: '^web/' },
      to: { path: '^web/' },
    },
    {
      name: 'nothing-imports-a-composition-root',
      severity: 'error',
      from: { path: OURS },
      to: { path: '^(api/server|workers/(saga-worker|consumer-worker|migrate))\\.ts$' },
    },
    {
      name: 'product-imports-no-tools-of-development',
      severity: 'error',
      from: {
        path: '^(events|domain|workflows|activities|consumers|db|api|workers|platform|ops)/',
      },
      to: { path: '^(dev|test|bench|chaos|contrast)/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: OURS },
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js'] },
  },
};
