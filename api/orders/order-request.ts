import { z } from 'zod';
import { CUSTOMER_ID_PATTERN } from '../../domain/order';
import { singleLine } from '../http/text';
import { skuSchema } from '../products/product-resource';

/** An order of more lines is a wholesale import, which wants another door. */
const MAX_LINES = 100;
const MAX_QUANTITY = 1_000;
/** RFC 5321, section 4.5.3.1.3. */
const MAX_EMAIL_LENGTH = 254;
const MAX_NAME_LENGTH = 200;

/** The body of `POST /v1/orders`. Strict: what we do not know we do not silently ignore. */
export const orderRequestSchema = z
  .strictObject({
    customer: z.strictObject({
      id: z.string().regex(CUSTOMER_ID_PATTERN, 'expected 1 to 64 letters, digits, _ or -'),
      email: z.email().max(MAX_EMAIL_LENGTH),
      name: singleLine(MAX_NAME_LENGTH).optional(),
    }),
    lines: z
      .array(
        z.strictObject({
          sku: skuSchema,
          quantity: z.int().min(1).max(MAX_QUANTITY),
        }),
      )
      .min(1)
      .max(MAX_LINES),
    /** A payment method of the provider, as its own form in the customer's browser returns it. */
    paymentMethod: z
      .string()
      .regex(/^pm_[A-Za-z0-9_]{1,64}$/, 'expected a pm_… id')
      .meta({ example: 'pm_card_visa' }),
  })
  .meta({ id: 'NewOrder' });

/** What a caller asks to be placed. */
export type OrderRequest = z.infer<typeof orderRequestSchema>;
