import { API_AREAS } from './api-areas';
import { withApi, type ApiTools } from './api-tools';
import { BadCall, type Answer, type Called } from './command';
import { parseCall, runCall } from './command-line';
import type * as OtherAreas from './other-areas';
import { run } from './run';
import { loadSettingsFile, messageOf } from './tools';

void main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  try {
    if (Object.hasOwn(API_AREAS, args[0] ?? '')) await run(parseCall(API_AREAS, args), callApi);
    else await runOther(args);
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = error instanceof BadCall ? 2 : 1;
  }
}

/** Loaded only where needed: the clients of all servers take longer than the API to answer. */
function runOther(args: readonly string[]): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would need a built file
  const areas = require('./other-areas') as typeof OtherAreas;
  return areas.runOther(args);
}

function callApi(called: Called<ApiTools>): Promise<Answer | undefined> {
  loadSettingsFile(called.folder, 'TANDEM_API_KEY');
  return withApi((tools) => runCall(tools, called));
}
