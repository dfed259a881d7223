import { API_AREAS } from './api-areas';
import type { ApiTools } from './api-tools';
import { runAudited } from './audited';
import type { Answer, Areas, Called } from './command';
import { parseCall, runCall } from './command-line';
import { ACCESS_COMMANDS, withAccess, type AccessTools } from './first-key';
import { OPERATOR_AREAS } from './operator-commands';
import { withOperatorTools, type OperatorTools } from './operator-tools';
import { run } from './run';
import { loadSettingsFile } from './tools';

/** What needs the database itself. */
const ACCESS_AREAS: Areas<AccessTools> = { access: ACCESS_COMMANDS };

/** All areas of `npm run ops`. */
export const EVERYTHING: Areas<ApiTools & AccessTools & OperatorTools> = {
  ...API_AREAS,
  ...ACCESS_AREAS,
  // What needs the servers themselves.
  ...OPERATOR_AREAS,
};

/** Runs a command that is not about the API, or says what there is. Throws `BadCall`. */
export async function runOther(args: readonly string[]): Promise<void> {
  const area = args[0] ?? '';
  if (Object.hasOwn(OPERATOR_AREAS, area)) await run(parseCall(OPERATOR_AREAS, args), callOperator);
  else if (Object.hasOwn(ACCESS_AREAS, area)) await run(parseCall(ACCESS_AREAS, args), callAccess);
  else await run(parseCall(EVERYTHING, args), callNothing);
}

function callOperator(called: Called<OperatorTools>): Promise<Answer | undefined> {
  loadSettingsFile(called.folder);
  return withOperatorTools((tools) =>
    runCall(tools, called, (given, one, isAsked) =>
      runAudited(given, one, { via: 'cli', isAsked }),
    ),
  );
}

function callAccess(called: Called<AccessTools>): Promise<Answer | undefined> {
  loadSettingsFile(called.folder);
  return withAccess((tools) => runCall(tools, called));
}

/** An area that there is not is refused while it is parsed. */
function callNothing(): Promise<undefined> {
  return Promise.resolve(undefined);
}
