import { BadCall, parseCall, runCall, type Areas, type Parsed } from './command';
import { CONSUMER_COMMANDS } from './consumers';
import { DEAD_LETTER_COMMANDS } from './dead-letters';
import { withGroups, type GroupTools } from './group-tools';
import { REPLAY_COMMANDS } from './replays';
import { SHIPMENT_COMMANDS } from './shipments';
import { loadSettingsFile, messageOf } from './tools';

const AREAS: Areas<GroupTools> = {
  consumers: CONSUMER_COMMANDS,
  'dead-letters': DEAD_LETTER_COMMANDS,
  replay: REPLAY_COMMANDS,
  shipments: SHIPMENT_COMMANDS,
};

void main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  try {
    const parsed = parseCall(AREAS, args);
    if ('help' in parsed) console.log(parsed.help);
    else await run(parsed);
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = error instanceof BadCall ? 2 : 1;
  }
}

async function run({
  command,
  call,
  folder,
}: Exclude<Parsed<GroupTools>, { help: string }>): Promise<void> {
  loadSettingsFile(folder);
  const answer = await withGroups((tools) => runCall(tools, command, call));
  if (answer?.isFailure) process.exitCode = 1;
  if (!answer) console.error('nothing was changed');
  else if (call.values['json']) console.log(JSON.stringify(answer.data, null, 2));
  else console.log(answer.lines.join('\n'));
}
