import { z } from 'zod';
import { settings } from './settings';

type Settings = typeof settings;

/** How zod says that something is not there. */
const MISSING = /Invalid input: expected \w+, received undefined/g;

/** The parsed values of some settings, frozen. */
export type Config<Name extends keyof Settings> = Readonly<{
  [Key in Name]: z.infer<Settings[Key]>;
}>;

/** Thrown with every problem of the configuration at once, each with the name of its setting. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Reads the named settings from the environment (and a `.env` file beside package.json, if any).
 * Says what is wrong with them and ends the process where they cannot be used.
 */
export function loadConfig<Name extends keyof Settings>(...names: Name[]): Config<Name> {
  const shape = Object.fromEntries(names.map((name) => [name, settings[name]]));
  try {
    return parseSettings(z.object(shape), readEnvironment()) as Config<Name>;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

/** The environment without empty values, once every setting in it that we know has been checked. */
export function checkedEnvironment(): NodeJS.ProcessEnv {
  const environment = readEnvironment();
  givenSettings();
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

/** Every setting that we know and that is given, parsed. */
export function givenSettings(): Partial<Config<keyof Settings>> {
  return parseSettings(z.object(settings).partial(), readEnvironment());
}

/** Reads settings that a part of the program declares itself, such as a consumer. */
export function loadSettings<Schema extends z.ZodType>(schema: Schema): z.infer<Schema> {
  return parseSettings(schema, readEnvironment());
}

/** Parses an environment; an empty value counts as unset. Throws {@link ConfigurationError}. */
export function parseSettings<Schema extends z.ZodType>(
  schema: Schema,
  environment: NodeJS.ProcessEnv,
): z.infer<Schema> {
  const given = Object.entries(environment).filter(([, value]) => value !== '');
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return Object.freeze(parsed.data) as z.infer<Schema>;
  const problems = z.prettifyError(parsed.error).replace(MISSING, 'is needed');
  throw new ConfigurationError(`bad configuration\n${problems}`);
}

/** The environment of this process; the rest of the program does not read it. */
export function readEnvironment(): NodeJS.ProcessEnv {
  try {
    process.loadEnvFile();
  } catch {
    // There is no .env file, and none is needed.
  }
  return process.env;
}
