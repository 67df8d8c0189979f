import { z } from 'zod';

import { fail, failureOf } from '../../domain/failure.ts';
import type { Channel, ServerMessage } from './channel.ts';
import { appMethods, type AppHandlers, type AppMethod } from './methods.ts';

const clientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('request'),
    id: z.int().nonnegative(),
    method: z.string().max(100),
    params: z.unknown(),
  }),
  z.strictObject({ type: z.literal('cancel'), id: z.int().nonnegative() }),
]);

/**
 * The engine's side of the contract for one window: parses each request, runs its handler and sends the answer
 * or the failure. What is no request is dropped. When the window goes away its requests are cancelled.
 */
export function serveChannel(channel: Channel, handlers: AppHandlers): void {
  const running = new Map<number, AbortController>();
  const send = (message: ServerMessage): void => {
    channel.send(message);
  };
  const answer = async (id: number, method: string, params: unknown): Promise<void> => {
    const stop = new AbortController();
    running.set(id, stop);
    try {
      const result = await handle(handlers, method, params, stop.signal);
      if (!stop.signal.aborted) send({ type: 'result', id, result });
    } catch (error) {
      if (!stop.signal.aborted) send({ type: 'failure', id, failure: failureOf(error) });
    } finally {
      running.delete(id);
    }
  };
  channel.onMessage((message) => {
    const parsed = clientMessageSchema.safeParse(message);
    if (!parsed.success) return;
    const { data } = parsed;
    if (data.type === 'cancel') running.get(data.id)?.abort();
    else if (!running.has(data.id)) void answer(data.id, data.method, data.params);
  });
  channel.onClose(() => {
    for (const stop of running.values()) stop.abort();
  });
}

async function handle(
  handlers: AppHandlers,
  method: string,
  params: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  if (!isMethod(method)) throw fail('unsupported', `There is no method ${JSON.stringify(method)}.`);
  const schema: z.ZodType = appMethods[method].params;
  const parsed = schema.safeParse(params);
  if (!parsed.success) {
    throw fail('invalid', `The parameters of ${method} are not what was agreed.`, {
      hint: z.prettifyError(parsed.error),
    });
  }
  // The table ties each method's schema to its handler; TypeScript cannot follow that through a variable name.
  const handler = handlers[method] as (params: unknown, signal: AbortSignal) => Promise<unknown>;
  return handler(parsed.data, signal);
}

function isMethod(method: string): method is AppMethod {
  return Object.hasOwn(appMethods, method);
}
