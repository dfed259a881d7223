import { always } from './step';

// What is written down about the steps that need a person.

export const noteAttention = always('note what needs a person', 'noteAttention');
export const settleAttention = always('settle what needed a person', 'settleAttention');
export const recordDecision = always("record an operator's decision", 'recordDecision');
