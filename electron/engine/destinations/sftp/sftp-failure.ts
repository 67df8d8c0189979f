import { CloudrollError, fail } from '../../../../shared/domain/failure.ts';

/** Status codes of SFTP version 3 (draft-ietf-secsh-filexfer-02, section 7). */
export const sftpStatus = {
  endOfFile: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  unsupported: 8,
} as const;

/** The server's status in an error of ssh2; undefined for a connection that failed. */
export function statusOf(error: unknown): number | undefined {
  const cause = error instanceof CloudrollError ? error.cause : error;
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
  return typeof code === 'number' ? code : undefined;
}

/** An error of a request over an open session. */
export function requestFailure(error: unknown): CloudrollError {
  if (error instanceof CloudrollError) return error;
  switch (statusOf(error)) {
    case undefined:
    case 6:
    case 7:
      return fail('offline', 'The connection to the server broke.', { cause: error });
    case sftpStatus.noSuchFile:
      return fail('notFound', 'There is no such file on the server.', { cause: error });
    case sftpStatus.permissionDenied:
      return fail('auth', 'The account may not do this in the folder on the server.', {
        hint: 'Give the account the right to read, write and delete there.',
        cause: error,
      });
    case sftpStatus.unsupported:
      return fail('unsupported', 'The server does not know this kind of request.', {
        cause: error,
      });
    default:
      return fail('serverError', 'The server could not do this, and does not say why.', {
        hint: 'Look whether its disk is full or faulty.',
        cause: error,
      });
  }
}

/** An error of signing in, or of the way there. */
export function connectFailure(error: unknown, host: string): CloudrollError {
  if (error instanceof CloudrollError) return error;
  const level: unknown = error instanceof Error ? Reflect.get(error, 'level') : undefined;
  if (level === 'agent') {
    return fail('auth', 'The SSH agent of this computer does not answer.', {
      hint: 'Start it and add your key with ssh-add, or give a password or private key.',
      cause: error,
    });
  }
  if (level === 'client-timeout') {
    return fail('timeout', `${host} did not answer in time.`, { cause: error });
  }
  if (level === 'handshake') {
    return fail('unsupported', `${host} and Cloudroll have no way to encrypt in common.`, {
      hint: 'Update the SSH server.',
      cause: error,
    });
  }
  return fail('offline', `${host} cannot be reached.`, {
    hint: 'Check the network connection, the address and the port.',
    cause: error,
  });
}
