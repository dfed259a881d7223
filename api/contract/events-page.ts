import type { AnyEventContract } from '../../events/envelope';
import { schemaOf, type JsonSchema } from './event-schemas';

/** The events for people, as a page that needs nothing else. */
export function eventsPage(contracts: readonly AnyEventContract[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tandem: the events</title>
<style>
  body { font: 1rem/1.6 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
  :root { color-scheme: light dark; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid #8886; }
  code { overflow-wrap: anywhere; }
</style>
<h1>Events</h1>
<p>Facts about orders, in Redis Streams. Each is CloudEvents 1.0 in JSON; <code>id</code> is the same however
often it is published, <code>subject</code> is the order, <code>sequence</code> counts its events. Read what you
know and ignore the rest: a version may gain optional fields, and changes in nothing else. For programs:
<a href="/asyncapi.json">AsyncAPI 3</a>.</p>
${contracts.map(section).join('\n')}
</html>
`;
}

function section(contract: AnyEventContract): string {
  const data = schemaOf(contract).properties!['data']!;
  return `<h2 id="${contract.name}">${contract.name}</h2>
<p><code>${contract.type}</code></p>
<table>
<thead><tr><th scope="col">Field of <code>data</code></th><th scope="col">Type</th><th scope="col">Always there</th></tr></thead>
<tbody>${rows(data, '')}</tbody>
</table>`;
}

function rows({ properties = {}, required = [] }: JsonSchema, at: string): string {
  return Object.entries(properties)
    .map(([name, schema]) => {
      const always = required.includes(name) ? 'yes' : 'no';
      const row = `<tr><td><code>${at}${name}</code></td><td>${schema.type ?? 'any'}</td><td>${always}</td></tr>`;
      return row + rows(schema.items ?? {}, `${at}${name}[].`);
    })
    .join('\n');
}
