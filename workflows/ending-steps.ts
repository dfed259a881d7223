import { retriable } from './step';

// What the order saga does beside its undos when it cannot go on.

export const abandonPlacement = retriable('abandon placement', 'abandonPlacement');
export const closeOrder = retriable('close order', 'closeOrder');
export const publishEnding = retriable("publish the order's ending", 'publishEvent');
