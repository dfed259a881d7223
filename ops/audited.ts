import { beginAudit, endAudit, type AuditedCommand, type AuditOutcome } from '../db/audit';
import type { Database } from '../db/database';
import { Refusal } from '../consumers/admin/refusal';
import { redacted } from '../platform/redact';
import { BadCall, type Answer, type Called } from './command';
import { messageOf } from './tools';

/** Of an answer that is a table the rest says nothing afterwards. */
const MAX_SAID_LINES = 2;

/**
 * Runs a command; one that changes something is on record from before it begins, with who and what,
 * and afterwards with how it ended. Where the record cannot be written nothing is changed.
 * `isAsked`: whether a person is, or would be, asked before it.
 */
export async function runAudited<Tools extends { readonly db: Database }>(
  tools: Tools,
  { name, command, call }: Omit<Called<Tools>, 'folder'>,
  { via, isAsked }: { via: AuditedCommand['via']; isAsked: boolean },
): Promise<Answer> {
  if (!(command.isAudited ?? isAsked)) return command.run(tools, call);
  const { by, words, values } = call;
  const auditId = await beginAudit(tools.db, { by, via, command: name, words, options: values });
  // What was done is done, and is told: a record without an end says that nobody has heard.
  const end = (outcome: AuditOutcome, said: string) =>
    endAudit(tools.db, auditId, { outcome, said: redacted(said) }).catch(() => undefined);
  const answer = await command.run(tools, call).catch(async (error: unknown) => {
    const isRefusal = error instanceof Refusal || error instanceof BadCall;
    await end(isRefusal ? 'refused' : 'failed', messageOf(error));
    throw error;
  });
  await end(answer.isFailure ? 'failed' : 'done', answer.lines.slice(0, MAX_SAID_LINES).join('; '));
  return answer;
}
