import { retriable } from './step';

// What is written down about the steps that need a person.

export const noteAttention = retriable('note what needs a person', 'noteAttention');
export const settleAttention = retriable('settle what needed a person', 'settleAttention');
export const recordDecision = retriable("record an operator's decision", 'recordDecision');
