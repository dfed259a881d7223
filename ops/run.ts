import type { Answer, Called } from './command';
import type { Parsed } from './command-line';

/** Runs what was typed, and prints what it answers or the help that was asked for. */
export async function run<Tools>(
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
