import { z } from 'zod';

import { failureCodes, type Failure } from '../../domain/failure.ts';

/** A failure that crossed a boundary. */
export const failureSchema: z.ZodType<Failure> = z.strictObject({
  code: z.enum(failureCodes),
  message: z.string().max(4000),
  hint: z.string().max(4000).exactOptional(),
  retryAt: z.number().exactOptional(),
});
