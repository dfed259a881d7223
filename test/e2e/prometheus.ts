import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { freePort } from '../../dev/ports';
import { waitFor } from '../../dev/wait';

const RULES = path.join(__dirname, '..', '..', 'ops', 'prometheus', 'alerts.yml');
const START_MS = 30_000;

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly annotations: { readonly runbook: string };
}

interface RuleFile {
  readonly groups: { readonly name: string; readonly rules: Rule[] }[];
}

/** The alerts as they are shipped. */
export function shippedRules(): Rule[] {
  return (parse(readFileSync(RULES, 'utf8')) as RuleFile).groups.flatMap(({ rules }) => rules);
}

/** The same alerts in a hurry: what takes minutes in real life takes seconds here. */
function hurried(rule: Rule): Rule {
  const expr = rule.expr.replaceAll('[5m]', '[10s]').replace(/(_seconds\)) > \d+/g, '$1 > 3');
  return { ...rule, for: '1s', expr };
}

/** A real Prometheus with our alerts, looking at these processes each second. */
export class Prometheus {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {}

  static async start(
    command: string,
    folder: string,
    targets: Readonly<Record<string, string>>,
  ): Promise<Prometheus> {
    mkdirSync(folder, { recursive: true });
    const rules = shippedRules().map(hurried);
    writeFileSync(path.join(folder, 'alerts.yml'), stringify({ groups: [{ name: 'all', rules }] }));
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['alerts.yml'],
      scrape_configs: Object.entries(targets).map(([job_name, target]) => ({
        job_name,
        static_configs: [{ targets: [target] }],
      })),
    };
    const file = path.join(folder, 'prometheus.yml');
    writeFileSync(file, stringify(config));
    const address = `127.0.0.1:${await freePort()}`;
    const data = `--storage.tsdb.path=${path.join(folder, 'data')}`;
    const args = [`--config.file=${file}`, data, `--web.listen-address=${address}`];
    const child = spawn(command, args, { stdio: 'ignore' });
    const prometheus = new Prometheus(child, `http://${address}`);
    await waitFor('Prometheus', START_MS, async () =>
      (await fetch(`${prometheus.url}/-/ready`)).ok ? true : undefined,
    );
    return prometheus;
  }

  /** The names of the alerts that fire now. */
  async firing(): Promise<string[]> {
    const answer = await fetch(`${this.url}/api/v1/alerts`);
    const { data } = (await answer.json()) as {
      data: { alerts: { labels: { alertname: string }; state: string }[] };
    };
    const firing = data.alerts.filter(({ state }) => state === 'firing');
    return [...new Set(firing.map(({ labels }) => labels.alertname))];
  }

  /** The value of an expression, or undefined when it has none. */
  async value(expression: string): Promise<number | undefined> {
    const query = encodeURIComponent(expression);
    const answer = await fetch(`${this.url}/api/v1/query?query=${query}`);
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    const [first] = data.result;
    return first && Number(first.value[1]);
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}
