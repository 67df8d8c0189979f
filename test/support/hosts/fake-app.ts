import type { Announce } from '../../../shared/contract/app/events.ts';
import {
  appMethods,
  type AppHandlers,
  type AppMethod,
} from '../../../shared/contract/app/methods.ts';
import { fail } from '../../../shared/domain/failure.ts';
import type { App } from '../../../electron/engine/app/app.ts';

/** An app of which a test says what it answers; everything else is `unsupported`. */
export interface FakeApp extends Pick<App, 'handlers' | 'subscribe' | 'picture' | 'receive'> {
  /** Tells every window. */
  readonly announce: Announce;
  /** Windows that listen. */
  readonly listeners: ReadonlySet<Announce>;
}

export interface FakeAnswers {
  readonly handlers?: Partial<AppHandlers>;
  readonly picture?: App['picture'];
  readonly receive?: App['receive'];
}

export function fakeApp(answers: FakeAnswers = {}): FakeApp {
  const listeners = new Set<Announce>();
  return {
    handlers: { ...refusing(), ...answers.handlers },
    subscribe: (announce) => {
      listeners.add(announce);
      return () => {
        listeners.delete(announce);
      };
    },
    picture: answers.picture ?? (() => Promise.resolve(null)),
    receive: answers.receive ?? (() => Promise.resolve()),
    announce: (name, data) => {
      for (const listener of listeners) listener(name, data);
    },
    listeners,
  };
}

function refusing(): AppHandlers {
  const handlers: Partial<Record<AppMethod, () => Promise<never>>> = {};
  for (const method of Object.keys(appMethods) as AppMethod[]) {
    handlers[method] = () => Promise.reject(fail('unsupported', `No test answers ${method}.`));
  }
  return handlers as Required<typeof handlers>;
}
