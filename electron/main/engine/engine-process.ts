import type { MessagePortMain } from 'electron';

import {
  fromEngineSchema,
  type FromEngine,
  type ToEngine,
} from '../../../shared/contract/app/engine-control.ts';
import { fail, type Failure } from '../../../shared/domain/failure.ts';
import type { Logger } from '../../engine/logging/logger.ts';
import type { Timers } from '../system/timers.ts';
import { Watched } from '../system/watched.ts';
import { restartDelayMs, steadyMs } from './restart-delay.ts';

/** What is used of Electron's utility process. */
export interface EngineChild {
  postMessage(message: unknown, transfer?: MessagePortMain[]): void;
  kill(): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'exit', listener: (status: number) => void): unknown;
}

/** How the engine's process stands. */
export type EngineState =
  | { readonly state: 'starting' }
  | { readonly state: 'running' }
  /** It ended by itself; it is started again at that moment, milliseconds since 1970. */
  | { readonly state: 'restarting'; readonly failure: Failure; readonly atMs: number }
  /** It parks its transfers and ends. */
  | { readonly state: 'stopping' }
  | { readonly state: 'stopped' };

export interface EngineProcessOptions {
  readonly fork: () => EngineChild;
  /** The `start` message for a new process. */
  readonly start: () => Extract<ToEngine, { type: 'start' }>;
  /** Every message that is not about the process itself. */
  readonly onMessage: (message: FromEngine) => void;
  readonly timers: Timers;
  readonly logger: Logger;
}

/**
 * Keeps the engine's process running: started again after a crash, with growing pauses. Nothing is lost by a
 * crash, since the engine's queue is in its catalogue.
 */
export class EngineProcess {
  readonly state = new Watched<EngineState>({ state: 'starting' });
  readonly #options: EngineProcessOptions;
  #child: EngineChild | null = null;
  #crashes = 0;
  #failure: Failure | null = null;
  #stopping = false;
  #cancelRestart: (() => void) | null = null;

  constructor(options: EngineProcessOptions) {
    this.#options = options;
  }

  start(): void {
    this.#cancelRestart = null;
    if (this.#stopping) return;
    const { fork, start, timers, logger } = this.#options;
    const child = fork();
    const startedMs = timers.now();
    this.#child = child;
    this.#failure = null;
    this.state.set({ state: 'starting' });
    child.on('message', (message: unknown) => {
      this.#take(message);
    });
    child.once('exit', (status) => {
      logger.info('engine process ended', { status });
      this.#child = null;
      if (timers.now() - startedMs >= steadyMs) this.#crashes = 0;
      this.#ended();
    });
    child.postMessage(start());
  }

  /** Tells the engine something, with a port where the message comes with one. */
  send(message: ToEngine, ports: MessagePortMain[] = []): void {
    if (this.#child === null) {
      throw fail('offline', 'The sync engine is not running.', {
        hint: 'It is being started again; nothing is lost.',
      });
    }
    this.#child.postMessage(message, ports);
  }

  /** Starts it at once where it waits for its restart. */
  retryNow(): void {
    if (this.#cancelRestart === null) return;
    this.#cancelRestart();
    this.start();
  }

  /**
   * Has the engine park its transfers and end. After the deadline the process is killed: what was not parked
   * is taken up at the next start, as after a crash.
   */
  stop(deadlineMs: number): Promise<void> {
    this.#stopping = true;
    this.#cancelRestart?.();
    this.#cancelRestart = null;
    const child = this.#child;
    if (child === null) {
      this.state.set({ state: 'stopped' });
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const cancel = this.#options.timers.after(deadlineMs, () => {
        this.#options.logger.warn('engine process killed after its deadline', { deadlineMs });
        child.kill();
      });
      child.once('exit', () => {
        cancel();
        resolve();
      });
      child.postMessage({ type: 'shutDown' } satisfies ToEngine);
      this.state.set({ state: 'stopping' });
    });
  }

  #take(message: unknown): void {
    const parsed = fromEngineSchema.safeParse(message);
    if (!parsed.success) {
      this.#options.logger.error('engine process sent what was not agreed');
      return;
    }
    if (parsed.data.type === 'ready' && !this.#stopping) this.state.set({ state: 'running' });
    else if (parsed.data.type === 'failed') this.#failure = parsed.data.failure;
    this.#options.onMessage(parsed.data);
  }

  #ended(): void {
    if (this.#stopping) {
      this.state.set({ state: 'stopped' });
      return;
    }
    this.#crashes += 1;
    const delayMs = restartDelayMs(this.#crashes);
    const { timers, logger } = this.#options;
    const failure = this.#failure ?? {
      code: 'bug',
      message: 'The sync engine stopped unexpectedly and is being started again.',
      hint: 'Nothing is lost: it goes on where it was.',
    };
    logger.warn('engine process is started again', { delayMs, code: failure.code });
    this.#cancelRestart = timers.after(delayMs, () => {
      this.start();
    });
    this.state.set({ state: 'restarting', failure, atMs: timers.now() + delayMs });
  }
}
