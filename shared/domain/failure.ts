/**
 * Every failure the product can meet, as a closed list. Code decides by `code`, people read `message`
 * and `hint`; no code ever matches on a message.
 */
export const failureCodes = [
  'offline',
  'timeout',
  'rateLimited',
  'serverError',
  'auth',
  'quota',
  'notFound',
  'conflict',
  'corrupt',
  'changed',
  'unreadable',
  'diskFull',
  'readOnly',
  'unsupported',
  'invalid',
  'busy',
  'cancelled',
  'bug',
] as const;

/** See {@link failureCodes}. */
export type FailureCode = (typeof failureCodes)[number];

/** A failure as plain data: it can cross a process boundary, be stored in the catalogue and be shown. */
export interface Failure {
  readonly code: FailureCode;
  /** One English sentence that says what happened; never holds a secret. */
  readonly message: string;
  /** One English sentence that says what the person can do about it. */
  readonly hint?: string;
  /** Earliest moment of the next attempt, in milliseconds since 1970, as the server asked for it. */
  readonly retryAt?: number;
}

/** The one error class that travels through the engine; everything it has to say is in `failure`. */
export class CloudrollError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, cause === undefined ? undefined : { cause });
    this.name = 'CloudrollError';
    this.failure = failure;
  }
}

/** Shorthand for `throw fail('offline', …)`. */
export function fail(
  code: FailureCode,
  message: string,
  extra: { readonly hint?: string; readonly retryAt?: number; readonly cause?: unknown } = {},
): CloudrollError {
  const { cause, ...rest } = extra;
  return new CloudrollError({ code, message, ...rest }, cause);
}

/** The failure inside any thrown value; what is not ours is an abort or a `bug`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CloudrollError) return error.failure;
  if (error instanceof Error && error.name === 'AbortError') {
    return { code: 'cancelled', message: 'The work was cancelled.' };
  }
  return { code: 'bug', message: error instanceof Error ? error.message : String(error) };
}

/** Failures that may pass by themselves: worth another attempt of the same request. */
export function isTransient(code: FailureCode): boolean {
  return (
    code === 'offline' || code === 'timeout' || code === 'rateLimited' || code === 'serverError'
  );
}

/** Failures of the whole destination, not of one photo: the destination pauses, the others go on. */
export function stopsDestination(code: FailureCode): boolean {
  return (
    code === 'auth' ||
    code === 'quota' ||
    code === 'offline' ||
    code === 'readOnly' ||
    code === 'diskFull'
  );
}
