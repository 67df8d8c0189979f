import { CloudrollError, fail, failureOf } from '../../../../shared/domain/failure.ts';

/**
 * A file system's failure as the failure of a destination: what concerns the whole drive must pause the
 * destination, and a single I/O error may pass.
 */
export function translate(error: unknown, root: string): CloudrollError {
  const failure = failureOf(error);
  switch (failure.code) {
    case 'diskFull':
      return fail('quota', `The drive that holds ${root} is full.`, {
        hint: 'Free some space there or choose another drive.',
        cause: error,
      });
    case 'readOnly':
      return fail('readOnly', `${root} is on a drive that can only be read.`, {
        hint: 'Make the drive writable or choose another folder.',
        cause: error,
      });
    case 'unreadable':
      return refusesPermission(error)
        ? fail('readOnly', `The system does not let Cloudroll use ${root}.`, {
            hint: 'Give yourself permission to read and write this folder.',
            cause: error,
          })
        : fail('serverError', `The drive that holds ${root} reported an error.`, {
            hint: 'If this happens again, check the drive and its cable.',
            cause: error,
          });
    case 'busy':
      return fail('serverError', `Something in ${root} is in use by another program.`, {
        cause: error,
      });
    default:
      return error instanceof CloudrollError ? error : new CloudrollError(failure, error);
  }
}

export function codeOf(error: unknown): string {
  return failureOf(error).code;
}

export function refusesPermission(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return false;
  return cause.code === 'EACCES' || cause.code === 'EPERM';
}
