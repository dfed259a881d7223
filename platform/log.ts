import type { Logger as TemporalLogger } from '@temporalio/common';
import { pino, type Logger, type LoggerOptions } from 'pino';

export type { Logger } from 'pino';

/** Where in a log record a secret or personal data could stand if somebody logged it whole. */
const SECRET_PATHS = ['*.password', '*.authorization', '*.email', '*.paymentMethod', '*.secret'];

/** One JSON line a decision, on standard output. */
export function createLogger(processName: string, level: string): Logger {
  const output = pino.destination({ fd: process.stdout.fd, sync: true });
  // Whoever read our log may be gone: that must keep no process from stopping.
  output.on('error', () => undefined);
  const options: LoggerOptions = {
    name: processName,
    level,
    base: { process: processName, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_PATHS, censor: '[redacted]' },
  };
  return pino(options, output);
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
