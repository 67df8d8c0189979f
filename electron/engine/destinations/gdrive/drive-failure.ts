import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import { retryMoment, statusFailure } from '../common/http-failure.ts';
import type { Refusal } from '../common/signed-api.ts';

const hourMs = 60 * 60 * 1000;
const signInAgain = 'Sign in again in the settings, or with "cloudroll sign-in gdrive".';
export const signInFirst = 'Sign in in the settings, or with "cloudroll sign-in gdrive".';

const refusalSchema = z.object({
  error: z.object({
    errors: z.array(z.object({ reason: z.string().max(100) })).optional(),
    details: z.array(z.object({ reason: z.string().max(100).optional() })).optional(),
  }),
});

/**
 * What a refusal means, by Google's own reason
 * (developers.google.com/workspace/drive/api/guides/handle-errors).
 * @param now milliseconds since 1970
 */
export function driveFailure(refusal: Refusal, now: number): CloudrollError {
  const reasons = reasonsOf(refusal.body);
  for (const reason of reasons) {
    const failure = byReason(reason, refusal, now);
    if (failure !== undefined) return failure;
  }
  return (
    statusFailure(refusal.status, refusal.header('retry-after'), now) ??
    byStatus(refusal.status, reasons[0])
  );
}

function reasonsOf(body: unknown): readonly string[] {
  const parsed = refusalSchema.safeParse(body);
  if (!parsed.success) return [];
  const { errors = [], details = [] } = parsed.data.error;
  // The details are the more precise ones where both stand.
  return [...details, ...errors].flatMap(({ reason }) => reason ?? []);
}

function byReason(reason: string, refusal: Refusal, now: number): CloudrollError | undefined {
  switch (reason) {
    case 'rateLimitExceeded':
    case 'userRateLimitExceeded':
    case 'RATE_LIMIT_EXCEEDED': {
      const retryAt = retryMoment(refusal.header('retry-after'), now);
      const message = 'Google asks to slow down.';
      return fail('rateLimited', message, retryAt === undefined ? {} : { retryAt });
    }
    case 'dailyLimitExceeded':
      return fail('rateLimited', 'Google takes no more requests from this client today.', {
        hint: 'It goes on by itself; a client ID of your own has a limit of its own.',
        retryAt: now + hourMs,
      });
    case 'storageQuotaExceeded':
    case 'quotaExceeded':
      return fail('quota', 'The storage of the Google account is full.', {
        hint: 'Free some space in Drive, Gmail or Google Photos, empty their trash, or buy more.',
      });
    case 'activeItemCreationLimitExceeded':
    case 'numChildrenInNonRootLimitExceeded':
    case 'teamDriveFileLimitExceeded':
      return fail('quota', 'Google Drive takes no more files there.', {
        hint: 'A folder holds 500,000 files; set up another folder as a further destination.',
      });
    case 'accessNotConfigured':
    case 'SERVICE_DISABLED':
      return fail('auth', 'The Google Drive API is not switched on for your client ID.', {
        hint: 'Open the Google Cloud console, APIs & Services, and enable the Google Drive API.',
      });
    case 'insufficientPermissions':
    case 'ACCESS_TOKEN_SCOPE_INSUFFICIENT':
      return fail('auth', 'The sign-in does not permit files in Google Drive.', {
        hint: `${signInAgain} Leave the box for Google Drive ticked.`,
      });
    case 'domainPolicy':
      return fail(
        'auth',
        'The administrator of this account does not permit apps in Google Drive.',
        {
          hint: 'Ask the administrator, or use another account.',
        },
      );
    case 'insufficientFilePermissions':
    case 'appNotAuthorizedToFile':
      return fail('auth', 'The account may not change this file in Google Drive.', {
        hint: 'Sign in with the account and the client ID that the backup was made with.',
      });
    case 'cannotDownloadAbusiveFile':
      return fail('unsupported', 'Google takes this file for harmful and does not give it back.', {
        hint: 'Download it on drive.google.com.',
      });
    default:
      return undefined;
  }
}

function byStatus(status: number, reason: string | undefined): CloudrollError {
  if (status === 404) return fail('notFound', 'There is no such file in Google Drive.');
  if (status === 409) return fail('conflict', 'The file exists already.');
  if (status === 401) {
    return fail('auth', 'Google does not accept the sign-in any more.', {
      hint: signInAgain,
    });
  }
  if (status === 403) {
    return fail('auth', 'Google Drive does not allow this.', {
      hint: `${signInAgain} With an account of a company, ask its administrator.`,
    });
  }
  const what = reason ?? `status ${String(status)}`;
  return fail('unsupported', `Google Drive refused the request (${what}).`, {
    hint: 'Look for a newer version of Cloudroll.',
  });
}
