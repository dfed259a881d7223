import { z } from 'zod';

const ONE_LINE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u;

/** Text that stays on one line wherever it is shown: no control character, no separator, no half of a pair. */
export function singleLine(maxLength: number) {
  return (
    z
      .string()
      .min(1)
      .max(maxLength)
      .regex(ONE_LINE, 'control characters are not allowed')
      // As JSON Schema writes it: without flags, and Unicode understood.
      .meta({ pattern: ONE_LINE.source })
  );
}
