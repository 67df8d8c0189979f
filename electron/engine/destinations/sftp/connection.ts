import type { EventEmitter } from 'node:events';
import { connect, type Socket } from 'node:net';

import type { ConnectConfig, SFTPWrapper } from 'ssh2';
import ssh2 from 'ssh2';

import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import type { FileSystem } from '../../ports/file-system.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { orCancelled, throwIfCancelled } from '../cancellation.ts';
import type { KnownHosts } from '../common/known-hosts.ts';
import { HostKeyCheck } from './host-key.ts';
import type { SftpSettings } from './settings.ts';
import { connectFailure, requestFailure } from './sftp-failure.ts';

/** One request; `done` is called once with its outcome, as ssh2 does. */
export type SftpRequest<T> = (
  sftp: SFTPWrapper,
  done: (error: Error | null | undefined, value: T) => void,
) => void;

export interface SftpPorts {
  readonly secrets: Secrets;
  readonly fileSystem: FileSystem;
  readonly knownHosts?: KnownHosts;
}

/** An open connection. */
export interface SftpSession {
  readonly sftp: SFTPWrapper;
  /** Aborts when the connection is gone, however it went. */
  readonly lost: AbortSignal;
  readonly end: () => void;
}

const readyMs = 20_000;
/** No request takes a server so long, but those that wait for a disk to spin up. */
const requestMs = 60_000;
const longestKey = 64 * 1024;

/**
 * One SSH connection, made at the first request and made anew at the next one after it broke. Every failure
 * comes out translated.
 */
export class SftpConnection {
  readonly settings: SftpSettings;
  readonly #ports: SftpPorts;
  #session: Promise<SftpSession> | undefined;

  constructor(settings: SftpSettings, ports: SftpPorts) {
    this.settings = settings;
    this.#ports = ports;
  }

  /** What the request brings back. A request over a handle needs the session that opened it: {@link runIn}. */
  async run<T>(request: SftpRequest<T>, signal: AbortSignal): Promise<T> {
    return this.runIn(await this.session(signal), request, signal);
  }

  /** The same over a certain session, which ends when a request stays without an answer. */
  async runIn<T>(
    { sftp, lost, end }: SftpSession,
    request: SftpRequest<T>,
    signal: AbortSignal,
  ): Promise<T> {
    throwIfCancelled(signal);
    const answer = new Promise<T>((resolve, reject) => {
      const settled = (): void => {
        clearTimeout(timer);
        lost.removeEventListener('abort', onLost);
      };
      const onLost = (): void => {
        settled();
        reject(requestFailure(new Error('the connection is gone')));
      };
      const timer = setTimeout(() => {
        reject(fail('timeout', 'The server did not answer in time.'));
        end();
      }, requestMs);
      lost.addEventListener('abort', onLost);
      if (lost.aborted) {
        onLost();
        return;
      }
      try {
        request(sftp, (error, value) => {
          settled();
          if (error === null || error === undefined) resolve(value);
          else reject(requestFailure(error));
        });
      } catch (error) {
        // ssh2 does so by itself for an extension that the server has not announced.
        settled();
        reject(
          fail('unsupported', 'The server does not know this kind of request.', { cause: error }),
        );
      }
    });
    return orCancelled(answer, signal);
  }

