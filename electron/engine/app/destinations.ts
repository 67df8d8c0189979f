import type {
  DestinationCard,
  DestinationDraft,
  DestinationStatus,
  TestStep,
} from '../../../shared/contract/app/destinations.ts';
import type { AppHandlers } from '../../../shared/contract/app/methods.ts';
import {
  destinationName,
  formatDestinationUrl,
  parseDestinationUrl,
  type DestinationUrl,
} from '../../../shared/domain/destination-url.ts';
import { fail } from '../../../shared/domain/failure.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { refuseDataOverlap } from '../data-directory/overlap.ts';
import type { DestinationKind, KindCard } from '../destinations/kind.ts';
import { findDestination, nameDestinations } from '../destinations/short-names.ts';
import type { Engine } from '../runtime/engine.ts';
import { destinationFolders, resolveAsFarAsThere } from '../scan/resolve-paths.ts';
import { relativeTo } from '../scan/roots.ts';
import { givenSecrets } from '../secrets/keychain-secrets.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { refuseOverlap } from '../sync/open-folders.ts';
import type { DestinationSecrets } from './destination-secrets.ts';
import { newId } from './new-id.ts';
import { quickTest } from './quick-test.ts';
import type { SettingsStore } from './settings-store.ts';
import type { StoredDestination } from './stored-settings.ts';

export interface DestinationsPorts {
  readonly store: SettingsStore;
  readonly catalog: Catalog;
  readonly engine: Engine;
  readonly dataDirectory: string;
  /** Secrets of a destination that the keychain was given none for. */
  readonly elsewhere: Secrets;
  readonly secrets: DestinationSecrets;
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

  constructor(ports: DestinationsPorts) {
    this.#ports = ports;
  }

  get handlers(): Pick<AppHandlers, Handled> {
    return {
      'destinations.cards': () => Promise.resolve(this.#cards()),
      'destinations.test': ({ draft }, signal) => this.#test(draft, signal),
      'destinations.add': ({ draft }) => this.#add(draft),
      'destinations.update': ({ id, name, secrets }) => this.#update(id, name, secrets),
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

  #cards(): DestinationCard[] {
    return this.#ports.engine.registry.kinds.flatMap(({ cards }) =>
      cards.map(({ id, title, description, icon, console, fields }) => ({
        ...{ id, title, description, icon, console },
        fields,
      })),
    );
  }

  async #test(draft: DestinationDraft, signal: AbortSignal): Promise<TestStep[]> {
    const { url, kind } = this.#understand(draft);
    await this.#refuseOverlaps(url);
    const given = secretsGiven(kind, draft.secrets);
    const some = Object.keys(given).length > 0;
    const secrets = some ? givenSecrets(given) : this.#ports.elsewhere;
    return this.#tested(url, secrets, signal);
  }

  async #check(id: string, signal: AbortSignal): Promise<TestStep[]> {
    const stored = this.stored(id);
    const row = this.#ports.catalog.deliveries.ensureDestination(stored.url, stored.name);
    const purpose = row.marker === null ? 'setUp' : 'write';
    const open = () => this.#ports.engine.openBare(parseDestinationUrl(stored.url), purpose);
    return quickTest(open, this.#ports.engine.random, this.#ports.onStep, signal);
  }

  /** What a test made so that it could look (a folder for instance) is made for the backup that follows. */
  async #tested(url: DestinationUrl, secrets: Secrets, signal: AbortSignal): Promise<TestStep[]> {
    const { engine, onStep } = this.#ports;
    const existed = url.scheme !== 'file' || (await this.#exists(url.path));
    const steps = await quickTest(
      () => engine.openBare(url, 'setUp', secrets),
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
    const { url, kind } = this.#understand(draft);
    await this.#refuseOverlaps(url);
    const { destinations } = store.get();
    const twice = findDestination(url, destinations);
    if (twice !== undefined) {
      throw fail('conflict', `The photos go to ${twice.name} already, which is the same place.`, {
        hint: 'Choose another place, or edit that destination.',
      });
    }
    const given = secretsGiven(kind, draft.secrets);
    await this.#requireSecrets(draft.card, given);
    const place = destinationName(url);
    await secrets.keep(place, given, []);
    const [named] = nameDestinations([url], catalog.deliveries.destinations());
    const storedUrl = named?.storedUrl ?? formatDestinationUrl(url);
    const name = draft.name.trim() === '' ? (named?.name ?? url.scheme) : draft.name.trim();
    const stored: StoredDestination = {
      id: newId(engine.random),
      url: storedUrl,
      name: name.slice(0, 100),
      card: draft.card,
      secrets: Object.keys(given),
    };
    const { id } = catalog.deliveries.ensureDestination(storedUrl, stored.name);
    catalog.deliveries.rename(id, stored.name);
    store.change({ destinations: [...destinations, stored] });
    onChange(stored, 'added');
    return this.#described(stored.id);
  }

  async #update(
    id: string,
    name: string,
    typed: Readonly<Record<string, string>>,
  ): Promise<DestinationStatus> {
    const { store, catalog, engine, secrets, onChange } = this.#ports;
    const before = this.stored(id);
    const url = parseDestinationUrl(before.url);
    const given = secretsGiven(engine.registry.kindOf(url), typed);
    await secrets.keep(destinationName(url), given, before.secrets);
    const stored: StoredDestination = {
      ...before,
      name,
      secrets: [...new Set([...before.secrets, ...Object.keys(given)])],
    };
    const { destinations } = store.get();
    store.change({ destinations: destinations.map((one) => (one.id === id ? stored : one)) });
    catalog.deliveries.rename(catalog.deliveries.ensureDestination(stored.url, name).id, name);
    onChange(stored, Object.keys(given).length > 0 ? 'updated' : 'renamed');
    return this.#described(id);
  }

  async #remove(id: string): Promise<void> {
    const { store, secrets, onChange } = this.#ports;
    const stored = this.stored(id);
    store.change({ destinations: store.get().destinations.filter((one) => one.id !== id) });
    onChange(stored, 'removed');
    await secrets.forget(destinationName(parseDestinationUrl(stored.url)), stored.secrets);
  }

  #understand(draft: DestinationDraft): {
    readonly url: DestinationUrl;
    readonly kind: DestinationKind;
    readonly card: KindCard;
  } {
    const { kind, card } = this.#ports.engine.registry.card(draft.card);
    // Read again as it will be stored: what looks like a secret in it is refused here.
    const url = parseDestinationUrl(formatDestinationUrl(card.urlOf(draft.values)));
    return { url, kind, card };
  }

  /** What the form asks for and nobody has typed in may come from the environment. */
  async #requireSecrets(cardId: string, given: Readonly<Record<string, string>>): Promise<void> {
    const { engine, elsewhere } = this.#ports;
    const { card } = engine.registry.card(cardId);
    for (const { name, type, required, label } of card.fields) {
      if (type !== 'secret' || !required || given[name] !== undefined) continue;
      const known = Object.keys(given).length === 0 && (await elsewhere.find('', name));
      if (typeof known === 'string') continue;
      throw fail('invalid', `"${label.en}" is missing.`, { hint: 'Fill it in.' });
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

/** What was typed into the fields for secrets; empty ones were not. */
function secretsGiven(
  kind: DestinationKind,
  typed: Readonly<Record<string, string>>,
): Record<string, string> {
  const unknown = Object.keys(typed).find((name) => !kind.secrets.includes(name));
  if (unknown !== undefined) {
    throw fail('invalid', `A ${kind.scheme}: destination has no secret of that name.`);
  }
  return Object.fromEntries(
    Object.entries(typed)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  );
}
