/**
 * A connection on which reads may block. Once it is lost all that it is sent fails: what was on its
 * way is not sent again unnoticed.
 */
export interface StreamReader {
  send(stream: string, args: readonly string[]): Promise<unknown>;
  close(): void;
}

/** The streams' server, or the servers that share them; replies in RESP2's shapes. */
export interface Broker {
  /** Sends a command about this stream to the server that has it. */
  send(stream: string, args: readonly string[]): Promise<unknown>;
  /** Streams that one read may name together: all, or each alone where they have several servers. */
  readTogether(streams: readonly string[]): readonly (readonly string[])[];
  openReader(): Promise<StreamReader>;
}
