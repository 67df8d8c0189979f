import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import { retryMoment, statusFailure } from '../common/http-failure.ts';
import type { Refusal } from '../common/signed-api.ts';
import type { GoogleStorageSettings } from './settings.ts';

const text = z.string().max(10_000).catch('');
const errorSchema = z.object({
  error: z.object({
    message: text,
    status: text,
    errors: z.array(z.object({ reason: text })).catch([]),
    details: z.array(z.object({ reason: text })).catch([]),
  }),
});

/** What the service says of a refusal. */
interface Said {
  readonly reasons: readonly string[];
  /** For developers; it only makes a sentence more exact. */
  readonly message: string;
}

/**
 * What a refusal means (cloud.google.com/storage/docs/json_api/v1/status-codes).
 * @param now milliseconds since 1970
 */
export function explainRefusal(
  refusal: Refusal,
  settings: GoogleStorageSettings,
  now: number,
): CloudrollError {
  const said = saidBy(refusal.body);
  return (
    byReason(said, refusal, now) ??
    statusFailure(refusal.status, refusal.header('retry-after'), now) ??
    byStatus(refusal.status, said, settings)
  );
}

export function bucketMissing({ bucket }: GoogleStorageSettings): CloudrollError {
  return fail('notFound', `There is no bucket ${bucket} at Google Cloud Storage.`, {
    hint: 'Check its name; Cloudroll makes no buckets.',
  });
}

function byReason(
  { reasons, message }: Said,
  refusal: Refusal,
  now: number,
): CloudrollError | undefined {
  const is = (...known: readonly string[]): boolean => reasons.some((one) => known.includes(one));
  if (is('rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded', 'usageLimits')) {
    const retryAt = retryMoment(refusal.header('retry-after'), now);
    const extra = retryAt === undefined ? {} : { retryAt };
    return fail('rateLimited', 'Google Cloud Storage asks to slow down.', extra);
  }
  if (/billing/iu.test(message) || is('accountDisabled', 'UserProjectAccountProblem')) {
    return fail('auth', 'Google has switched off the project of the bucket, or its billing.', {
      hint: 'Look in the console under Billing, and switch it on again.',
    });
  }
  if (is('userProjectMissing') || /requester pays/iu.test(message)) {
    return fail('unsupported', 'Whoever uses this bucket has to pay for it (Requester Pays).', {
      hint: 'Switch Requester Pays off in the settings of the bucket, or use another bucket.',
    });
  }
  if (is('retentionPolicyNotMet', 'objectUnderActiveHold', 'objectRetained')) {
    return fail(
      'unsupported',
      'The bucket keeps its files for a set time, so none can be removed.',
      {
        hint: 'Take the retention policy or hold off the bucket, or use another bucket.',
      },
    );
  }
  if (is('accessNotConfigured', 'SERVICE_DISABLED')) {
    return fail('auth', 'The Cloud Storage API is switched off in the project of the key.', {
      hint: 'Switch it on in the console: APIs & Services, Cloud Storage JSON API.',
    });
  }
  return undefined;
}

function byStatus(
  status: number,
  { message, reasons }: Said,
  settings: GoogleStorageSettings,
): CloudrollError {
  switch (status) {
    case 401:
      return fail('auth', 'Google Cloud Storage does not accept the sign-in.', {
        hint: 'The service account or its key may have been deleted: make a new key.',
      });
    case 403:
      return fail('auth', `The service account may not use the bucket${permissionIn(message)}.`, {
        hint: `Give it the role Storage Object User for the bucket ${settings.bucket}: in the console, Permissions, Grant access.`,
      });
    case 404:
      return /bucket does not exist/iu.test(message)
        ? bucketMissing(settings)
        : fail('notFound', 'There is no such file.');
    case 409:
    case 412:
      return fail('conflict', 'The file exists already.');
    default:
  }
  if (status === 400 && /md5|crc32c|hash|checksum/iu.test(message)) {
    return fail('corrupt', 'The bytes arrived at Google damaged and were refused.');
  }
  const reason = reasons.find((one) => /^[A-Za-z_]{1,60}$/u.test(one));
  const what = reason ?? `status ${String(status)}`;
  return fail('unsupported', `Google Cloud Storage refused the request (${what}).`, {
    hint: 'If it goes on, please report it.',
  });
}

/** The permission that is missing, where the service names it. */
function permissionIn(message: string): string {
  const permission = /\bstorage\.[a-zA-Z]{1,40}\.[a-zA-Z]{1,40}\b/u.exec(message)?.[0];
  return permission === undefined ? '' : ` (${permission})`;
}

function saidBy(body: unknown): Said {
  const parsed = errorSchema.safeParse(body);
  if (!parsed.success) return { reasons: [], message: '' };
  const { message, status, errors, details } = parsed.data.error;
  const reasons = [...errors, ...details].map(({ reason }) => reason);
  return { reasons: [...reasons, status], message };
}
