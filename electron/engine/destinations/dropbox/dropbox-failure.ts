import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import { statusFailure } from '../common/http-failure.ts';
import type { Refusal } from '../common/signed-api.ts';

/** What Dropbox says with status 409, which depends on what was asked. */
export interface DropboxRefusal {
  /** The names of its unions from the outside in, such as `path`, `conflict`, `file`. */
  readonly tags: readonly string[];
  /** Bytes that an upload session has, where another offset was named. */
  readonly correctOffset: number | undefined;
}

const unionSchema = z.looseObject({
  '.tag': z.string().max(100).optional(),
  correct_offset: z.int().nonnegative().optional(),
});
const deepest = 8;

/**
 * Reads an error as it stands in the field `error` of a reply. The field `error_summary` says the same, but is
 * not meant to be compared (dropbox.com/developers/documentation/http/documentation#error-handling).
 */
export function refusalOf(error: unknown): DropboxRefusal {
  const tags: string[] = [];
  let correctOffset: number | undefined;
  const walk = (value: unknown, depth: number): void => {
    const union = unionSchema.safeParse(value).data;
    if (union === undefined || depth > deepest) return;
    const { '.tag': tag, correct_offset: offset, ...members } = union;
    if (tag !== undefined) tags.push(tag);
    correctOffset ??= offset;
    for (const member of Object.values(members)) walk(member, depth + 1);
  };
  walk(error, 0);
  return { tags, correctOffset };
}

/** A refusal as a failure, for whoever has nothing better to make of it. */
export function refusalFailure({ tags }: DropboxRefusal): CloudrollError {
  for (const tag of tags.toReversed()) {
    const failure = failures.get(tag);
    if (failure !== undefined) return failure();
  }
  return fail('unsupported', `Dropbox refused the request (${tags.join('/').slice(0, 200)}).`);
}

const chooseAnotherFolder = 'Choose another folder for this destination.';

const full = (whose: string) => (): CloudrollError =>
  fail('quota', `${whose} is full.`, { hint: 'Free some space there, or get more.' });
const slowDown = (): CloudrollError => fail('rateLimited', 'Dropbox asks to slow down.');
const notAllowed = (): CloudrollError =>
  fail('readOnly', 'Dropbox does not let this account write in this folder.', {
    hint: `${chooseAnotherFolder} A team’s administrator may have restricted it.`,
  });

/** By tag, as the public specification names them (github.com/dropbox/dropbox-api-spec, files.stone). */
const failures: ReadonlyMap<string, () => CloudrollError> = new Map([
  ['not_found', () => fail('notFound', 'There is no such file.')],
  ['not_file', () => fail('notFound', 'There is no such file, but a folder of that name.')],
  [
    'not_folder',
    () => fail('invalid', 'The folder is a file at Dropbox.', { hint: chooseAnotherFolder }),
  ],
  ['conflict', () => fail('conflict', 'The file exists already.')],
  [
    'file_ancestor',
    () =>
      fail('invalid', 'A file stands at Dropbox where a folder has to be.', {
        hint: 'Rename that file at dropbox.com, or choose another folder.',
      }),
  ],
  ['insufficient_space', full('The Dropbox')],
  ['team_folder_insufficient_space', full('The team folder at Dropbox')],
  ['member_folder_insufficient_space', full('The member folder at Dropbox')],
  [
    'upload_traffic_limit_reached',
    () =>
      fail('quota', 'Dropbox takes no more uploads of this account this month.', {
        hint: 'It goes on when the month is over, or with another plan.',
      }),
  ],
  ['too_many_requests', slowDown],
  ['too_many_write_operations', slowDown],
  ['no_write_permission', notAllowed],
  ['access_restricted', notAllowed],
  ['operation_suppressed', notAllowed],
  ['team_folder', notAllowed],
  [
    'disallowed_name',
    () =>
      fail('invalid', 'Dropbox does not take a file or folder of this name.', {
        hint: chooseAnotherFolder,
      }),
  ],
  [
    'malformed_path',
    () => fail('invalid', 'Dropbox does not take this path.', { hint: chooseAnotherFolder }),
  ],
  [
    'restricted_content',
    () => fail('unreadable', 'Dropbox does not give this file out because of what is in it.'),
  ],
  [
    'locked',
    () => fail('busy', 'The file is locked at Dropbox.', { hint: 'Unlock it at dropbox.com.' }),
  ],
  [
    'encryption_not_supported',
    () =>
      fail('unsupported', 'The folder at Dropbox is end-to-end encrypted, which keeps apps out.', {
        hint: chooseAnotherFolder,
      }),
  ],
  [
    'content_hash_mismatch',
    () => fail('corrupt', 'The bytes arrived at Dropbox damaged and were refused.'),
  ],
  ['payload_too_large', () => fail('unsupported', 'The file is larger than Dropbox takes.')],
  ['too_large', () => fail('unsupported', 'The file is larger than Dropbox takes.')],
  ['reset', () => fail('serverError', 'Dropbox lost its place in a list.')],
  ['other', () => fail('serverError', 'Dropbox could not do it and does not say why.')],
]);

/** How to sign in again. */
export const signInHint = 'Sign in again in the settings, or with "cloudroll sign-in dropbox".';

/**
 * What any other status means.
 * @param now milliseconds since 1970
 */
export function statusRefusal(reply: Refusal, now: number): CloudrollError {
  const body = bodySchema.safeParse(reply.body).data;
  const { tags } = refusalOf(body?.error);
  if (reply.status === 401) return signInFailure(tags);
  if (reply.status === 403) {
    return fail('auth', 'Dropbox does not allow this account to do this.', {
      hint: 'Ask the administrator of the team, or sign in with another account.',
    });
  }
  const retryAfter = reply.header('retry-after') ?? retryAfterOf(body?.error);
  const usual = statusFailure(reply.status, retryAfter, now);
  if (usual !== undefined) return usual;
  return fail('unsupported', `Dropbox refused the request (status ${String(reply.status)}).`, {
    hint: 'Try it with the newest version of Cloudroll.',
  });
}

const bodySchema = z.object({ error: z.unknown() });
const retrySchema = z.object({ retry_after: z.number().nonnegative() });

function retryAfterOf(error: unknown): string | undefined {
  const seconds = retrySchema.safeParse(error).data?.retry_after;
  return seconds === undefined ? undefined : String(seconds);
}

function signInFailure(tags: readonly string[]): CloudrollError {
  if (tags.includes('missing_scope')) {
    return fail('auth', 'The sign-in at Dropbox lacks a permission that Cloudroll needs.', {
      hint: 'With an app of your own: turn on account_info.read, files.metadata.read, files.content.read and files.content.write under Permissions, then sign in again.',
    });
  }
  if (tags.includes('user_suspended')) {
    return fail('auth', 'This Dropbox account is suspended.', {
      hint: 'Ask the administrator of the team, or look at dropbox.com.',
    });
  }
  return fail('auth', 'Dropbox does not accept the sign-in any more.', { hint: signInHint });
}
