import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import type { z } from 'zod';

import {
  desktopRequests,
  type DesktopAnswer,
  type DesktopParams,
  type DesktopRequest,
  type DesktopResults,
  type RequestChannel,
} from '../../../shared/contract/desktop/requests.ts';
import { fail, failureOf } from '../../../shared/domain/failure.ts';
import type { Logger } from '../../engine/logging/logger.ts';

/** What the main process does for each request of a window. */
export type RequestHandlers = {
  readonly [R in DesktopRequest]: (
    params: DesktopParams<R>,
    event: IpcMainInvokeEvent,
  ) => Promise<DesktopResults[R]>;
};

export interface RequestOptions {
  readonly isTrusted: (event: IpcMainInvokeEvent) => boolean;
  readonly logger: Logger;
}

/**
 * The one way in which windows reach the main process: the sender is checked, then the arguments, then the
 * handler runs. Everything that goes wrong is answered as data.
 */
export function serveRequests(
  ipcMain: Pick<IpcMain, 'handle'>,
  handlers: RequestHandlers,
  options: RequestOptions,
): void {
  for (const request of Object.keys(desktopRequests) as DesktopRequest[]) {
    const channel: RequestChannel = `request:${request}`;
    ipcMain.handle(channel, (event, params: unknown) =>
      answer(request, params, event, handlers, options),
    );
  }
}

async function answer(
  request: DesktopRequest,
  params: unknown,
  event: IpcMainInvokeEvent,
  handlers: RequestHandlers,
  { isTrusted, logger }: RequestOptions,
): Promise<DesktopAnswer<DesktopRequest>> {
  try {
    if (!isTrusted(event)) throw fail('auth', 'This page may not ask for that.');
    const schema: z.ZodType = desktopRequests[request];
    const parsed = schema.safeParse(params);
    if (!parsed.success) {
      throw fail('invalid', `The parameters of ${request} are not what was agreed.`);
    }
    // The table ties each request's schema to its handler; TypeScript cannot follow that through a variable.
    const handler = handlers[request] as (
      params: unknown,
      event: IpcMainInvokeEvent,
    ) => Promise<DesktopResults[DesktopRequest]>;
    return { ok: true, value: await handler(parsed.data, event) };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code !== 'offline') {
      logger.warn('request of a window refused', { request, code: failure.code });
    }
    return { ok: false, failure };
  }
}
