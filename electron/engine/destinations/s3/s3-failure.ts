import { CloudrollError, fail, failureOf } from '../../../../shared/domain/failure.ts';
import { cancelled } from '../cancellation.ts';
import {
  isCertificateCode,
  isConnectionCode,
  isProxyCode,
  isTimeoutCode,
  proxyFailure,
  retryMoment,
} from '../common/http-failure.ts';

/** What an error of the SDK says, as data. Nothing is decided by its message. */
export interface S3Error {
  /** The service's code or Node's, e.g. `NoSuchBucket`, `ECONNREFUSED`. */
  readonly code: string;
  readonly status: number | undefined;
  /** The header of that name. */
  readonly retryAfter: string | undefined;
}

export function s3ErrorOf(error: unknown): S3Error {
  const status = field(field(error, '$metadata'), 'httpStatusCode');
  const code = field(error, 'Code') ?? field(error, 'code') ?? field(error, 'name');
  const retryAfter = field(field(field(error, '$response'), 'headers'), 'retry-after');
  return {
    code: typeof code === 'string' ? code : '',
    status: typeof status === 'number' ? status : undefined,
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
  };
}

/**
 * An error of the SDK as a failure.
 * @param now milliseconds since 1970, to turn the seconds of a Retry-After into a moment
 */
export function translate(error: unknown, bucket: string, now: number): CloudrollError {
  if (error instanceof CloudrollError) return error;
  const facts = s3ErrorOf(error);
  if (facts.code === 'AbortError') return cancelled();
  const named = byCode(facts, bucket, error) ?? byStatus(facts, now, error);
  if (named !== undefined) return named;
  if (facts.status !== undefined) {
    const what = facts.code === '' ? `status ${String(facts.status)}` : facts.code;
    return fail('unsupported', `The server refused the request (${what}).`, { cause: error });
  }
  return new CloudrollError(failureOf(error), error);
}

function byCode({ code }: S3Error, bucket: string, cause: unknown): CloudrollError | undefined {
  if (code === 'NoSuchBucket') {
    return fail('notFound', `There is no bucket ${bucket}.`, {
      hint: 'Check its name, region and endpoint; Cloudroll makes no buckets.',
      cause,
    });
  }
  if (code === 'NoSuchKey' || code === 'NoSuchUpload') {
    return fail('notFound', 'There is no such object.', { cause });
  }
  if (code === 'RequestTimeTooSkewed' || code === 'RequestExpired') {
    return fail('auth', 'The server refuses requests because this computer’s clock is wrong.', {
      hint: 'Set the date and time of this computer, best automatically.',
      cause,
    });
  }
  if (code === 'ExpiredToken' || code === 'ExpiredTokenException') {
    return fail('auth', 'The temporary access key has expired.', {
      hint: 'Get new values for AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.',
      cause,
    });
  }
  if (signInCodes.has(code)) {
    return fail('auth', 'The server does not accept the access key.', {
      hint: 'Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
      cause,
    });
  }
  if (code === 'PermanentRedirect' || code === 'AuthorizationHeaderMalformed') {
    return fail('invalid', `The bucket ${bucket} is in another region.`, {
      hint: 'Set region=… in the destination to the bucket’s region.',
      cause,
    });
  }
  if (quotaCodes.has(code)) {
    return fail('quota', `The storage behind the bucket ${bucket} is full.`, {
      hint: 'Free some space there or raise the quota.',
      cause,
    });
  }
  if (digestCodes.has(code)) {
    return fail('corrupt', 'The bytes arrived at the server damaged and were refused.', { cause });
  }
  if (isTimeoutCode(code) || timeoutCodes.has(code)) {
    return fail('timeout', 'The server did not answer in time.', { cause });
  }
  if (isProxyCode(code)) return proxyFailure(cause);
  if (isConnectionCode(code) || code === 'IncompleteBody') {
    return fail('offline', 'The server cannot be reached.', {
      hint: 'Check the network connection and the endpoint.',
      cause,
    });
  }
  if (isCertificateCode(code)) {
    return fail('auth', 'The server’s certificate cannot be trusted.', {
      hint: 'Check the endpoint; for a server of your own set NODE_EXTRA_CA_CERTS.',
      cause,
    });
  }
  return undefined;
}

function byStatus(
  { code, status, retryAfter }: S3Error,
  now: number,
  cause: unknown,
): CloudrollError | undefined {
  if (status === undefined) return undefined;
  if (status === 429 || code === 'SlowDown' || (status === 503 && retryAfter !== undefined)) {
    const retryAt = retryMoment(retryAfter, now);
    const message = 'The server asks to slow down.';
    return fail('rateLimited', message, retryAt === undefined ? { cause } : { cause, retryAt });
  }
  if (status === 507) {
    return fail('quota', 'The storage is full.', { hint: 'Free some space there.', cause });
  }
  if (status === 501 || status === 405) {
    return fail('unsupported', 'The server does not know this kind of request.', { cause });
  }
  if (status >= 500)
    return fail('serverError', 'The server reported an error of its own.', { cause });
  if (status === 412) return fail('conflict', 'The object exists already.', { cause });
  if (status === 409)
    return fail('serverError', 'Another upload of this object is going on.', { cause });
  if (status === 408) return fail('timeout', 'The server did not answer in time.', { cause });
  if (status === 404) return fail('notFound', 'There is no such object.', { cause });
  if (status === 401 || status === 403) {
    return fail('auth', 'The access key may not do this.', {
      hint: 'It needs permission to list, read, write and delete objects in this bucket.',
      cause,
    });
  }
  return undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

const signInCodes = new Set([
  'SignatureDoesNotMatch',
  'InvalidAccessKeyId',
  'InvalidToken',
  'TokenRefreshRequired',
]);
const quotaCodes = new Set(['QuotaExceeded', 'InsufficientCapacity', 'StorageQuotaExceeded']);
const digestCodes = new Set(['BadDigest', 'XAmzContentSHA256Mismatch', 'InvalidDigest']);
/** What the SDK itself calls requests that took too long. */
const timeoutCodes = new Set(['TimeoutError', 'RequestTimeout']);
