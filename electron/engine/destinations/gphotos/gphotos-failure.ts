import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import type { CloudrollError, Failure } from '../../../../shared/domain/failure.ts';
import { retryMoment, statusFailure } from '../common/http-failure.ts';
import type { Refusal } from '../common/signed-api.ts';
import { nextDayOfQuota } from './quota-day.ts';

const signInAgain = 'Sign in again in the settings, or with "cloudroll sign-in gphotos".';
export const signInFirst = 'Sign in in the settings, or with "cloudroll sign-in gphotos".';

/** google.rpc.Status with google.rpc.ErrorInfo (cloud.google.com/apis/design/errors). */
const refusalSchema = z.object({
  error: z.object({
    details: z
      .array(
        z.object({
          reason: z.string().max(100).optional(),
          metadata: z.record(z.string(), z.string()).optional(),
        }),
      )
      .optional(),
  }),
});

/**
 * What a refusal means (developers.google.com/photos/overview/errors).
 * @param now milliseconds since 1970
 */
export function gphotosFailure(refusal: Refusal, now: number): CloudrollError {
  const parsed = refusalSchema.safeParse(refusal.body);
  const details = parsed.success ? (parsed.data.error.details ?? []) : [];
  const reasons = details.flatMap(({ reason }) => reason ?? []);
  if (refusal.status === 429) {
    const ofTheDay = details.some(({ metadata }) => metadata?.['quota_unit']?.startsWith('1/d'));
    return tooMany(ofTheDay, refusal.header('retry-after'), now);
  }
  if (reasons.includes('SERVICE_DISABLED')) {
    return fail('auth', 'The Photos Library API is not switched on for your client ID.', {
      hint: 'Open the Google Cloud console, APIs & Services, and enable the Photos Library API.',
    });
  }
  if (refusal.status === 401) {
    return fail('auth', 'Google does not accept the sign-in any more.', { hint: signInAgain });
  }
  if (refusal.status === 403) {
    return fail('auth', 'The sign-in does not permit photos in Google Photos.', {
      hint: `${signInAgain} Leave all boxes for Google Photos ticked.`,
    });
  }
  if (refusal.status === 404) {
    return fail('notFound', 'Google Photos has no such album or upload.');
  }
  return (
    statusFailure(refusal.status, refusal.header('retry-after'), now) ??
    fail('invalid', `Google Photos refused the request (status ${String(refusal.status)}).`, {
      hint: 'Look for a newer version of Cloudroll.',
    })
  );
}

/** 10,000 requests a day for all who share a client (developers.google.com/photos/overview/api-limits-quotas). */
function tooMany(ofTheDay: boolean, retryAfter: string | undefined, now: number): CloudrollError {
  if (ofTheDay) {
    return fail('rateLimited', 'Google Photos takes no more requests from this client today.', {
      hint: 'It goes on by itself tomorrow; a client ID of your own has a limit of its own.',
      retryAt: nextDayOfQuota(now),
    });
  }
  const retryAt = retryMoment(retryAfter, now);
  const message = 'Google Photos asks to slow down.';
  return fail('rateLimited', message, retryAt === undefined ? {} : { retryAt });
}

/** Codes of google.rpc.Code that one item of a batch can come back with. */
const alreadyExists = 6;
const resourceExhausted = 8;
const invalidArgument = 3;

/** Why one item of a batch is not shown; null where it is. */
export function itemFailure(code: number): Failure | null {
  switch (code) {
    case 0:
    case alreadyExists:
      return null;
    case resourceExhausted:
      return {
        code: 'quota',
        message: 'The storage of the Google account is full.',
        hint: 'Free some space in Google Photos, Gmail or Drive, or buy more.',
      };
    case invalidArgument:
      return {
        code: 'unsupported',
        message: 'Google Photos cannot show this file.',
        hint: 'It stays backed up; Google Photos just does not show it.',
      };
    default:
      return {
        code: 'serverError',
        message: `Google Photos could not add this file (code ${String(code)}).`,
        hint: 'It is tried again with the next run.',
      };
  }
}
