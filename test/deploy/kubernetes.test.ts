import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../../dev/copied-tree';
import { scratchFolder } from '../../dev/scratch-folder';
import { findCommand } from '../../dev/servers/find-command';
import { PARTITIONS, streamKey } from '../../events/streams';
import { settings } from '../../platform/settings';
import { loadConsumers } from '../../workers/consumer-registry';

const FOLDER = path.join(ROOT, 'deploy', 'kubernetes');

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: Spec;
}

interface Spec {
  readonly template?: { readonly spec: { readonly containers: readonly Container[] } };
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly scaleTargetRef?: { readonly name: string };
  readonly triggers?: readonly {
    readonly type: string;
    readonly metadata: Readonly<Record<string, string>>;
  }[];
}

interface Container {
  readonly image: string;
  readonly envFrom: unknown;
  readonly command: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly ports?: readonly { readonly name: string }[];
  readonly readinessProbe?: { readonly httpGet: { readonly port: string } };
  readonly livenessProbe?: unknown;
  readonly resources?: { readonly limits?: unknown; readonly requests?: unknown };
}

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.yaml'),
);
const manifests = files
  // The others are for kustomize: lists of files, and patches.
  .filter((file) => !/kustomization|temporal-cloud|notification-lag/.test(file))
  .flatMap(manifestsIn);
const deployments = manifests.filter(({ kind }) => kind === 'Deployment');

const allGroups = loadConsumers()
  .map(({ group }) => group)
  .sort();

