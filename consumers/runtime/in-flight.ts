import { compareIds, idBefore } from './entry-id';

/** The entries of one partition that were read and are not settled. */
export class InFlight {
  readonly #bytes = new Map<string, number>();
  #totalBytes = 0;
  #lastId: string;

  /** Everything up to `position` is settled. */
  constructor(position: string) {
    this.#lastId = position;
  }

  get count(): number {
    return this.#bytes.size;
  }

  get bytes(): number {
    return this.#totalBytes;
  }

  has(entryId: string): boolean {
    return this.#bytes.has(entryId);
  }

  add(entryId: string, bytes: number): void {
    this.#bytes.set(entryId, bytes);
    this.#totalBytes += bytes;
    if (compareIds(entryId, this.#lastId) > 0) this.#lastId = entryId;
  }

  remove(entryId: string): void {
    this.#totalBytes -= this.#bytes.get(entryId) ?? 0;
    this.#bytes.delete(entryId);
  }

  /** Every entry up to this one is settled, provided that none was given to us unheard of. */
  position(): string {
    let first: string | undefined;
    for (const id of this.#bytes.keys()) {
      if (first === undefined || compareIds(id, first) < 0) first = id;
    }
    return first === undefined ? this.#lastId : idBefore(first);
  }

  /** The stream begins anew, with lower ids. */
  restart(position: string): void {
    this.#lastId = position;
  }
}
