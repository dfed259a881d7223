import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { Problem, PROBLEM_JSON } from './problem';
import { PROBLEM_KINDS, type ProblemKind } from './problem-kinds';

const KINDS: Readonly<Record<string, ProblemKind>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'header-too-large',
};

/** What never became a request is answered with a problem as well, where anybody still listens. */
export function answerBrokenRequests(server: Server, logger: Logger): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const kind = KINDS[error.code ?? ''] ?? 'bad-request';
    logger.info({ code: error.code, kind }, 'no request');
    socket.end(answerText(kind), () => socket.destroy());
  });
}

function answerText(kind: ProblemKind): string {
  const requestId = `req_${randomUUID()}`;
  const { status, title } = PROBLEM_KINDS[kind];
  const body = JSON.stringify(new Problem(kind).body(requestId));
  return [
    `HTTP/1.1 ${status} ${title}`,
    'Connection: close',
    `Content-Type: ${PROBLEM_JSON}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `Request-Id: ${requestId}`,
    '',
    body,
  ].join('\r\n');
}
