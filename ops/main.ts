import { withApi, type ApiTools } from './api-tools';
import { ACCESS_AREAS, API_AREAS, EVERYTHING } from './areas';
import { withAccess, type AccessTools } from './first-key';
import { runAudited } from './audited';
import { BadCall, type Answer, type Called } from './command';
import { parseCall, runCall, type Parsed } from './command-line';
import { withOperatorTools, type OperatorTools } from './operator-tools';
import { OPERATOR_AREAS } from './operator-commands';
import { loadSettingsFile, messageOf } from './tools';

void main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  try {
    const area = args[0] ?? '';
    if (Object.hasOwn(API_AREAS, area)) await run(parseCall(API_AREAS, args), callApi);
    else if (Object.hasOwn(OPERATOR_AREAS, area))
      await run(parseCall(OPERATOR_AREAS, args), callOperator);
    else if (Object.hasOwn(ACCESS_AREAS, area))
      await run(parseCall(ACCESS_AREAS, args), callAccess);
    else await run(parseCall(EVERYTHING, args), callNothing);
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = error instanceof BadCall ? 2 : 1;
  }
}

function callApi(called: Called<ApiTools>): Promise<Answer | undefined> {
  loadSettingsFile(called.folder, 'TANDEM_API_KEY');
  return withApi((tools) => runCall(tools, called));
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

async function run<Tools>(
  parsed: Parsed<Tools>,
  callIt: (called: Called<Tools>) => Promise<Answer | undefined>,
): Promise<void> {
  if ('help' in parsed) return console.log(parsed.help);
  const answer = await callIt(parsed);
  if (answer?.isFailure) process.exitCode = 1;
  if (!answer) console.error('nothing was changed');
  else if (parsed.call.values['json']) console.log(JSON.stringify(answer.data, null, 2));
  else console.log(answer.lines.join('\n'));
}
