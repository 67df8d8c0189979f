import { signalStatus } from './exit-status.ts';

export type StopSignal = keyof typeof signalStatus;

/** The process, as far as stopping it goes. */
export interface SignalSource {
  on(signal: StopSignal, listener: () => void): unknown;
}

/**
 * One press of Ctrl-C may come as several signals: from the terminal and again from npm, or raised anew by a
 * library that cleans up after the first. Milliseconds.
 */
const onePressMs = 250;

/**
 * Ctrl-C and its kin: the first asks the work to end cleanly (`signal` aborts), a second one calls
 * `onSecond`, which must end the process at once.
 */
export class StopSignals {
  readonly #controller = new AbortController();
  #received: StopSignal | null = null;
  #receivedMs = 0;

  /** @param nowMs milliseconds that only grow */
  constructor(
    source: SignalSource,
    onFirst: () => void,
    onSecond: (status: number) => void,
    nowMs = (): number => performance.now(),
  ) {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      const listener = () => {
        if (this.#received !== null) {
          if (nowMs() - this.#receivedMs >= onePressMs) onSecond(signalStatus[name]);
          return;
        }
        this.#received = name;
        this.#receivedMs = nowMs();
        onFirst();
        this.#controller.abort();
      };
      source.on(name, listener);
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The status that the process ends with; null where nobody stopped it. */
  get status(): number | null {
    return this.#received === null ? null : signalStatus[this.#received];
  }
}