  async session(signal: AbortSignal): Promise<SftpSession> {
    for (;;) {
      throwIfCancelled(signal);
      const pending = (this.#session ??= this.#connect());
      try {
        const session = await orCancelled(pending, signal);
        if (!session.lost.aborted) return session;
      } catch (error) {
        if (this.#session === pending && failureOf(error).code !== 'cancelled') {
          this.#session = undefined;
        }
        throw error;
      }
      if (this.#session === pending) this.#session = undefined;
    }
  }

  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    session?.end();
  }

  async #connect(): Promise<SftpSession> {
    const { host, port } = this.settings;
    const signIn = await this.#signIn();
    const hostKey = await HostKeyCheck.prepare(this.settings, this.#ports.knownHosts);
    const { algorithms } = hostKey;
    const config: ConnectConfig = {
      ...signIn,
      hostVerifier: (key: Buffer) => hostKey.accepts(key),
      ...(algorithms === undefined
        ? {}
        : { algorithms: { serverHostKey: [...algorithms] as never[] } }),
      readyTimeout: readyMs,
      keepaliveInterval: 15_000,
      keepaliveCountMax: 3,
    };
    const socket = connect({ host, port });
    // ssh2 leaves it off, and every small packet then waits for the answer to the one before.
    socket.setNoDelay(true);
    const client = new ssh2.Client();
    try {
      await opened(socket, readyMs);
      const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
        client.on('error', reject);
        client.on('close', () => {
          reject(new Error('the connection was closed'));
        });
        client.on('ready', () => {
          client.sftp((error, wrapper) => {
            if (error === undefined) resolve(wrapper);
            else reject(noSubsystem(error));
          });
        });
        client.connect({ ...config, sock: socket });
      });
      await hostKey.remember();
      return liveSession(client, socket, sftp);
    } catch (error) {
      client.destroy();
      socket.destroy();
      throw hostKey.refusal(isHandshake(error)) ?? connectFailure(error, host);
    }
  }

  async #signIn(): Promise<ConnectConfig> {
    const { name, identity } = this.settings;
    const find = (secret: string): Promise<string | undefined> =>
      this.#ports.secrets.find(name, secret);
    const username = await find('CLOUDROLL_USERNAME');
    if (username === undefined) {
      throw fail(
        'auth',
        'There is no sign-in for the SFTP server: CLOUDROLL_USERNAME is not set.',
        {
          hint: 'Set the environment variable CLOUDROLL_USERNAME, and a password or private key.',
        },
      );
    }
    const password = await find('CLOUDROLL_PASSWORD');
    const keyText =
      identity === undefined ? await find('CLOUDROLL_PRIVATE_KEY') : await this.#readKey(identity);
    const passphrase = await find('CLOUDROLL_KEY_PASSWORD');
    const agent = await find('SSH_AUTH_SOCK');
    if (password === undefined && keyText === undefined && agent === undefined) {
      throw fail('auth', 'There is no password, private key or SSH agent for the SFTP server.', {
        hint: 'Set CLOUDROLL_PASSWORD or CLOUDROLL_PRIVATE_KEY, or add identity=/path/of/the/key to the destination.',
      });
    }
    if (keyText !== undefined) requireReadable(keyText, passphrase);
    return {
      username,
      ...(password === undefined ? {} : { password }),
      ...(keyText === undefined ? {} : { privateKey: keyText }),
      ...(keyText === undefined || passphrase === undefined ? {} : { passphrase }),
      // A password or key that was given is meant; an agent's many keys could use up the attempts.
      ...(agent === undefined || password !== undefined || keyText !== undefined ? {} : { agent }),
    };
  }

  async #readKey(path: string): Promise<string> {
    try {
      return Buffer.from(await this.#ports.fileSystem.readFile(path, longestKey)).toString('utf8');
    } catch (cause) {
      throw fail('auth', `The private key ${path} cannot be read.`, {
        hint: 'Check its path and that you may read it.',
        cause,
      });
    }
  }
}

function requireReadable(key: string, passphrase: string | undefined): void {
  const parsed = ssh2.utils.parseKey(key, passphrase);
  if (!(parsed instanceof Error)) return;
  const encrypted = /encrypt|passphrase|decrypt|integrity/iu.test(parsed.message);
  throw encrypted
    ? fail('auth', 'The private key is encrypted and its password is missing or wrong.', {
        hint: 'Set CLOUDROLL_KEY_PASSWORD.',
      })
    : fail('auth', 'The private key is not one that can be used.', {
        hint: 'It has to be an OpenSSH or PEM private key, not the public one.',
      });
}

function noSubsystem(cause: Error): Error {
  return fail('unsupported', 'The SSH server does not offer SFTP.', {
    hint: 'Switch on the SFTP subsystem of the server.',
    cause,
  });
}

function opened(socket: Socket, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(Object.assign(new Error('no connection'), { level: 'client-timeout' }));
    }, limitMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

function liveSession(client: ssh2.Client, socket: Socket, sftp: SFTPWrapper): SftpSession {
  const lost = new AbortController();
  const ended = (): void => {
    lost.abort();
  };
  const emitters: readonly EventEmitter[] = [client, sftp, socket];
  for (const emitter of emitters) {
    for (const event of ['close', 'end', 'error']) emitter.on(event, ended);
  }
  return {
    sftp,
    lost: lost.signal,
    end: () => {
      ended();
      client.end();
      socket.destroy();
    },
  };
}

function isHandshake(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'level') === 'handshake';
}
