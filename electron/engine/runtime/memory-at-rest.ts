import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Processor time so far, and what gives memory back. */
export interface Process {
  /** Of all threads, milliseconds. */
  processorMs(): number;
  collect(): void;
}

/** Between two looks at whether the process is at rest, milliseconds. */
const lookEveryMs = 5000;
/** Share of a core below which it is. */
const atRest = 0.05;

/**
 * Gives memory back once a process that worked has come to rest. V8 collects garbage when something is
 * allocated, so what a scan left behind would stay for as long as nothing happens: in a program that sits in
 * the tray, all day.
 */
export class MemoryAtRest {
  readonly #process: Process;
  readonly #timer: NodeJS.Timeout;
  #before: number;
  #worked = true;

  constructor(process: Process = thisProcess) {
    this.#process = process;
    this.#before = process.processorMs();
    this.#timer = setInterval(() => {
      this.#look();
    }, lookEveryMs);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = this.#process.processorMs();
    const rests = now - this.#before < lookEveryMs * atRest;
    if (rests && this.#worked) this.#process.collect();
    this.#worked = !rests;
    // What the collection itself took is no work.
    this.#before = this.#process.processorMs();
  }
}

const thisProcess: Process = {
  processorMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  collect: () => {
    // Node has no other way to ask for it; the flag shows only in contexts that are made after it was set.
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    setFlagsFromString('--no-expose-gc');
    // "last-resort" is the collection that also gives free pages back to the system.
    if (isCollector(collect)) {
      collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    }
  },
};

function isCollector(value: unknown): value is NodeJS.GCFunction {
  return typeof value === 'function';
}
