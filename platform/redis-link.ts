/** How to reach Redis. */
export interface RedisOptions {
  readonly url: string;
  readonly name: string;
  /**
   * `commands` for a shared, pipelined connection; calls fail at once while Redis is away.
   * `blocking` for a connection of its own whose reads block up to 2 s.
   */
  readonly use: 'commands' | 'blocking';
  /**
   * Whether it is over when its connection is lost, and all calls fail from then on, so that no reply
   * is lost unnoticed; otherwise it connects again by itself.
   */
  readonly endsWithConnection?: boolean;
  /** Told of lost connections. */
  readonly onError: (error: Error) => void;
}

/** The servers behind REDIS_URL as one: a server, a master that Sentinels name, or a cluster. */
export interface RedisLink {
  /** Resolves when it can be used. Goes on connecting until it is closed, or fails: see {@link RedisOptions}. */
  connect(): Promise<unknown>;
  close(): void;
  /** Sends a command to the server that has this key; the reply has RESP2's shape. */
  send(key: string, args: readonly string[]): Promise<unknown>;
  /** Sends it to each server that takes writes. */
  sendToAll(args: readonly string[]): Promise<unknown[]>;
  onReady(listener: () => void): void;
  /** Whether one command may name keys of all partitions. */
  readonly isOneServer: boolean;
}
