import { randomUUID } from 'node:crypto';
import type { Server, ServerResponse } from 'node:http';
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
  const answers = new WeakMap<Socket, ServerResponse>();
  server.on('request', (request, response) => void answers.set(request.socket, response));
  server.on('checkExpectation', (_, response: ServerResponse) => refuse(response));
  server.on('connect', (_, socket) => socket.end(answerText('method-not-allowed')));

  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const kind = KINDS[error.code ?? ''] ?? 'bad-request';
    logger.info({ code: error.code, kind }, 'no request');
    const mayAnswer = error.code !== 'ECONNRESET' && socket.writable;
    if (!mayAnswer || isAnswered(answers.get(socket))) return void socket.destroy();
    socket.end(answerText(kind), () => socket.destroy());
  });
}

/** Whether what is broken belongs to a request that has an answer, or the beginning of one. */
function isAnswered(response: ServerResponse | undefined): boolean {
  if (!response?.headersSent) return false;
  return !response.writableFinished || !response.req.complete;
}

/** Refuses a request that cannot be read, in the way that everything is refused. */
export function refuse(response: ServerResponse): void {
  const { status, headers, body } = answerOf('bad-request');
  response.writeHead(status, headers).end(body);
}

function answerText(kind: ProblemKind): string {
  const { status, headers, body } = answerOf(kind);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${PROBLEM_KINDS[kind].title}`, ...lines, '', body].join('\r\n');
}

function answerOf(kind: ProblemKind) {
  const requestId = `req_${randomUUID()}`;
  const body = JSON.stringify(new Problem(kind).body(requestId));
  return {
    status: PROBLEM_KINDS[kind].status,
    headers: {
      Connection: 'close',
      'Content-Type': PROBLEM_JSON,
      'Content-Length': String(Buffer.byteLength(body)),
      'Request-Id': requestId,
    },
    body,
  };
}
