import { withApi, type ApiTools } from './api-tools';
import { ACCESS_COMMANDS, withAccess, type AccessTools } from './first-key';
import { BadCall, parseCall, runCall, type Answer, type Areas, type Parsed } from './command';
import { CONSUMER_COMMANDS } from './consumers';
import { DEAD_LETTER_COMMANDS } from './dead-letters';
import { withGroups, type GroupTools } from './group-tools';
import { KEY_COMMANDS } from './keys';
import { ORDER_COMMANDS } from './orders';
import { PRODUCT_COMMANDS } from './products';
import { REPLAY_COMMANDS } from './replays';
import { SHIPMENT_COMMANDS } from './shipments';
import { loadSettingsFile, messageOf } from './tools';

/** What any client of the API may do, with its key. */
const API_AREAS: Areas<ApiTools> = {
  orders: ORDER_COMMANDS,
  products: PRODUCT_COMMANDS,
  keys: KEY_COMMANDS,
};

/** What needs the database itself. */
const ACCESS_AREAS: Areas<AccessTools> = { access: ACCESS_COMMANDS };

/** What needs the servers themselves. */
const GROUP_AREAS: Areas<GroupTools> = {
  consumers: CONSUMER_COMMANDS,
  'dead-letters': DEAD_LETTER_COMMANDS,
  replay: REPLAY_COMMANDS,
  shipments: SHIPMENT_COMMANDS,
};

const EVERYTHING: Areas<ApiTools & AccessTools & GroupTools> = {
  ...API_AREAS,
  ...ACCESS_AREAS,
  ...GROUP_AREAS,
};

void main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  try {
    const area = args[0] ?? '';
    if (Object.hasOwn(API_AREAS, area)) await run(parseCall(API_AREAS, args), callApi);
    else if (Object.hasOwn(GROUP_AREAS, area)) await run(parseCall(GROUP_AREAS, args), callGroups);
    else if (Object.hasOwn(ACCESS_AREAS, area))
      await run(parseCall(ACCESS_AREAS, args), callAccess);
    else await run(parseCall(EVERYTHING, args), callNothing);
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = error instanceof BadCall ? 2 : 1;
  }
}

type Called<Tools> = Exclude<Parsed<Tools>, { help: string }>;

function callApi({ command, call, folder }: Called<ApiTools>): Promise<Answer | undefined> {
  loadSettingsFile(folder, 'TANDEM_API_KEY');
  return withApi((tools) => runCall(tools, command, call));
}

function callGroups({ command, call, folder }: Called<GroupTools>): Promise<Answer | undefined> {
  loadSettingsFile(folder);
  return withGroups((tools) => runCall(tools, command, call));
}

function callAccess({ command, call, folder }: Called<AccessTools>): Promise<Answer | undefined> {
  loadSettingsFile(folder);
  return withAccess((tools) => runCall(tools, command, call));
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
