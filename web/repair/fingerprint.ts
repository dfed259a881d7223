/** Dead letters that died of the same. */
export interface Fingerprint {
  readonly group: string;
  readonly fingerprint: string;
  readonly errorClass: string;
  readonly error: string;
  readonly count: number;
  readonly eventTypes: (string | null)[];
  readonly firstDiedAt: string;
  readonly lastDiedAt: string;
}
