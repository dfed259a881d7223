/** An order that is not confirmed by then is undone, in each of the designs. */
export const PLACEMENT_DEADLINE_SECONDS = 30;
