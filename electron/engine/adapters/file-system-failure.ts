import { CloudrollError, fail, type FailureCode } from '../../../shared/domain/failure.ts';
import { toDisplayPath } from '../scan/raw-path.ts';

interface Meaning {
  readonly code: FailureCode;
  readonly text: string;
  readonly hint?: string;
}

const gone: Meaning = { code: 'notFound', text: 'is not there' };
const taken: Meaning = { code: 'conflict', text: 'exists already' };
const forbidden: Meaning = {
  code: 'unreadable',
  text: 'may not be accessed',
  hint: 'Give your user permission for it.',
};
const full: Meaning = {
  code: 'diskFull',
  text: 'cannot be written because the disk is full',
  hint: 'Free some space on that disk.',
};
const overQuota: Meaning = {
  code: 'diskFull',
  text: 'cannot be written because your quota on that disk is used up',
  hint: 'Free some space on that disk.',
};
const protectedDisk: Meaning = {
  code: 'readOnly',
  text: 'cannot be written because the disk is read-only',
  hint: 'Make the disk writable, or choose another.',
};
const badName: Meaning = {
  code: 'invalid',
  text: 'has a name that this disk does not allow',
  hint: 'Shorten the name or use plainer characters.',
};
const inUse: Meaning = {
  code: 'busy',
  text: 'is in use by another program',
  hint: 'Close the program that uses it.',
};
const tooManyOpen: Meaning = {
  code: 'busy',
  text: 'cannot be opened because too many files are open',
};
const broken: Meaning = {
  code: 'unreadable',
  text: 'cannot be read because the disk reports an error',
  hint: 'Check the disk and its cable.',
};

const meanings: Readonly<Record<string, Meaning>> = {
  ENOENT: gone,
  ENOTDIR: gone,
  EEXIST: taken,
  ENOTEMPTY: { code: 'conflict', text: 'is not empty' },
  EACCES: forbidden,
  EPERM: forbidden,
  ELOOP: {
    code: 'unreadable',
    text: 'is a symbolic link, which is not followed',
  },
  EIO: broken,
  ENOSPC: full,
  EDQUOT: overQuota,
  EROFS: protectedDisk,
  ENAMETOOLONG: badName,
  EILSEQ: badName,
  EINVAL: badName,
  ERR_INVALID_ARG_VALUE: badName,
  EISDIR: { code: 'invalid', text: 'is a folder, not a file' },
  EXDEV: { code: 'invalid', text: 'is on another disk' },
  EFBIG: { code: 'invalid', text: 'would be larger than this disk allows' },
  EBUSY: inUse,
  ETXTBSY: inUse,
  EAGAIN: inUse,
  EMFILE: tooManyOpen,
  ENFILE: tooManyOpen,
};

/** The `code` of an error that Node threw, such as `ENOENT`; empty where there is none. */
export function systemCode(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/**
 * What Node's file functions threw, as a failure. A system error without an entry of its own is
 * `unreadable`: vanished network drives alone have a dozen codes. What is no system error is a bug and
 * comes back unchanged.
 */
export function translated(error: unknown, path: string): unknown {
  if (error instanceof CloudrollError) return error;
  const system = systemCode(error);
  if (system === '') return error;
  const shown = toDisplayPath(path);
  const meaning = meanings[system];
  if (meaning === undefined) {
    if (system.startsWith('ERR_')) return error;
    return fail('unreadable', `${shown} cannot be accessed (${system}).`, {
      cause: error,
    });
  }
  return fail(meaning.code, `${shown} ${meaning.text} (${system}).`, {
    cause: error,
    ...(meaning.hint === undefined ? {} : { hint: meaning.hint }),
  });
}

/** Runs file functions of Node and translates what they throw. */
export async function translating<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translated(error, path);
  }
}
