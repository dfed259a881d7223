import { always } from './step';

// What the order saga does beside its undos when it cannot go on.

export const abandonPlacement = always('abandon placement', 'abandonPlacement');
export const closeOrder = always('close order', 'closeOrder');
export const publishEnding = always("publish the order's ending", 'publishEvent');
