import { connect, type Socket } from 'node:net';

/** What a server sent on a connection, and after how long it ended it. */
export interface RawAnswer {
  readonly text: string;
  readonly afterMs: number;
}

/** A connection on which anything may be sent, at any pace. */
export function openRaw(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname);
}

/** Resolves with what came when the server has closed the connection. */
export function untilClosed(socket: Socket): Promise<RawAnswer> {
  const startedAt = performance.now();
  let text = '';
  return new Promise((resolve) => {
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ text, afterMs: performance.now() - startedAt }));
  });
}
