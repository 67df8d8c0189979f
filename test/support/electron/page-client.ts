import type { Page } from 'playwright-core';

import type { HostBridge } from '../../../shared/contract/app/host-bridge.ts';
import {
  appMethods,
  type AppMethod,
  type AppParams,
} from '../../../shared/contract/app/methods.ts';

/** The page's globals, as far as tests use them. */
interface BridgedGlobals {
  readonly cloudroll: HostBridge;
}

/**
 * Asks the engine from inside a page, by the bridge that the preload gave it: the way of the window's own code.
 * @returns the answer as it came
 */
export async function askFromPage<M extends AppMethod>(
  page: Page,
  method: M,
  params: AppParams<M>,
): Promise<unknown> {
  const answer: unknown = await page.evaluate(
    async ([name, given]) => {
      const { cloudroll } = globalThis as typeof globalThis & BridgedGlobals;
      const channel = await cloudroll.connect();
      try {
        return await new Promise((resolve) => {
          channel.onMessage((message) => {
            const isAnswer = typeof message === 'object' && message !== null && 'id' in message;
            if (isAnswer) resolve(message);
          });
          channel.send({ type: 'request', id: 1, method: name, params: given });
        });
      } finally {
        channel.close();
      }
    },
    [method, params] as const,
  );
  if (typeof answer === 'object' && answer !== null && 'result' in answer) {
    return appMethods[method].result.parse(answer.result);
  }
  throw new Error(`${method}: ${JSON.stringify(answer)}`);
}

/** What the preload gave a page. */
export async function fromBridge<T>(
  page: Page,
  read: (bridge: HostBridge) => T | Promise<T>,
): Promise<T> {
  const bridge = await page.evaluateHandle(
    () => (globalThis as typeof globalThis & BridgedGlobals).cloudroll,
  );
  return bridge.evaluate(read);
}