function manifestsIn(file: string): Manifest[] {
  const text = readFileSync(path.join(FOLDER, file), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

/** The package that has the schema of a kind. */
function moduleOf({ apiVersion }: Pick<Manifest, 'apiVersion'>): string {
  if (apiVersion.startsWith('keda.sh/')) return `@kubernetes-models/keda/${apiVersion}`;
  return `kubernetes-models/${apiVersion}`;
}

/** What the schema of its kind says against the values of a manifest. */
function wrongIn(manifest: Manifest): string[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the kind is not known before
  const kinds = require(moduleOf(manifest)) as Record<
    string,
    new (data: object) => { validate(): void }
  >;
  try {
    new kinds[manifest.kind]!(manifest).validate();
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** A field that no type knows is refused by the compiler, as the API server does with strict validation. */
function misspeltIn(some: readonly Manifest[]): string[] {
  const code = some.map((manifest, i) => {
    const type = `I${manifest.kind}`;
    return `import type { ${type} as T${i} } from '${moduleOf(manifest)}';
export const m${i}: T${i} = ${JSON.stringify(manifest)};`;
  });
  const file = path.join(ROOT, 'manifests.generated.ts');
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: [] },
    ...{ module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  };
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile.bind(host);
  const fileExists = host.fileExists.bind(host);
  const getSourceFile = host.getSourceFile.bind(host);
  host.readFile = (name) => (name === file ? code.join('\n') : readFile(name));
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, version) =>
    name === file
      ? ts.createSourceFile(name, code.join('\n'), version)
      : getSourceFile(name, version);
  const program = ts.createProgram([file], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test('there are manifests for every process, with budgets and policies', () => {
  expect(deployments.map(({ metadata }) => metadata.name)).toEqual(
    expect.arrayContaining(['api', 'saga-worker', 'consumer-worker', 'notification-worker']),
  );
  const kinds = manifests.map(({ kind }) => kind);
  expect(kinds).toEqual(
    expect.arrayContaining(['PodDisruptionBudget', 'NetworkPolicy', 'ScaledObject', 'Ingress']),
  );
});

test.each(manifests.map((one) => [`${one.kind} ${one.metadata.name}`, one] as const))(
  '%s is what the schema of its kind allows',
  (_, manifest) => {
    expect(wrongIn(manifest)).toEqual([]);
  },
);

test('no manifest has a field that its kind does not know', () => {
  expect(misspeltIn(manifests)).toEqual([]);
});

test('a misspelt field and a wrong value are found', () => {
  const [api] = deployments;
  const misspelt = { ...api!, spec: { ...api!.spec, replica: 2 } } as Manifest;
  expect(misspeltIn([misspelt]).join()).toContain('replica');
  const wrong = { ...api!, spec: { ...api!.spec, replicas: 'two' } } as Manifest;
  expect(wrongIn(wrong).join()).toContain('replicas');
});

test.each(deployments.map((one) => [one.metadata.name, one] as const))(
  '%s runs what the build makes, has probes on ports that it has, and limits',
  (_, { spec }) => {
    const [container] = spec!.template!.spec.containers;
    const program = container!.command.at(-1)!;
    const source = program.replace(/^dist\//, '').replace(/\.js$/, '.ts');
    expect(readdirSync(path.join(ROOT, path.dirname(source)))).toContain(path.basename(source));
    expect(container!.ports!.map(({ name }) => name)).toContain(
      container!.readinessProbe!.httpGet.port,
    );
    expect(container!.livenessProbe).toBeDefined();
    expect(container!.resources).toEqual({
      requests: expect.anything() as unknown,
      limits: expect.anything() as unknown,
    });
  },
);

test('every consumer group runs somewhere, and each in one Deployment', () => {
  const named = deployments.flatMap(({ spec }) =>
    (spec!.template!.spec.containers[0]!.env ?? [])
      .filter(({ name }) => name === 'CONSUMER_GROUPS')
      .flatMap(({ value }) => value.split(',')),
  );
  expect(named.sort()).toEqual(allGroups);
});

test('what is scaled is there, by groups, streams and metrics that there are', () => {
  const scaled = manifests.filter(({ kind }) => kind === 'ScaledObject');
  const names = deployments.map(({ metadata }) => metadata.name);
  expect(names).toEqual(
    expect.arrayContaining(scaled.map(({ spec }) => spec!.scaleTargetRef!.name)),
  );
  const triggers = scaled.flatMap(({ spec }) => spec!.triggers!);
  const ofType = (type: string) => triggers.filter((one) => one.type === type);
  expect(ofType('redis-streams').map(({ metadata }) => metadata['stream'])).toEqual(
    PARTITIONS.map(streamKey),
  );
  const metric = /^tandem_consumer_lag_entries\{group="(\w+)"\}$/;
  const groups = ofType('metrics-api').map(
    ({ metadata }) => metric.exec(metadata['valueLocation']!)?.[1],
  );
  expect([...groups, 'notification'].sort()).toEqual(allGroups);
  expect(ofType('temporal').map(({ metadata }) => metadata['taskQueue'])).toEqual([
    z.object({ queue: settings.TEMPORAL_TASK_QUEUE }).parse({}).queue,
  ]);
});

test('production is given every setting without which a process does not start, and none that is unknown', () => {
  const schemas = [z.object(settings), ...loadConsumers().map((consumer) => consumer.settings)];
  const known = schemas.flatMap((schema) => Object.keys((schema as z.ZodObject).shape));
  const needed = schemas.flatMap((schema) => {
    const parsed = schema.safeParse({});
    return parsed.success ? [] : parsed.error.issues.map(({ path: [name] }) => String(name));
  });
  const overlay = 'overlays/production';
  const given = [
    'base/settings.env',
    `${overlay}/settings.env`,
    `${overlay}/secrets.env.example`,
  ].flatMap((file) =>
    readFileSync(path.join(FOLDER, file), 'utf8')
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line))
      .map((line) => line.split('=')[0]!),
  );
  expect(given).toEqual(expect.arrayContaining(needed));
  // Temporal's own are read by its SDK.
  const ours = given.filter((name) => !name.startsWith('TEMPORAL_'));
  expect(ours.filter((name) => !known.includes(name))).toEqual([]);
});

const kubectl = findCommand('kubectl');
(kubectl ? test : test.skip)(
  'kustomize builds the overlay of production (skipped where there is no kubectl)',
  () => {
    const folder = scratchFolder('tandem-kustomize-');
    try {
      cpSync(FOLDER, folder.path, { recursive: true });
      const overlay = path.join(folder.path, 'overlays', 'production');
      cpSync(path.join(overlay, 'secrets.env.example'), path.join(overlay, 'secrets.env'));
      const built = execFileSync(kubectl!, ['kustomize', overlay], { encoding: 'utf8' });
      const all = parseAllDocuments(built).map((document) => document.toJS() as Manifest);
      const workers = all.filter(({ kind }) => kind === 'Deployment');
      expect(workers).toHaveLength(deployments.length);
      const generated = all.filter(({ kind }) => ['ConfigMap', 'Secret'].includes(kind));
      for (const { metadata, spec } of workers) {
        const [container] = spec!.template!.spec.containers;
        expect(container!.image).toBe('registry.shop.example/tandem:0.1.0');
        // Who scales says how many; nobody scales the API here.
        expect('replicas' in spec!).toBe(metadata.name === 'api');
        for (const one of generated) {
          expect(JSON.stringify(container!.envFrom)).toContain(one.metadata.name);
        }
      }
      const scaled = JSON.stringify(all.filter(({ kind }) => kind === 'ScaledObject'));
      expect(scaled).toContain('tmprl.cloud:7233');
      expect(scaled).not.toContain('redis-streams');
    } finally {
      folder.remove();
    }
  },
);
