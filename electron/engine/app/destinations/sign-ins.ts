import type { Announce } from '../../../../shared/contract/app/events.ts';
import type { AppHandlers, AppParams } from '../../../../shared/contract/app/methods.ts';
import type { Settings } from '../../../../shared/contract/app/settings.ts';
import type { StartedSignIn } from '../../../../shared/contract/app/sign-in.ts';
import { destinationName, type DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import type { DestinationKind } from '../../destinations/kind.ts';
import type { OpenAccessTokens, SignInProvider } from '../../destinations/sign-in.ts';
import type { Engine } from '../../runtime/engine.ts';
import { givenSecrets } from '../../secrets/keychain-secrets.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { signInAgain } from '../../sign-in/hints.ts';
import {
  findClient,
  noClient,
  type BuiltClients,
  type OAuthClient,
} from '../../sign-in/oauth-client.ts';
import { startSignIn, type SignedIn } from '../../sign-in/sign-in-flow.ts';
import { newId } from '../new-id.ts';
import { secretsGiven } from './secrets-given.ts';

/** Sign-ins that are remembered at a time; the oldest is forgotten for another. */
const mostSignIns = 20;

export interface SignInsPorts {
  readonly engine: Engine;
  /** Secrets that no destination has in the keychain. */
  readonly elsewhere: Secrets;
  /** The URL of a destination; `notFound` where there is none of that id. */
  readonly urlOf: (id: string) => DestinationUrl;
  /** Secrets of destinations that are kept. */
  readonly kept: Secrets;
  readonly language: () => Settings['language'];
  readonly announce: Announce;
  readonly hide: (secret: string) => void;
  readonly builtClients: BuiltClients | undefined;
}

/** A sign-in that is done, for a destination that is not kept yet. */
export interface DoneSignIn {
  readonly account: string;
  /** What the keychain is to hold for the destination, by name. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly accessTokens: OpenAccessTokens;
}

interface SignIn {
  readonly kind: DestinationKind;
  readonly provider: SignInProvider;
  readonly client: OAuthClient;
  readonly stop: AbortController;
  done: DoneSignIn | null;
  /** Until it has ended one way or the other; never rejects. */
  ended: Promise<void>;
}

/** The sign-ins that people do in the window. Tokens stay here and in the keychain. */
export class SignIns {
  readonly #ports: SignInsPorts;
  readonly #all = new Map<string, SignIn>();

  constructor(ports: SignInsPorts) {
    this.#ports = ports;
  }

  get handlers(): Pick<AppHandlers, 'signIn.start' | 'signIn.cancel'> {
    return {
      'signIn.start': (params) => this.#start(params),
      'signIn.cancel': ({ id }) => {
        this.forget(id);
        return Promise.resolve({});
      },
    };
  }

  /** @throws `invalid` where this sign-in is not done, over, or of another kind of destination */
  done(id: string, kind: DestinationKind): DoneSignIn {
    const signIn = this.#all.get(id);
    if (signIn?.kind.scheme === kind.scheme && signIn.done !== null) {
      return signIn.done;
    }
    throw fail('invalid', 'This sign-in is over.', { hint: 'Sign in again.' });
  }

  /** It was used, or nobody wants it any more. */
  forget(id: string): void {
    this.#all.get(id)?.stop.abort();
    this.#all.delete(id);
  }

  async close(): Promise<void> {
    const all = [...this.#all];
    for (const [id] of all) this.forget(id);
    await Promise.all(all.map(([, { ended }]) => ended));
  }

  async #start({
    card: cardId,
    secrets,
    destination,
  }: AppParams<'signIn.start'>): Promise<StartedSignIn> {
    const { engine, hide } = this.#ports;
    const { kind } = engine.registry.card(cardId);
    const provider = kind.signIn?.(engine.endpoints);
    if (provider === undefined) throw fail('invalid', `${kind.title} has no sign-in.`);
    const typed = secretsGiven(kind, secrets);
    for (const secret of Object.values(typed)) hide(secret);
    const client = await this.#client(provider, typed, destination);
    await this.#makeRoom(provider);
    const stop = new AbortController();
    const language = this.#ports.language();
    const { address, finished } = await startSignIn(
      {
        ...{ provider, client, clock: engine.clock, signInAgain: signInAgain(kind.scheme) },
        language: language === 'system' ? null : language,
      },
      stop.signal,
    );
    const id = newId(engine.random);
    const signIn: SignIn = { kind, provider, client, stop, done: null, ended: Promise.resolve() };
    this.#all.set(id, signIn);
    signIn.ended = this.#follow(id, signIn, finished);
    return { id, address };
  }

  /** What was typed, else what the destination has, else the environment's, else the build's. */
  async #client(
    provider: SignInProvider,
    typed: Readonly<Record<string, string>>,
    destination: string | null,
  ): Promise<OAuthClient> {
    const { kept, elsewhere, urlOf, builtClients } = this.#ports;
    const given = givenSecrets(typed);
    const place = destination === null ? '' : destinationName(urlOf(destination));
    const { clientId } = provider.secrets;
    const hasTyped = (await given.find(place, clientId)) !== undefined;
    const hasKept =
      destination !== null && (await kept.find(place, clientId).catch(() => undefined));
    const source = hasTyped ? given : typeof hasKept === 'string' ? kept : elsewhere;
    const client = await findClient(provider, (name) => source.find(place, name), builtClients);
    if (client === null) throw noClient(provider, 'invalid');
    return client;
  }

  /** Whoever starts anew waits for the old one no more, which may hold the only port. */
  async #makeRoom({ id }: SignInProvider): Promise<void> {
    for (const [key, { provider, done, ended }] of [...this.#all]) {
      if (provider.id !== id || done !== null) continue;
      this.forget(key);
      await ended;
    }
    const [oldest] = this.#all.keys();
    if (oldest !== undefined && this.#all.size >= mostSignIns) this.forget(oldest);
  }

  /** Never rejects. */
  async #follow(id: string, signIn: SignIn, finished: Promise<SignedIn>): Promise<void> {
    const { announce } = this.#ports;
    try {
      const signedIn = await finished;
      signIn.done = this.#doneBy(signIn, signedIn);
      const { account } = signedIn;
      announce('signIn', { id, state: 'done', account, failure: null });
    } catch (error) {
      this.#all.delete(id);
      const failure = failureOf(error);
      const cancelled = failure.code === 'cancelled';
      announce('signIn', {
        ...{ id, account: null },
        ...(cancelled ? { state: 'cancelled', failure: null } : { state: 'failed', failure }),
      });
    }
  }

  #doneBy(
    { kind, provider, client }: SignIn,
    { account, refreshToken, grant }: SignedIn,
  ): DoneSignIn {
    const { engine, hide } = this.#ports;
    let current = refreshToken;
    hide(refreshToken);
    const tokens = engine.accounts.tokens({
      ...{ provider, scheme: kind.scheme, first: grant },
      store: {
        load: () => Promise.resolve(current),
        save: (newer) => {
          current = newer;
          return Promise.resolve();
        },
      },
      client: () => Promise.resolve(client),
    });
    return {
      account,
      get secrets() {
        return { [provider.secrets.refreshToken]: current, ...ownClient(provider, client) };
      },
      accessTokens: () => tokens,
    };
  }
}

/** A client of the person's own stays with the sign-in that it was used for. */
function ownClient(
  { secrets: { clientId, clientSecret } }: SignInProvider,
  { id, secret, own }: OAuthClient,
): Record<string, string> {
  if (!own) return {};
  const hasSecret = clientSecret !== null && secret !== null;
  return { [clientId]: id, ...(hasSecret ? { [clientSecret]: secret } : {}) };
}
