import type { AnyEventContract } from '../../events/envelope';
import { schemaOf, type JsonSchema } from '../../api/contract/event-schemas';

/** The events for people, in Markdown. */
export function pageOf(contracts: readonly AnyEventContract[]): string {
  return [
    '# Events',
    '',
    'Made by `npm run events:publish` from `events/`: change it there. For programs:',
    '[asyncapi.json](events/asyncapi.json) (AsyncAPI 3), and a JSON Schema for each event beside it.',
    '',
    'Every event is CloudEvents 1.0 in JSON. `id` is the same however often it is published, `subject` and',
    '`partitionkey` are the order, `sequence` counts its events. Read what you know and ignore the rest: a version',
    'may gain optional fields, and changes in nothing else; `npm run events:check` refuses what would break you.',
    ...contracts.flatMap(sectionOf),
    '',
  ].join('\n');
}

function sectionOf(contract: AnyEventContract): string[] {
  const { type, name } = contract;
  const data = schemaOf(contract).properties!['data']!;
  return [
    '',
    `## ${name}`,
    '',
    `\`${type}\` ([schema](events/${type}.schema.json))`,
    '',
    '| field of `data` | type | always there |',
    '| --- | --- | --- |',
    ...rows(data, ''),
  ];
}

function rows({ properties = {}, required = [] }: JsonSchema, at: string): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => [
    `| \`${at}${name}\` | ${schema.type ?? 'any'} | ${required.includes(name) ? 'yes' : 'no'} |`,
    ...rows(schema.items ?? {}, `${at}${name}[].`),
  ]);
}
