import { createHash } from 'node:crypto';

import { fail } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import type { KnownHosts } from '../common/known-hosts.ts';
import type { SftpSettings } from './settings.ts';

/**
 * Recognises a server by its key: by the fingerprint in the destination, else by what was remembered when it
 * was first met. A server that was never met is taken as it is, and remembered once a sign-in has succeeded.
 */
export class HostKeyCheck {
  readonly #settings: SftpSettings;
  readonly #knownHosts: KnownHosts | undefined;
  readonly #remembered: string | undefined;
  #offered: string | undefined;

  private constructor(
    settings: SftpSettings,
    knownHosts: KnownHosts | undefined,
    remembered: string | undefined,
  ) {
    this.#settings = settings;
    this.#knownHosts = knownHosts;
    this.#remembered = remembered;
  }

  static async prepare(
    settings: SftpSettings,
    knownHosts: KnownHosts | undefined,
  ): Promise<HostKeyCheck> {
    const remembered =
      settings.hostKey === undefined ? await knownHosts?.find(addressOf(settings)) : undefined;
    return new HostKeyCheck(settings, knownHosts, remembered);
  }

  /** Signature algorithms that go with the remembered key, so that a server does not show another of its keys. */
  get algorithms(): readonly string[] | undefined {
    const type = this.#remembered?.split(' ')[0];
    if (type === undefined) return undefined;
    return type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type];
  }

  accepts(key: Buffer): boolean {
    this.#offered = `${typeOf(key)} ${fingerprintOf(key)}`;
    const { hostKey } = this.#settings;
    if (hostKey !== undefined) return fingerprintOf(key) === hostKey;
    return this.#remembered === undefined || this.#remembered === this.#offered;
  }

  /**
   * Why the server was not recognised; undefined where it was, or where the connection failed before.
   * @param handshakeFailed the server was reached and the two found no way to go on
   */
  refusal(handshakeFailed: boolean): CloudrollError | undefined {
    const expected = this.#settings.hostKey ?? this.#remembered;
    if (expected === undefined) return undefined;
    const { host } = this.#settings;
    const shown = this.#offered ?? (handshakeFailed ? 'none of the kind that it had' : null);
    if (shown === null || shown.endsWith(expected)) return undefined;
    return fail('auth', `${host} is not the server it was: its key is now ${shown}.`, {
      hint: `Expected was ${expected}. If the server was set up anew, confirm it by adding hostkey=SHA256:… to the destination; if not, somebody may be in between.`,
    });
  }

  /** After a sign-in that succeeded. */
  async remember(): Promise<void> {
    const first = this.#remembered === undefined && this.#settings.hostKey === undefined;
    if (!first || this.#offered === undefined) return;
    await this.#knownHosts?.remember(addressOf(this.#settings), this.#offered);
  }
}

function addressOf({ host, port }: SftpSettings): string {
  return `${host}:${String(port)}`;
}

/** As OpenSSH shows it. */
function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/u, '')}`;
}

/** The name at the start of a public key (RFC 4253 section 6.6). */
function typeOf(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  const name = key.subarray(4, 4 + Math.min(length, 64)).toString('latin1');
  return /^[A-Za-z0-9@.-]+$/u.test(name) ? name : 'unknown';
}
