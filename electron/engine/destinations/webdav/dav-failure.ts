import { fail } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import type { HttpReply } from '../common/http-client.ts';
import { statusFailure } from '../common/http-failure.ts';

/**
 * What a refusal of a WebDAV server means (RFC 4918 sections 9 and 11).
 * @param now milliseconds since 1970
 */
export function refusal(reply: HttpReply, now: number): CloudrollError {
  const { status } = reply;
  switch (status) {
    case 401:
      return signInFailure(reply);
    case 403:
      return fail('auth', 'The server does not allow this in the folder.', {
        hint: 'Check that the account may read, write and delete there.',
      });
    case 404:
      return fail('notFound', 'There is no such file on the server.');
    case 409:
      return fail('serverError', 'A folder on the server went away.');
    case 412:
      return fail('conflict', 'The file exists already.');
    case 413:
      return fail('unsupported', 'The file is larger than the server takes.', {
        hint: 'Raise the limit of the server, or of the proxy in front of it.',
      });
    case 423:
      return fail('serverError', 'The file is locked on the server.');
    default:
      return (
        statusFailure(status, reply.header('retry-after'), now) ??
        fail('unsupported', `The server refused the request (status ${String(status)}).`, {
          hint: 'Check that the address is that of a WebDAV server.',
        })
      );
  }
}

function signInFailure(reply: HttpReply): CloudrollError {
  const offered = reply.header('www-authenticate') ?? '';
  if (offered !== '' && !/\bbasic\b/iu.test(offered)) {
    return fail('auth', 'The server does not take a user name and password in the basic way.', {
      hint: 'Switch on basic authentication over HTTPS in the server’s settings.',
    });
  }
  return fail('auth', 'The server does not accept the user name and password.', {
    hint: 'Check CLOUDROLL_USERNAME and CLOUDROLL_PASSWORD; with two-factor sign-in make an app password.',
  });
}
