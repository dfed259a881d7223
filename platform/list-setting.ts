import { z } from 'zod';

/** Values with commas between them; empty ones are left out. */
export const list = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((value) => value.trim()))
  .transform((values) => values.filter((value) => value !== ''));
