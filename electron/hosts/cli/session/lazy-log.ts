import { createFileLogger, type FileLogger } from '../../../engine/logging/file-logger.ts';
import type { LogFields, Logger } from '../../../engine/logging/logger.ts';
import type { Context } from '../context.ts';

/**
 * The log in the data directory. It is opened only once this process holds that directory, so that two of
 * them never write, or rotate, one log; what is said before is dropped.
 */
export class LazyLog implements Logger, AsyncDisposable {
  readonly #context: Context;
  #log: FileLogger | null = null;

  constructor(context: Context) {
    this.#context = context;
  }

  open(): void {
    this.#log ??= createFileLogger(this.#context.dataDirectory, this.#context.redact);
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
