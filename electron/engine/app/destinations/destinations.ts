import type {
  DestinationCard,
  DestinationDraft,
  DestinationStatus,
  TestStep,
} from '../../../../shared/contract/app/destinations.ts';
import type { AppHandlers, AppParams } from '../../../../shared/contract/app/methods.ts';
import {
  destinationName,
  formatDestinationUrl,
  parseDestinationUrl,
  type DestinationUrl,
} from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { refuseDataOverlap } from '../../data-directory/overlap.ts';
import { groupOf, type DestinationKind } from '../../destinations/kind.ts';
import { findDestination, nameDestinations } from '../../destinations/short-names.ts';
import type { Engine, Unkept } from '../../runtime/engine.ts';
import { destinationFolders, resolveAsFarAsThere } from '../../scan/resolve-paths.ts';
import { relativeTo } from '../../scan/roots.ts';
import { givenSecrets } from '../../secrets/keychain-secrets.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { BuiltClients } from '../../sign-in/oauth-client.ts';
import { refuseOverlap } from '../../sync/open-folders.ts';
import type { DestinationSecrets } from './destination-secrets.ts';
import { newId } from '../new-id.ts';
import { quickTest } from './quick-test.ts';
import { reachTest } from './reach-test.ts';
import { secretsGiven } from './secrets-given.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import { DestinationSignIns, type DraftSignIn } from './destination-sign-ins.ts';
import type { SignIns } from './sign-ins.ts';
import type { StoredDestination } from '../settings/stored-settings.ts';

export interface DestinationsPorts {
  readonly store: SettingsStore;
  readonly catalog: Catalog;
  readonly engine: Engine;
  readonly dataDirectory: string;
  /** Secrets of a destination that the keychain was given none for. */
  readonly elsewhere: Secrets;
  readonly secrets: DestinationSecrets;
  readonly signIns: SignIns;
  /** OAuth clients that the build brings along; undefined: those of this build. */
  readonly builtClients: BuiltClients | undefined;
  readonly describe: (id: string) => DestinationStatus | null;
  readonly onStep: (step: TestStep) => void;
  /** The destinations have changed. */
  readonly onChange: (destination: StoredDestination, change: DestinationChange) => void;
}

export type DestinationChange = 'added' | 'renamed' | 'updated' | 'removed';

type Handled =
  | 'destinations.cards'
  | 'destinations.test'
  | 'destinations.add'
  | 'destinations.update'
  | 'destinations.remove'
  | 'destinations.check';

/** The destinations that everything goes to. */
export class Destinations {
  readonly #ports: DestinationsPorts;
  readonly #signIns: DestinationSignIns;

  constructor(ports: DestinationsPorts) {
    this.#ports = ports;
    this.#signIns = new DestinationSignIns(ports);
  }

  get handlers(): Pick<AppHandlers, Handled> {
    return {
      'destinations.cards': () => this.#cards(),
      'destinations.test': ({ draft }, signal) => this.#test(draft, signal),
      'destinations.add': ({ draft }) => this.#add(draft),
      'destinations.update': (change) => this.#update(change),
      'destinations.remove': async ({ id }) => {
        await this.#remove(id);
        return {};
      },
      'destinations.check': ({ id }, signal) => this.#check(id, signal),
    };
  }

  /** @throws `notFound` */
  stored(id: string): StoredDestination {
    const stored = this.#ports.store.get().destinations.find((one) => one.id === id);
    if (stored !== undefined) return stored;
    throw fail('notFound', 'This destination is not there any more.');
  }

