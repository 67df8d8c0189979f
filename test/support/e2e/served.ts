import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

import { socketChannel } from '../../../electron/hosts/web/socket-channel.ts';
import { AppClient } from '../../../shared/contract/app/client.ts';
import type { SyncStatus } from '../../../shared/contract/app/status.ts';
import { binPath } from '../cli/run-cli.ts';
import type { Workspace } from '../cli/workspace.ts';

/** A running `cloudroll serve`, as a browser that was let in sees it. */
export class Served implements AsyncDisposable {
  readonly address: string;
  readonly origin: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: string[];
  #cookie = '';

  private constructor(child: ChildProcessWithoutNullStreams, lines: string[], address: string) {
    this.#child = child;
    this.#lines = lines;
    this.address = address;
    this.origin = new URL(address).origin;
  }

  /** Starts it on a port of its own, or that one, and comes in by the address that it prints. */
  static async start(
    workspace: Workspace,
    port?: number,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Served> {
    const at = port === undefined ? [] : ['--port', String(port)];
    const args = ['serve', '--data', workspace.data, '--json', ...at];
    const child = spawn(process.execPath, [binPath, ...args], {
      env: { ...process.env, HOME: workspace.root, LC_ALL: 'en_US.UTF-8', ...environment },
    });
    child.stderr.pipe(process.stderr);
    const lines: string[] = [];
    const output = createInterface(child.stdout);
    output.on('line', (line) => lines.push(line));
    const [first] = (await once(output, 'line')) as [string];
    const told = JSON.parse(first) as { event: string; address: string };
    const served = new Served(child, lines, told.address);
    await served.#enter();
    return served;
  }

  /** Lines of standard output. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('cookie', this.#cookie);
    headers.set('origin', this.origin);
    return fetch(`${this.origin}${path}`, { ...init, headers, redirect: 'manual' });
  }

  async connect(): Promise<AppClient> {
    const socket = new WebSocket(`${this.origin.replace('http', 'ws')}/engine`, {
      headers: { cookie: this.#cookie, origin: this.origin },
    });
    await once(socket, 'open');
    return new AppClient(socketChannel(socket));
  }

  /** Ends it as a person does and returns its exit status. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    const [status] = (await ended) as [number | null];
    return status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null)
      await this.stop('SIGKILL');
  }

  async #enter(): Promise<void> {
    const answer = await fetch(this.address, { redirect: 'manual' });
    this.#cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  }
}

/** The first status, from now on, that is as wanted. */
export async function statusWhere(
  client: AppClient,
  isWanted: (status: SyncStatus) => boolean,
): Promise<SyncStatus> {
  const { promise, resolve } = Promise.withResolvers<SyncStatus>();
  const stop = client.on('status', (status) => {
    if (isWanted(status)) resolve(status);
  });
  const { status } = await client.call('app.snapshot', {});
  if (isWanted(status)) resolve(status);
  const found = await promise;
  stop();
  return found;
}
