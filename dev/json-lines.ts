import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A file to which records are appended, one JSON line each; it survives the end of its process. */
export class JsonLines<T> {
  constructor(private readonly file: string) {
    mkdirSync(path.dirname(file), { recursive: true });
    // A line that was torn by a kill is ended, so that the next record does not join it.
    if (existsSync(file) && !readFileSync(file, 'utf8').endsWith('\n')) appendFileSync(file, '\n');
  }

  /** Every whole record, in the order in which they came; a torn line is left out. */
  read(): T[] {
    if (!existsSync(this.file)) return [];
    return readFileSync(this.file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .flatMap(parseLine<T>);
  }

  append(record: T): void {
    appendFileSync(this.file, `${JSON.stringify(record)}\n`);
  }
}

function parseLine<T>(line: string): T[] {
  try {
    return [JSON.parse(line) as T];
  } catch {
    return [];
  }
}
