import type { AnyEventContract } from '../../events/envelope';
import { PARTITION_COUNT, streamKey } from '../../events/streams';
import { schemaOf, withoutDialect } from './event-schemas';

/** The topic as an AsyncAPI 3.0 document; the messages' order is that of the contracts. */
export function asyncApiOf(contracts: readonly AnyEventContract[]) {
  const messages = contracts.map((contract) => [contract.name, messageOf(contract)]);
  const references = contracts.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }]);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Tandem order events',
      version: '1.0.0',
      description:
        'Facts about orders, in the past tense. Each entry of a stream has the whole event as ' +
        'CloudEvents 1.0 JSON in its field "ce", and "id", "type" and "key" beside it for tools.',
    },
    channels: {
      orders: {
        address: streamKey(0).replace('0', '{partition}'),
        description: 'All events of an order are in one partition, in their order.',
        parameters: {
          partition: {
            description: 'The first four bytes of SHA-256 of the order id, modulo 8.',
            enum: Array.from({ length: PARTITION_COUNT }, (_, p) => String(p)),
          },
        },
        messages: Object.fromEntries(references) as Record<string, unknown>,
      },
    },
    operations: {
      publishOrderEvents: { action: 'send', channel: { $ref: '#/channels/orders' } },
    },
    components: { messages: Object.fromEntries(messages) as Record<string, unknown> },
  };
}

function messageOf(contract: AnyEventContract) {
  return {
    name: contract.type,
    title: contract.name,
    contentType: 'application/cloudevents+json',
    payload: withoutDialect(schemaOf(contract)),
  };
}
