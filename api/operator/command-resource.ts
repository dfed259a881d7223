import { z } from 'zod';

/** Longer than any id, time or reason. */
const MAX_TEXT = 2_000;
/** An edited event is the longest; the body of a request is bounded beside it. */
const MAX_OPTION = 64_000;
const MAX_WORDS = 10;
const MAX_OPTIONS = 20;

const optionSchema = z.union([
  z.string().max(MAX_OPTION),
  z.boolean(),
  z.array(z.string().max(MAX_TEXT)).max(MAX_OPTIONS),
]);

/** A command as the control room sends it. */
export const commandSchema = z
  .strictObject({
    command: z.string().min(1).max(100).meta({ example: 'audit list' }),
    words: z.array(z.string().max(MAX_TEXT)).max(MAX_WORDS).default([]),
    options: z
      .record(z.string().max(100), optionSchema)
      .refine((options) => Object.keys(options).length <= MAX_OPTIONS, 'too many options')
      .default({}),
    by: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('Who you are, where several people share a key; kept with the key.'),
  })
  .meta({ id: 'Command' });

/** What it says. */
export const commandAnswerSchema = z
  .strictObject({
    object: z.literal('command'),
    lines: z.array(z.string()).describe('As a terminal shows it.'),
    data: z.unknown().describe('As `--json` shows it.'),
    isFailure: z.boolean().describe('What was wanted did not come about.'),
  })
  .meta({ id: 'CommandAnswer' });
