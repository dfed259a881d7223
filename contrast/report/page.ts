import type { Outcome } from '../run';
export async function writePage(_outcomes: readonly Outcome[], _seed: number): Promise<void> {}
