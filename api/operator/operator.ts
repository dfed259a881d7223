import type { Overview, Series } from './overview-resource';
import type { Xray } from './xray-resource';

/** A command of an operator, as `npm run ops` has it. */
export interface CommandRequest {
  /** Area and name, such as `dead-letters redrive`. */
  readonly command: string;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | string[]>>;
  readonly by: string;
}

/** What came of a command. */
export type CommandResult =
  | {
      readonly kind: 'answer';
      readonly lines: readonly string[];
      readonly data: unknown;
      readonly isFailure: boolean;
    }
  /** There is no such command, or not with these words and options. */
  | { readonly kind: 'bad-call'; readonly message: string }
  /** It cannot be done; nothing has changed. */
  | { readonly kind: 'refused'; readonly message: string }
  /** What it needs is away; whether it was done is not known. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** What the API lets operators do: a port, because it reaches into both sides. */
export interface Operator {
  readonly overview: () => Promise<Overview>;
  readonly series: () => Promise<Series>;
  readonly xray: (orderId: string) => Promise<Xray | undefined>;
  readonly run: (request: CommandRequest) => Promise<CommandResult>;
}

/** What the control room is told of the system that it is in. */
export interface RoomSettings {
  readonly temporalUi: string | undefined;
  /** Where things can be broken and mails be read; in development alone. */
  readonly development: string | undefined;
}
