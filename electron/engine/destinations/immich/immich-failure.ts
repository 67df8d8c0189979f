import { fail } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import { statusFailure } from '../common/http-failure.ts';
import { permissionsHint } from './permissions.ts';

/** A reply that is no success. */
export interface ImmichRefusal {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** What the server says of it, in English; empty where it does not. */
  readonly message: string;
}

/**
 * What a refusal of Immich means. Immich has no codes of its own: some of what is told by status 400 can only be
 * told apart by its English sentence, and what is not known then is told as it is.
 * @param now milliseconds since 1970
 */
export function immichFailure(refusal: ImmichRefusal, now: number): CloudrollError {
  const { status, message } = refusal;
  switch (status) {
    case 400:
      return badRequest(message);
    case 401:
      return fail('auth', 'Immich does not accept the API key.', {
        hint: 'Make a new key in Immich (Account settings, API keys) and set CLOUDROLL_IMMICH_API_KEY.',
      });
    case 403: {
      const [, permission] = /permission:? ([a-z]+\.[a-zA-Z.]+)/u.exec(message) ?? [];
      return fail('auth', `The API key of Immich does not allow ${permission ?? 'this'}.`, {
        hint: permissionsHint,
      });
    }
    case 404:
      return fail('notFound', 'Immich has no such photo.');
    case 413:
      return fail('unsupported', 'The file is larger than the server in front of Immich takes.', {
        hint: 'Raise its limit (nginx: client_max_body_size), or use the address of Immich itself.',
      });
    default:
      return (
        statusFailure(status, refusal.retryAfter, now) ??
        fail('unsupported', `Immich refused the request (status ${String(status)}).`, {
          hint: 'Check that the address is that of an Immich server of version 2 or 3.',
        })
      );
  }
}

function badRequest(message: string): CloudrollError {
  if (/quota/iu.test(message)) {
    return fail('quota', 'Your storage on Immich is full.', {
      hint: 'Free some space there, or ask who runs the server to raise your quota.',
    });
  }
  if (/unsupported file type/iu.test(message)) {
    return fail('unsupported', 'Immich does not take files of this type.', {
      hint: 'Keep it at another destination as well.',
    });
  }
  // Immich does not say whether an asset is not there or belongs to somebody else.
  if (/not found/iu.test(message)) return fail('notFound', 'Immich has no such photo.');
  const told = message.slice(0, 200).replace(/\p{Cc}+/gu, ' ');
  return fail('unsupported', `Immich refused the request${told === '' ? '.' : `: ${told}`}`, {
    hint: 'Check that the server has version 2 or 3 of Immich.',
  });
}
