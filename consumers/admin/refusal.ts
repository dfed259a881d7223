/** What an operator asked for cannot be done, and why; nothing has changed. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal';
}
