import { promises as fs } from 'node:fs';
import path from 'node:path';

import { NodeFileSystem } from '../../../electron/engine/adapters/node-file-system.ts';
import type { PublishedTotals } from '../../../electron/engine/catalog/publications.ts';
import { BandwidthLimit } from '../../../electron/engine/destinations/decorators/bandwidth.ts';
import { decoratePublisher } from '../../../electron/engine/destinations/decorators/decorate-publisher.ts';
import type { OpenContext } from '../../../electron/engine/destinations/open-context.ts';
import type { Publisher } from '../../../electron/engine/destinations/publisher.ts';
import { builtInDestinations } from '../../../electron/engine/destinations/registry.ts';
import type { AccessTokens } from '../../../electron/engine/destinations/sign-in.ts';
import { silentLogger } from '../../../electron/engine/logging/logger.ts';
import { PublishSession } from '../../../electron/engine/publish/publish-session.ts';
import { environmentSecrets } from '../../../electron/engine/secrets/environment-secrets.ts';
import { parseDestinationUrl } from '../../../shared/domain/destination-url.ts';
import { fail, type Failure } from '../../../shared/domain/failure.ts';
import { describedAs, hashOf, TestCatalog } from '../catalog/test-catalog.ts';
import { FakeClock } from '../destinations/fake-clock.ts';
import { seededRandom } from '../destinations/seeded-random.ts';
import { testMediaReader } from '../destinations/test-media-reader.ts';
import { photosScopes, type GooglePhotosDouble } from '../doubles/google-photos.ts';

const patient = new AbortController().signal;

/** Somebody who is signed in at the double. */
export interface PhotosAccess {
  readonly refreshToken: string;
  readonly tokens: AccessTokens;
}

export function signedIn(
  { accounts }: GooglePhotosDouble,
  scopes: readonly string[] = photosScopes,
): PhotosAccess {
  const grant = { clientId: 'client-1', email: 'me@example.com', scopes };
  const refreshToken = accounts.grant(grant, 'client-secret');
  let token: string | undefined;
  const get = (): Promise<string> => {
    token ??= accounts.accessToken(refreshToken);
    return token === undefined
      ? Promise.reject(fail('auth', 'The sign-in was revoked.'))
      : Promise.resolve(token);
  };
  const refused = (): void => {
    token = undefined;
  };
  return { refreshToken, tokens: { get, refused } };
}

/** What came of one run. */
export interface Published {
  readonly stopped: Failure | null;
  /** Names that were told of as published. */
  readonly told: string[];
  readonly totals: PublishedTotals;
}

/** One computer with real files, a catalogue with one backup, and an album in Google Photos. */
export class PublishingDevice {
  readonly folder: string;
  readonly test: TestCatalog;
  readonly clock = new FakeClock();
  readonly url: string;
  readonly #fileSystem = new NodeFileSystem();
  readonly #random = seededRandom(7);

  constructor(folder: string, url = 'gphotos:///여름?account=me@example.com') {
    this.folder = folder;
    this.url = url;
    this.test = new TestCatalog(1, 'aa', folder);
  }

  /** A file on disk that has been found and read. Returns its SHA-256. */
  async addPhoto(name: string, content: string, mime = 'image/jpeg'): Promise<string> {
    const file = path.join(this.folder, name);
    await fs.writeFile(file, content);
    const { size, mtimeMs } = await fs.stat(file);
    const kind = mime.startsWith('video/')
      ? 'video'
      : mime.startsWith('image/x-')
        ? 'raw'
        : 'photo';
    const description = { ...describedAs(), type: { kind, mime } } as const;
    const added = this.test.addFile(name, 'media', null, { size, modifiedMs: mtimeMs });
    this.test.read(added.id, content, description);
    return hashOf(content);
  }

  publisher(double: { readonly port: number }, access: PhotosAccess): Promise<Publisher> {
    const context: OpenContext = {
      purpose: 'write',
      fileSystem: this.#fileSystem,
      mediaReader: testMediaReader,
      clock: this.clock,
      random: this.#random,
      secrets: environmentSecrets({ CLOUDROLL_GPHOTOS_REFRESH_TOKEN: access.refreshToken }),
      logger: silentLogger,
      endpoints: () => `http://127.0.0.1:${String(double.port)}`,
      accessTokens: () => access.tokens,
    };
    return builtInDestinations().openPublisher(parseDestinationUrl(this.url), context);
  }

  /** One run, as the engine does it. `bare`: without repetitions, so that the first failure ends it. */
  async publish(
    double: { readonly port: number },
    access: PhotosAccess,
    { bare = false, signal = patient, onTold = () => undefined }: PublishChanges = {},
  ): Promise<Published> {
    const { catalog, scope } = this.test;
    const opened = await this.publisher(double, access);
    const { clock } = this;
    const ports = { clock, random: this.#random };
    const publisher = bare ? opened : decoratePublisher(opened, ports, new BandwidthLimit(clock));
    const { id } = catalog.publications.ensurePublisher(this.url, '여름');
    const run = catalog.identity.startRun();
    const told: string[] = [];
    const session = new PublishSession(
      {
        ...ports,
        fileSystem: this.#fileSystem,
        mediaReader: testMediaReader,
        catalog,
        logger: silentLogger,
      },
      { publisherId: id, publisher, scope, run, retryFailed: true },
      {
        onPublished: ({ name }) => {
          told.push(name);
          onTold(name);
        },
        onProgress: () => undefined,
        onConnected: () => undefined,
        onStopped: () => undefined,
      },
    );
    try {
      await session.run(signal);
    } finally {
      await publisher.close();
    }
    const totals = catalog.publications.totals(id, scope, run);
    return { stopped: session.stopped, told, totals };
  }
}

export interface PublishChanges {
  readonly bare?: boolean;
  readonly signal?: AbortSignal;
  readonly onTold?: (name: string) => void;
}
