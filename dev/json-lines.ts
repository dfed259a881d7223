import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A file to which records are appended, one JSON line each; it survives the end of its process. */
export class JsonLines<T> {
  constructor(private readonly file: string) {
    mkdirSync(path.dirname(file), { recursive: true });
  }

  /** Every whole record, in the order in which they came; a torn last line is left out. */
  read(): T[] {
    if (!existsSync(this.file)) return [];
    const lines = readFileSync(this.file, 'utf8').split('\n').slice(0, -1);
    return lines.filter(Boolean).map((line) => JSON.parse(line) as T);
  }

  append(record: T): void {
    appendFileSync(this.file, `${JSON.stringify(record)}\n`);
  }
}
