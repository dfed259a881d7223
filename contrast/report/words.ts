/** What is said before the figures. */
export const INTRODUCTION = `An order is placed: stock is reserved, money put aside, the order confirmed, the customer told; and when it
cannot be, everything is undone. That can be built in three ways, and all three are here, over the same PostgreSQL, Redis,
payment simulator and mail inbox. The first two have the same participants
([contrast/participants/](../contrast/participants/)) and differ in nothing but in who talks to whom; the product has its own,
which do the same and write more down:

- **Request-response** ([contrast/request-response/](../contrast/request-response/)): the orders' service asks inventory,
  payment and notification over HTTP, one after the other, and answers at the end. At its best: timeouts, three tries,
  idempotent calls, undo on refusal, and a sweep for what a dead request has left behind.
- **Choreographed** ([contrast/choreographed/](../contrast/choreographed/)): the order is saved and \`OrderPlaced\` is said;
  inventory, payment and orders react to each other's events. At its best: the product's own consumer runtime, with an
  outbox, an inbox, order per key, dead letters, and an expiry for what nobody has ended.
- **Orchestrated, with events**: the product. A saga decides ([workflows/steps.ts](../workflows/steps.ts)), and tells the
  world what it decided.`;

/** The answer, before the reasons. */
export const CHOICE = `- **Request-response** for a question that needs its answer now (a price, a login, "is it in stock?"), and for one
  step that may simply fail. It is the least code, the least machinery and the lowest cost an order, the caller knows at
  once what happened, and what is malformed is refused to its sender. Do not use it to tell somebody of something: the
  teller then fails with the told, and what the told has missed is gone.
- **Choreography** for reactions that the teller need not know: mails, points, statistics, search, webhooks. Whoever comes
  later is no change to anybody, and can read what happened before. Do not use it for a process whose end matters to
  somebody: nobody has it in one place, its deadline and its undoing are scattered over those who take part, and a step
  more means changing who listens to whom.
- **Orchestration** for a process that must end, in one way or the other, whatever dies meanwhile: money, stock, contracts.
  One file says what happens and in which order, what is undone, and how long it may take; one page says where an order
  stands. It costs the most: a server more, more CPU an order than calls (below), the slowest way through a burst, and the
  rule that old histories must fit new code.
- **Both, as here:** orchestrate what must be consistent, then say what was decided, and let the rest react. The line
  between them is the event contract (\`events/\`), and it is where teams can part too.`;

/** What each figure means, in the order of the tables. */
export const MEANINGS: readonly (readonly [figure: string, means: string])[] = [
  ['accepted', 'orders whose customer got a good answer, of all that were placed'],
  ['turned away', 'customers who saw errors only: one in five tries once, the others four times'],
  ['confirmed all the same', 'of those turned away: the order stands all the same'],
  ['requests repeated', 'by patient customers, with the same idempotency key'],
  [
    'time to answer',
    'from when the order was due to the answer, median and 99th percentile; in request-response it comes after the capture and the mail, and so after the outcome',
  ],
  ['CPU an order', 'of all processes, servers included, where none of them was started anew'],
  ['time to outcome', 'from when the order was due to confirmed, rejected or failed'],
  ['lost', 'accepted, and unknown to the system'],
  ['stuck', 'without an outcome after a minute'],
  ['given up by itself', 'undone after its deadline (30 s), and said to be failed'],
  ['charged wrongly', 'money kept that is not due, not kept that is due, or still set aside'],
  ['stock leaked', 'units that are neither on the shelf nor in a confirmed order'],
  ['mails missing', 'confirmed orders of which the customer was never told'],
  ['mails doubled', 'confirmed orders of which the customer was told twice'],
  ['most waiting at once', 'orders that wait for their outcome, or for their mail'],
  [
    'time to recover',
    'from when everything was whole again until no order or mail was later than 3 s; "never" when one mail never came, too',
  ],
  [
    'new part knows of before',
    'confirmed orders from before the change for which the new part did its work',
  ],
  ['new part knows of after', 'and from after it'],
];

/** What the figures do not say by themselves. */
export const ASPECTS: readonly (readonly [string, string, string, string])[] = [
  [
    'communication',
    'a command to one, who answers',
    'an event to whoever listens',
    'commands inside, events outside',
  ],
  [
    'coupling in time',
    'all must be up at once',
    'none',
    'none; Temporal must be up for the outcome, not for the answer',
  ],
  [
    'coupling in knowledge',
    'the caller knows each that it calls',
    'each knows the events of those before it',
    'the saga knows its steps, and no consumer',
  ],
  [
    'resilience',
    'as weak as the weakest, for as long as it is weak',
    'each part waits for its own',
    'the saga waits and goes on; its undos too',
  ],
  [
    'scalability',
    'by more of each; the slowest sets the pace',
    'by partitions, each group by itself',
    'by more workers; Temporal is the next limit',
  ],
  [
    'where the process is written',
    'in one function',
    'nowhere: in the reactions of all',
    'in one list of steps',
  ],
  [
    'undoing',
    'by whoever called, if alive; else a sweep',
    'by compensating events that each must listen to',
    'by the saga, in reverse, until it is done',
  ],
];

/** Events and commands, and what carries them. */
export const CARRIERS = `An **event** is a fact in the past tense (\`OrderCreated\`). Its teller does not know who listens, expects no answer,
and cannot be refused. A **command** is a wish to one recipient (\`reserveStock\`, \`cancelOrder\`), who may refuse and whose
answer somebody waits for. A command sent as an event (\`PleaseReserveStock\` on a stream) is the worst of both: everybody may
hear it, nobody has to. So here commands go by activities, by HTTP or through a port to Temporal
([consumers/fraud/cancel-order.ts](../consumers/fraud/cancel-order.ts)), and only events go on streams.

Redis carries messages in three ways. Each is a program that is read in a minute and runs by itself:

| | a message is for | who was away | read again |
| --- | --- | --- | --- |
| a **queue**, [competing consumers](../contrast/redis/competing-consumers.ts) | one worker, whichever is free | finds it waiting | no |
| **pub/sub**, [fan-out](../contrast/redis/fan-out.ts) | all who listen at that moment | has missed it | no |
| a **stream**, [replay of a log](../contrast/redis/replay-of-a-log.ts) | one member of each group | goes on where it was | yes, from anywhere |

\`\`\`sh
npm run contrast:redis
\`\`\`

A stream with one group is a queue, with many groups it is a fan-out that misses nothing, and it can be read again; that is
why the product uses streams only.`;

/** What is not to be read into the figures. */
export const LIMITS = `- One machine, which also runs the servers and the customers: compare the designs, not the milliseconds with yours.
- One process of each kind. With more, request-response would turn fewer away when one is killed.
- One line an order, and one participant of each kind; with more of them, calls in turn become slower, and a choreography
  harder to follow.
- Temporal's development server on SQLite: a cluster has more room and another latency.
- The payment provider takes 100 ms, always.`;
