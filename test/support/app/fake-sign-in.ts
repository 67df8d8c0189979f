import type { AppHandlers } from '../../../shared/contract/app/methods.ts';
import { fail } from '../../../shared/domain/failure.ts';
import type { FakeEngine } from './fake-engine.ts';

/** How a sign-in ends; `waiting`: not before `signIn` is announced by hand. */
export const fakeSignIns = ['waiting', 'done', 'declined', 'noClient'] as const;
export type FakeSignIn = (typeof fakeSignIns)[number];

/** Signing in without a browser: it ends as the engine was told. */
export function fakeSignIn(
  engine: FakeEngine,
): Pick<AppHandlers, 'signIn.start' | 'signIn.cancel'> {
  let begun = 0;
  return {
    'signIn.start': ({ card, secrets }) => {
      if (engine.signIn === 'noClient' && Object.keys(secrets).length === 0) {
        return Promise.reject(
          fail('invalid', `There is no client ID for ${card}.`, {
            hint: 'Register a client of your own and fill in its ID.',
          }),
        );
      }
      begun += 1;
      const id = `s${String(begun)}`;
      if (engine.signIn === 'done') {
        engine.announce('signIn', {
          id,
          state: 'done',
          account: 'mina.kim@example.com',
          failure: null,
        });
      }
      if (engine.signIn === 'declined') {
        engine.announce('signIn', {
          id,
          state: 'failed',
          account: null,
          failure: { code: 'auth', message: 'The provider answered access_denied.' },
        });
      }
      return Promise.resolve({
        id,
        address: `https://accounts.example.com/o/oauth2/auth?state=${id}`,
      });
    },
    'signIn.cancel': ({ id }) => {
      engine.announce('signIn', { id, state: 'cancelled', account: null, failure: null });
      return Promise.resolve({});
    },
  };
}