  async #cards(): Promise<DestinationCard[]> {
    const { kinds } = this.#ports.engine.registry;
    const cards = kinds.map(async (kind) => {
      const mustBring = await this.#signIns.mustBring(kind);
      return kind.cards.map((card) => {
        const { id, title, description, icon, console } = card;
        const fields = card.fields.map((field) =>
          mustBring.includes(field.name) ? { ...field, required: true } : field,
        );
        const role = kind.role ?? 'backup';
        return { id, title, description, icon, group: groupOf(kind, card), role, console, fields };
      });
    });
    return (await Promise.all(cards)).flat();
  }

  async #test(draft: DestinationDraft, signal: AbortSignal): Promise<TestStep[]> {
    const { url, kind, signIn } = this.#understand(draft);
    await this.#refuseOverlaps(url);
    const given = this.#signIns.secrets(kind, secretsGiven(kind, draft.secrets), signIn);
    const some = Object.keys(given).length > 0;
    const secrets = some ? givenSecrets(given) : this.#ports.elsewhere;
    return this.#tested(
      url,
      signIn === null ? { secrets } : { secrets, accessTokens: signIn.accessTokens },
      signal,
    );
  }

  async #check(id: string, signal: AbortSignal): Promise<TestStep[]> {
    const { engine, catalog, onStep } = this.#ports;
    const stored = this.stored(id);
    const url = parseDestinationUrl(stored.url);
    if (engine.registry.roleOf(url) === 'publish') {
      return reachTest(() => engine.openPublisher(url), onStep, signal);
    }
    const row = catalog.deliveries.ensureDestination(stored.url, stored.name);
    const purpose = row.marker === null ? 'setUp' : 'write';
    return quickTest(() => engine.openBare(url, purpose), engine.random, onStep, signal);
  }

  /** What a test made so that it could look (a folder for instance) is made for the backup that follows. */
  async #tested(url: DestinationUrl, unkept: Unkept, signal: AbortSignal): Promise<TestStep[]> {
    const { engine, onStep } = this.#ports;
    if (engine.registry.roleOf(url) === 'publish') {
      return reachTest(() => engine.openPublisher(url, unkept), onStep, signal);
    }
    const existed = url.scheme !== 'file' || (await this.#exists(url.path));
    const steps = await quickTest(
      () => engine.openBare(url, 'setUp', unkept),
      engine.random,
      onStep,
      signal,
    ).finally(async () => {
      // An empty folder that only the test made goes again; one with anything in it stays.
      if (!existed) await engine.fileSystem.removeDirectory(url.path).catch(() => undefined);
    });
    return steps;
  }

  async #add(draft: DestinationDraft): Promise<DestinationStatus> {
    const { store, catalog, engine, secrets, onChange } = this.#ports;
    const { url, kind, signIn } = this.#understand(draft);
    await this.#refuseOverlaps(url);
    const { destinations } = store.get();
    const twice = findDestination(url, destinations);
    if (twice !== undefined) {
      throw fail('conflict', `The photos go to ${twice.name} already, which is the same place.`, {
        hint: 'Choose another place, or edit that destination.',
      });
    }
    const given = this.#signIns.secrets(kind, secretsGiven(kind, draft.secrets), signIn);
    await this.#requireSecrets(draft.card, given);
    const place = destinationName(url);
    await secrets.keep(place, given, []);
    this.#signIns.used(url, signIn);
    // The folders of most clouds are all called alike.
    const wished = signIn === null ? undefined : kind.title;
    const [named] = nameDestinations([url], catalog.known(), wished);
    const storedUrl = named?.storedUrl ?? formatDestinationUrl(url);
    const name = draft.name.trim() === '' ? (named?.name ?? url.scheme) : draft.name.trim();
    const stored: StoredDestination = {
      id: newId(engine.random),
      url: storedUrl,
      name: name.slice(0, 100),
      card: draft.card,
      secrets: Object.keys(given),
    };
    this.#remember(url, stored);
    store.change({ destinations: [...destinations, stored] });
    onChange(stored, 'added');
    return this.#described(stored.id);
  }

  async #update(change: AppParams<'destinations.update'>): Promise<DestinationStatus> {
    const { store, engine, secrets, onChange } = this.#ports;
    const { id, name } = change;
    const before = this.stored(id);
    const url = parseDestinationUrl(before.url);
    const kind = engine.registry.kindOf(url);
    const typed = secretsGiven(kind, change.secrets);
    const signIn = this.#signIns.again(url, kind, typed, change.signIn);
    const given = this.#signIns.secrets(kind, typed, signIn);
    await secrets.keep(destinationName(url), given, before.secrets);
    const stale = this.#signIns.stale(kind, given, signIn);
    await secrets.forget(destinationName(url), stale);
    this.#signIns.used(url, signIn);
    const names = [...new Set([...before.secrets, ...Object.keys(given)])];
    const stored: StoredDestination = {
      ...before,
      name,
      secrets: names.filter((one) => !stale.includes(one)),
    };
    const { destinations } = store.get();
    store.change({ destinations: destinations.map((one) => (one.id === id ? stored : one)) });
    this.#remember(url, stored);
    onChange(stored, Object.keys(given).length > 0 ? 'updated' : 'renamed');
    return this.#described(id);
  }

  async #remove(id: string): Promise<void> {
    const { store, secrets, onChange } = this.#ports;
    const stored = this.stored(id);
    store.change({ destinations: store.get().destinations.filter((one) => one.id !== id) });
    onChange(stored, 'removed');
    const url = parseDestinationUrl(stored.url);
    await this.#signIns.signOut(url, stored);
    await secrets.forget(destinationName(url), stored.secrets);
  }

  /** The catalogue calls it by its name. */
  #remember(url: DestinationUrl, stored: StoredDestination): void {
    const { catalog, engine } = this.#ports;
    const { deliveries, publications } = catalog;
    if (engine.registry.roleOf(url) === 'backup') {
      deliveries.rename(deliveries.ensureDestination(stored.url, stored.name).id, stored.name);
    } else {
      publications.rename(publications.ensurePublisher(stored.url, stored.name).id, stored.name);
    }
  }

  #understand(draft: DestinationDraft): {
    readonly url: DestinationUrl;
    readonly kind: DestinationKind;
    readonly signIn: DraftSignIn | null;
  } {
    const { kind, card } = this.#ports.engine.registry.card(draft.card);
    const { signIn, values } = this.#signIns.ofDraft(kind, card, draft.values);
    // Read again as it will be stored: what looks like a secret in it is refused here.
    const url = parseDestinationUrl(formatDestinationUrl(card.urlOf(values)));
    return { url, kind, signIn };
  }

  /** What the form asks for and nobody has typed in may come from the environment. */
  async #requireSecrets(cardId: string, given: Readonly<Record<string, string>>): Promise<void> {
    const { engine, elsewhere } = this.#ports;
    const { card } = engine.registry.card(cardId);
    for (const { name, type, required, label } of card.fields) {
      if ((type !== 'secret' && type !== 'signIn') || !required) continue;
      if (given[name] !== undefined) continue;
      const known = Object.keys(given).length === 0 && (await elsewhere.find('', name));
      if (typeof known === 'string') continue;
      throw type === 'signIn'
        ? fail('invalid', 'Nobody is signed in yet.', { hint: 'Sign in first.' })
        : fail('invalid', `"${label.en}" is missing.`, { hint: 'Fill it in.' });
    }
  }

  async #refuseOverlaps(url: DestinationUrl): Promise<void> {
    const { store, engine, dataDirectory } = this.#ports;
    const places = await destinationFolders([url], engine.fileSystem);
    const folders = store.get().folders.map(({ path }) => path);
    refuseOverlap(folders, places);
    await refuseDataOverlap(dataDirectory, places);
    const others = store.get().destinations.map((one) => parseDestinationUrl(one.url));
    const taken = await destinationFolders(others, engine.fileSystem);
    for (const place of places) refuseOverlapOfDestinations(place, taken);
  }

  async #exists(path: string): Promise<boolean> {
    const { fileSystem } = this.#ports.engine;
    const resolved = await resolveAsFarAsThere(path, fileSystem);
    return fileSystem.stat(resolved).then(
      () => true,
      () => false,
    );
  }

  #described(id: string): DestinationStatus {
    const destination = this.#ports.describe(id);
    if (destination !== null) return destination;
    throw fail('bug', 'A destination that was just kept is not there.');
  }
}

/** One backup inside another would be counted as part of it. */
function refuseOverlapOfDestinations(place: string, taken: readonly string[]): void {
  const clash = taken.find((other) => other !== place && isInside(place, other));
  if (clash === undefined) return;
  throw fail('invalid', `${place} and the destination ${clash} lie in each other.`, {
    hint: 'Choose a folder beside it.',
  });
}

function isInside(one: string, other: string): boolean {
  return relativeTo(one, other) !== null || relativeTo(other, one) !== null;
}
