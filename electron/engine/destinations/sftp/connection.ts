import type { EventEmitter } from 'node:events';
import { connect, type Socket } from 'node:net';

import type { ConnectConfig, SFTPWrapper } from 'ssh2';
import ssh2 from 'ssh2';

import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import { orCancelled, throwIfCancelled } from '../cancellation.ts';
import type { KnownHosts } from '../common/known-hosts.ts';
import { HostKeyCheck } from './host-key.ts';
import type { SftpSettings } from './settings.ts';
import { connectFailure, requestFailure } from './sftp-failure.ts';
import { SftpSignIn, type SignInPorts, wantsNewPassword } from './sign-in.ts';

/** One request; `done` is called once with its outcome, as ssh2 does. */
export type SftpRequest<T> = (
  sftp: SFTPWrapper,
  done: (error: Error | null | undefined, value: T) => void,
) => void;

export interface SftpPorts extends SignInPorts {
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
    const signIn = await SftpSignIn.prepare(this.settings, this.#ports);
    const hostKey = await HostKeyCheck.prepare(this.settings, this.#ports.knownHosts);
    const { algorithms } = hostKey;
    const config: ConnectConfig = {
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
        client.on('change password', () => {
          reject(wantsNewPassword());
        });
        client.connect({ ...config, ...signIn.config(reject), sock: socket });
      });
      await hostKey.remember();
      return liveSession(client, socket, sftp);
    } catch (error) {
      client.destroy();
      socket.destroy();
      const refused = isRefusal(error) ? signIn.refusal(error) : null;
      throw hostKey.refusal(isHandshake(error)) ?? refused ?? connectFailure(error, host);
    }
  }
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

/** The server let nobody in, or ended the attempts after too many (OpenSSH: `PROTOCOL_ERROR` with these words). */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    Reflect.get(error, 'level') === 'client-authentication' ||
    /too many authentication failures/iu.test(error.message)
  );
}

function isHandshake(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'level') === 'handshake';
}
