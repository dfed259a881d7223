import type { Logger as TemporalLogger } from '@temporalio/common';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { redacted } from './redact';

export type { Logger } from 'pino';

/** Where in a log record a secret or personal data could stand if somebody logged it whole. */
const SECRET_PATHS = ['*.password', '*.authorization', '*.email', '*.paymentMethod', '*.secret'];

/** One JSON line a decision, on standard output; without secrets and personal data. */
export function createLogger(
  processName: string,
  level: string,
  output: DestinationStream = standardOutput(),
): Logger {
  const options: LoggerOptions = {
    name: processName,
    level,
    base: { process: processName, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_PATHS, censor: '[redacted]' },
    serializers: { err: errorFacts, error: errorFacts },
    // The last word, for what stands in texts that are not ours.
    hooks: { streamWrite: redacted },
  };
  return pino(options, output);
}

function standardOutput(): DestinationStream {
  const output = pino.destination({ fd: process.stdout.fd, sync: true });
  // Whoever read our log may be gone: that must keep no process from stopping.
  output.on('error', () => undefined);
  return output;
}

/** Errors of drivers carry rows, parameters and whole requests: of them only this is logged. */
function errorFacts(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, constraint, table, status } = error as Error & Record<string, unknown>;
  return {
    ...{ type: error.name, message: error.message, stack: error.stack },
    ...{ code, constraint, table, status },
    ...(error.cause === undefined ? {} : { cause: errorFacts(error.cause) }),
  };
}

/** The same log for what Temporal's SDK has to say. */
export function temporalLogger(logger: Logger): TemporalLogger {
  const write = (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') => {
    return (message: string, meta?: object) => logger[level]({ ...meta }, message);
  };
  return {
    log: (level, message, meta) => write(level.toLowerCase() as 'info')(message, meta),
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
}
