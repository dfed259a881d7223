import { parseArgs } from 'node:util';

/** What a run came to. */
export interface SoakResult {
  readonly figures: Readonly<Record<string, unknown>>;
  readonly violations: string[];
}

/** A soak as a command: what it counts, and how it is run. */
export interface SoakCommand {
  readonly usage: string;
  /** The option that says how many: its name, and what it may be. */
  readonly count: {
    readonly option: string;
    readonly usual: number;
    readonly min: number;
    readonly max: number;
  };
  readonly run: (wanted: { count: number; seed: number }) => Promise<SoakResult>;
}

/** Runs the soak as its arguments say, prints what it came to, and fails on a violation. */
export function runSoakCommand(command: SoakCommand): void {
  main(command).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}

async function main({ usage, count, run }: SoakCommand): Promise<void> {
  const { values } = parseArgs({
    options: {
      [count.option]: { type: 'string', default: String(count.usual) },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values['help']) return console.log(usage);
  const [wanted, seed] = [Number(values[count.option]), Number(values['seed'])];
  const { min, max, option } = count;
  if (!Number.isInteger(wanted) || wanted < min || wanted > max || !Number.isInteger(seed)) {
    throw new Error(`--${option} takes ${min} to ${max}, --seed a whole number\n\n${usage}`);
  }
  const { figures, violations } = await run({ count: wanted, seed });
  for (const [name, figure] of Object.entries(figures)) {
    console.log(`${name.padEnd(40)} ${JSON.stringify(figure)}`);
  }
  for (const violation of violations) console.log(`✘ ${violation}`);
  console.log(`${violations.length} violations, seed ${seed}`);
  if (violations.length > 0) process.exitCode = 1;
}
