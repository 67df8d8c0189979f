import { z } from 'zod';

import { fail, CloudrollError } from '../../domain/failure.ts';
import type { Channel, ClientMessage } from './channel.ts';
import { appEvents, type AppEventData, type AppEventName } from './events.ts';
import { failureSchema } from './failure-schema.ts';
import { appMethods, type AppMethod, type AppParams, type AppResult } from './methods.ts';

const serverMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('result'), id: z.int(), result: z.unknown() }),
  z.strictObject({ type: z.literal('failure'), id: z.int(), failure: failureSchema }),
  z.strictObject({ type: z.literal('event'), name: z.string(), data: z.unknown() }),
]);

interface Waiting {
  readonly settle: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The window's side of the contract over one channel. What arrives is parsed; an answer that does not keep to
 * the contract is a `bug`, and an event that does not is dropped.
 */
export class AppClient {
  readonly #channel: Channel;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<AppEventName, Set<(data: unknown) => void>>();
  #nextId = 1;
  #closed = false;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.onMessage((message) => {
      this.#take(message);
    });
    channel.onClose(() => {
      this.#closed = true;
      for (const { reject } of this.#waiting.values()) reject(engineGone());
      this.#waiting.clear();
    });
  }

  /**
   * Asks the engine. Rejects with the engine's own failure as `CloudrollError`; `offline` when the engine goes
   * away meanwhile, `cancelled` when the signal aborts.
   */
  async call<M extends AppMethod>(
    method: M,
    params: AppParams<M>,
    signal?: AbortSignal,
  ): Promise<AppResult<M>> {
    if (this.#closed) throw engineGone();
    if (signal?.aborted === true) throw cancelled();
    const id = this.#nextId++;
    const answer = new Promise<unknown>((settle, reject) => {
      this.#waiting.set(id, { settle, reject });
    });
    const onAbort = (): void => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      this.#send({ type: 'cancel', id });
      waiting?.reject(cancelled());
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      this.#send({ type: 'request', id, method, params });
      return this.#parse(method, await answer);
    } finally {
      this.#waiting.delete(id);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Calls back for every event of that name, until the returned function is called. */
  on<E extends AppEventName>(name: E, listener: (data: AppEventData<E>) => void): () => void {
    const schema: z.ZodType = appEvents[name];
    const parse = (data: unknown): void => {
      const parsed = schema.safeParse(data);
      if (parsed.success) listener(parsed.data as AppEventData<E>);
    };
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(parse));
    return () => {
      listeners.delete(parse);
    };
  }

  close(): void {
    this.#channel.close();
  }

  #send(message: ClientMessage): void {
    if (!this.#closed) this.#channel.send(message);
  }

  #parse<M extends AppMethod>(method: M, result: unknown): AppResult<M> {
    const schema: z.ZodType = appMethods[method].result;
    const parsed = schema.safeParse(result);
    if (parsed.success) return parsed.data as AppResult<M>;
    throw fail('bug', `The answer to ${method} is not what was agreed.`, { cause: parsed.error });
  }

  #take(message: unknown): void {
    const parsed = serverMessageSchema.safeParse(message);
    if (!parsed.success) return;
    const { data } = parsed;
    if (data.type === 'event') {
      if (!isEventName(data.name)) return;
      for (const listener of this.#listeners.get(data.name) ?? []) listener(data.data);
    } else if (data.type === 'result') {
      this.#waiting.get(data.id)?.settle(data.result);
    } else {
      this.#waiting.get(data.id)?.reject(new CloudrollError(data.failure));
    }
  }
}

function isEventName(name: string): name is AppEventName {
  return Object.hasOwn(appEvents, name);
}

function engineGone(): CloudrollError {
  return fail('offline', 'The sync engine is not running.', {
    hint: 'It is being started again; nothing is lost.',
  });
}

function cancelled(): CloudrollError {
  return fail('cancelled', 'The work was cancelled.');
}
