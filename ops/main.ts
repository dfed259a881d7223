import { withApi, type ApiTools } from './api-tools';
import { ACCESS_COMMANDS, withAccess, type AccessTools } from './first-key';
import { runAudited } from './audited';
import { BadCall, type Answer, type Areas, type Called } from './command';
import { parseCall, runCall, type Parsed } from './command-line';
import { KEY_COMMANDS } from './keys';
import { ORDER_COMMANDS } from './orders';
import { OPERATOR_AREAS } from './operator-commands';
import { withOperatorTools, type OperatorTools } from './operator-tools';
import { PRODUCT_COMMANDS } from './products';
import { loadSettingsFile, messageOf } from './tools';

/** What any client of the API may do, with its key. */
const API_AREAS: Areas<ApiTools> = {
  orders: ORDER_COMMANDS,
  products: PRODUCT_COMMANDS,
  keys: KEY_COMMANDS,
};

/** What needs the database itself. */
const ACCESS_AREAS: Areas<AccessTools> = { access: ACCESS_COMMANDS };

const EVERYTHING: Areas<ApiTools & AccessTools & OperatorTools> = {
  ...API_AREAS,
  ...ACCESS_AREAS,
  // What needs the servers themselves.
  ...OPERATOR_AREAS,
};

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
