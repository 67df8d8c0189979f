import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import { retryMoment, statusFailure } from '../common/http-failure.ts';
import type { Refusal } from '../common/signed-api.ts';

/**
 * What a refusal of Microsoft Graph means, by its code (learn.microsoft.com/graph/errors and
 * learn.microsoft.com/onedrive/developer/rest-api/concepts/errors), else by its status.
 * @param now milliseconds since 1970
 */
export function explainRefusal(refusal: Refusal, now: number): CloudrollError {
  return byCode(refusal, now) ?? byStatus(refusal, now);
}

/**
 * As {@link explainRefusal}, for an address that carries its own permission: what would mean a missing file or
 * sign-in elsewhere means that the address has had its time.
 */
export function explainAddressRefusal(refusal: Refusal, now: number): CloudrollError {
  const { status } = refusal;
  if (status === 401 || status === 403 || status === 404 || status === 410) {
    return fail('serverError', 'OneDrive’s address for these bytes is no longer good.');
  }
  return explainRefusal(refusal, now);
}

function byCode(refusal: Refusal, now: number): CloudrollError | undefined {
  for (const code of codesIn(refusal.body)) {
    const failure = failureOfCode(code, refusal, now);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function failureOfCode(code: string, refusal: Refusal, now: number): CloudrollError | undefined {
  switch (code.toLowerCase()) {
    case 'namealreadyexists':
    case 'upload_name_conflict':
      return fail('conflict', 'The file exists already.');
    case 'itemnotfound':
      return fail('notFound', 'There is no such file.');
    case 'quotalimitreached':
    case 'insufficientstorage':
      return full();
    case 'activitylimitreached':
    case 'toomanyrequests':
    case 'throttledrequest':
    case 'bandwidthlimitexceeded':
      return slowDown(refusal, now);
    case 'resourcelocked':
    case 'lockmismatch':
      return locked();
    case 'accountfrozen':
    case 'drivelocked':
    case 'accountlocked':
      return fail('readOnly', 'Microsoft has frozen this OneDrive.', {
        hint: 'Sign in at onedrive.com: it says why and how to thaw it.',
      });
    case 'malwaredetected':
      return fail('unsupported', 'OneDrive takes the file for harmful and refuses it.', {
        hint: 'Check the file with a virus scanner; it can go to another destination.',
      });
    case 'namecontainsinvalidcharacters':
    case 'pathistoolong':
    case 'pathtoolong':
    case 'invalidname':
      return fail('unsupported', 'OneDrive does not take this name.', {
        hint: 'Rename the file, or choose a destination folder with a shorter path.',
      });
    case 'fragmentlengthmismatch':
      return fail('corrupt', 'The bytes arrived at OneDrive incomplete and were refused.');
    default:
      return undefined;
  }
}

function byStatus(refusal: Refusal, now: number): CloudrollError {
  const { status } = refusal;
  if (status === 509) return slowDown(refusal, now);
  if (status === 507) return full();
  const usual = statusFailure(status, refusal.header('retry-after'), now);
  if (usual !== undefined) return usual;
  switch (status) {
    case 401:
      return fail('auth', 'Microsoft no longer accepts the sign-in.', {
        hint: 'Sign in again: cloudroll sign-in onedrive, or the button in the settings.',
      });
    case 402:
    case 403:
      return fail('auth', 'Microsoft does not allow this account to do this.', {
        hint: 'Sign in again and allow access to the files; at work or school, ask who looks after the accounts.',
      });
    case 404:
    case 410:
      return fail('notFound', 'There is no such file.');
    case 409:
      return fail('conflict', 'The file exists already.');
    case 413:
      return fail('unsupported', 'The file is larger than OneDrive takes.', {
        hint: 'It can go to another destination.',
      });
    case 423:
      return locked();
    default: {
      const [code = `status ${String(status)}`] = codesIn(refusal.body);
      return fail('unsupported', `OneDrive refused the request (${code}).`, {
        hint: 'Try again later; if it goes on, report it with this message.',
      });
    }
  }
}

function full(): CloudrollError {
  return fail('quota', 'The OneDrive is full.', {
    hint: 'Empty its recycle bin, free some space, or buy more at onedrive.com.',
  });
}

function slowDown(refusal: Refusal, now: number): CloudrollError {
  const retryAt = retryMoment(refusal.header('retry-after'), now);
  const message = 'OneDrive asks to slow down.';
  return fail('rateLimited', message, retryAt === undefined ? {} : { retryAt });
}

/** Transient: some other program has it open. */
function locked(): CloudrollError {
  return fail('serverError', 'Something else has the file or folder at OneDrive locked.', {
    hint: 'Close it in other programs and in the browser.',
  });
}

const code = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[\w.-]+$/u);
const errorSchema = z.object({
  code: code.nullish().catch(null),
  innererror: z.unknown(),
  innerError: z.unknown(),
});
const bodySchema = z.object({ error: z.unknown() });
const deepest = 6;

/** The codes of a refusal, the more exact ones first. */
function codesIn(body: unknown): readonly string[] {
  const codes: string[] = [];
  let inner: unknown = bodySchema.safeParse(body).data?.error;
  for (let depth = 0; depth < deepest; depth += 1) {
    const error = errorSchema.partial().safeParse(inner).data;
    if (error === undefined) break;
    if (typeof error.code === 'string') codes.unshift(error.code);
    inner = error.innererror ?? error.innerError;
  }
  return codes;
}
