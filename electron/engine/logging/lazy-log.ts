import { createFileLogger, type FileLogger } from './file-logger.ts';
import type { LogFields, Logger } from './logger.ts';

export interface LogPlace {
  readonly dataDirectory: string;
  /** Takes secrets out of what is written. */
  readonly redact: (text: string) => string;
}

/**
 * The log in the data directory. It is opened only once this process holds that directory, so that two of
 * them never write, or rotate, one log; what is said before is dropped.
 */
export class LazyLog implements Logger, AsyncDisposable {
  readonly #place: LogPlace;
  #log: FileLogger | null = null;

  constructor(place: LogPlace) {
    this.#place = place;
  }

  open(): void {
    this.#log ??= createFileLogger(this.#place.dataDirectory, this.#place.redact);
  }

  debug(message: string, fields?: LogFields): void {
    this.#log?.debug(message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#log?.info(message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#log?.warn(message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#log?.error(message, fields);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#log?.close();
  }
}
