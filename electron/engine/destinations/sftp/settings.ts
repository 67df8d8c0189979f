import { destinationName } from '../../../../shared/domain/destination-url.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import { refuseUnknownOptions } from '../refuse-options.ts';

/** Everything a URL says of a folder that SFTP reaches. */
export interface SftpSettings {
  /** Stable name of the destination, for secrets. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Absolute, or relative to the home directory of the account; without a slash at its end. */
  readonly base: string;
  /** Fingerprint that the server's key must have, `SHA256:…`; undefined: the one of the first meeting. */
  readonly hostKey: string | undefined;
  /** Path of a file on this computer with the private key. */
  readonly identity: string | undefined;
}

/** The settings in `sftp://host:port/absolute/path` or `sftp://host/~/path`, with `hostkey` and `identity`. */
export function sftpSettingsOf(url: DestinationUrl): SftpSettings {
  refuseUnknownOptions(url, ['hostkey', 'identity']);
  const { authority, path, query } = url;
  const parsed =
    authority !== '' && URL.canParse(`ssh://${authority}`) ? new URL(`ssh://${authority}`) : null;
  if (parsed === null || parsed.hostname === '') {
    throw fail('invalid', 'An sftp: destination has to name a server.', {
      hint: 'Write it like sftp://nas.local/~/Photos.',
    });
  }
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.some((part) => part === '.' || part === '..' || part.includes('\0'))) {
    throw fail('invalid', 'The path of a destination must not hold "." or "..".', {
      hint: 'Write the full path, or one that begins with /~/ for the home directory.',
    });
  }
  const inHome = parts[0] === '~';
  if (parts.length === (inHome ? 1 : 0)) {
    throw fail('invalid', 'The destination names no folder on the server.', {
      hint: 'Write it like sftp://nas.local/~/Photos.',
    });
  }
  const { hostkey: hostKey, identity } = query;
  if (hostKey !== undefined && !/^SHA256:[A-Za-z0-9+/]{43}=?$/u.test(hostKey)) {
    throw fail('invalid', 'The option "hostkey" is not a fingerprint.', {
      hint: 'It looks like SHA256:… as "ssh-keygen -lf" shows it.',
    });
  }
  return {
    name: destinationName(url),
    host: parsed.hostname.replace(/^\[|\]$/gu, ''),
    port: parsed.port === '' ? 22 : Number(parsed.port),
    base: inHome ? parts.slice(1).join('/') : `/${parts.join('/')}`,
    hostKey: hostKey?.replace(/=$/u, ''),
    identity,
  };
}
