import { CloudrollError, fail, failureOf } from '../../../../shared/domain/failure.ts';
import { cancelled } from '../cancellation.ts';

/** A connection that failed, as a failure; what is none is passed on as it is, or as a `bug`. */
export function connectionFailure(error: unknown): CloudrollError {
  if (error instanceof CloudrollError) return error;
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (error instanceof Error && error.name === 'AbortError') return cancelled();
  if (typeof code === 'string') {
    if (isTimeoutCode(code)) {
      return fail('timeout', 'The server did not answer in time.', { cause: error });
    }
    if (isProxyCode(code)) return proxyFailure(error);
    if (isCertificateCode(code)) {
      return fail('auth', 'The server’s certificate cannot be trusted.', {
        hint: 'Check the address; for a server of your own set NODE_EXTRA_CA_CERTS.',
        cause: error,
      });
    }
    if (isConnectionCode(code)) {
      return fail('offline', 'The server cannot be reached.', {
        hint: 'Check the network connection and the address.',
        cause: error,
      });
    }
  }
  return new CloudrollError(failureOf(error), error);
}

/** A proxy that does not connect Cloudroll to the server. */
export function proxyFailure(cause: unknown): CloudrollError {
  return fail('offline', 'The proxy of this computer opens no way to the server.', {
    hint: 'Check the proxy in the network settings, or in HTTPS_PROXY.',
    cause,
  });
}

/** RFC 9110 section 10.2.3: seconds or a date, as a moment; undefined where it is neither. */
export function retryMoment(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds) && seconds >= 0) return now + seconds * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : date;
}

/**
 * What a status means whoever sends it; undefined where that depends on the service.
 * @param now milliseconds since 1970
 */
export function statusFailure(
  status: number,
  retryAfter: string | undefined,
  now: number,
): CloudrollError | undefined {
  if (status === 429 || (status === 503 && retryAfter !== undefined)) {
    const retryAt = retryMoment(retryAfter, now);
    const message = 'The server asks to slow down.';
    return fail('rateLimited', message, retryAt === undefined ? {} : { retryAt });
  }
  if (status === 507) {
    return fail('quota', 'The storage is full.', {
      hint: 'Free some space there, or raise the quota.',
    });
  }
  if (status === 408 || status === 504) {
    return fail('timeout', 'The server did not answer in time.');
  }
  if (status === 405 || status === 501) {
    return fail('unsupported', 'The server does not know this kind of request.');
  }
  if (status >= 500) {
    return fail('serverError', 'The server reported an error of its own.', {
      hint: 'If it goes on, its log says more.',
    });
  }
  if (status >= 300 && status < 400) {
    return fail('invalid', 'The server says that the place is at another address.', {
      hint: 'Open the address in a browser and use the one that it leads to.',
    });
  }
  return undefined;
}

/** Whether a code of Node's says that the server did not answer in time. */
export function isTimeoutCode(code: string): boolean {
  return timeoutCodes.has(code);
}

/** Whether a code of Node's says that no connection came about, or that it broke. */
export function isConnectionCode(code: string): boolean {
  return connectionCodes.has(code) || code.startsWith('HPE_');
}

/** Whether a code of Node's says that a proxy stands in the way. */
export function isProxyCode(code: string): boolean {
  return code.startsWith('ERR_PROXY_');
}

/** Whether a code of Node's says that a certificate cannot be trusted. */
export function isCertificateCode(code: string): boolean {
  return certificateCode.test(code);
}

const timeoutCodes = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT']);
const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EPIPE',
  'EADDRNOTAVAIL',
  'EPROTO',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
]);
const certificateCode =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/u;
