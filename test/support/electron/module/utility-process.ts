import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { ForkOptions, UtilityProcess } from 'electron';

import type { UtilityMessage } from '../messages.ts';
import { closePortsOf, StandInPort, standInPorts, type PortHome } from './ports.ts';
import { record } from './state.ts';

type UtilityMethods = Pick<UtilityProcess, 'kill' | 'pid'>;

const child = fileURLToPath(new URL('../utility-child.ts', import.meta.url));

/** A utility process: a real process of Node with `process.parentPort`. */
export class StandInUtility extends EventEmitter implements UtilityMethods, PortHome {
  readonly pid: number | undefined;
  readonly #child: ChildProcess;

  private constructor(process: ChildProcess, isEngine: boolean) {
    super();
    this.#child = process;
    this.pid = process.pid;
    if (isEngine) recordStart(process.pid ?? null);
    process.on('message', (message: UtilityMessage) => {
      if (message.type === 'message') this.emit('message', message.data);
      else if (message.type === 'portData')
        StandInPort.byId(message.port)?.postMessage(message.data);
      else StandInPort.byId(message.port)?.close();
    });
    process.on('spawn', () => this.emit('spawn'));
    process.on('exit', (status) => {
      closePortsOf(this);
      if (isEngine) record(() => ({ engine: null }));
      this.emit('exit', status ?? 1);
    });
  }

  static fork(module: string, args: string[] = [], options: ForkOptions = {}): StandInUtility {
    return new StandInUtility(
      fork(module, args, {
        execArgv: ['--import', child],
        serialization: 'advanced',
        env: { ...options.env },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      }),
      options.serviceName === 'Cloudroll engine',
    );
  }

  postMessage(data: unknown, transfer?: readonly unknown[]): void {
    const ports = standInPorts(transfer);
    this.#tell({ type: 'message', data, ports: ports.map(({ id }) => id) });
    for (const port of ports) port.moveTo(this);
  }

  kill(): boolean {
    return this.#child.kill();
  }

  data(port: number, data: unknown): void {
    this.#tell({ type: 'portData', port, data });
  }

  closed(port: number): void {
    this.#tell({ type: 'portClosed', port });
  }

  #tell(message: UtilityMessage): void {
    // One that has ended meanwhile reports its exit.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}

function recordStart(engine: number | null): void {
  record(({ engineStarts }) => ({ engine, engineStarts: engineStarts + 1 }));
}
