import { describe, expect, test } from 'vitest';

import { parseDestinationUrl } from '../../../shared/domain/destination-url.ts';
import { failureOf } from '../../../shared/domain/failure.ts';
import { NodeFileSystem } from '../../../electron/engine/adapters/node-file-system.ts';
import { SystemRandom } from '../../../electron/engine/adapters/system-random.ts';
import type { DestinationKind } from '../../../electron/engine/destinations/kind.ts';
import type { OpenContext } from '../../../electron/engine/destinations/open-context.ts';
import {
  builtInDestinations,
  DestinationRegistry,
} from '../../../electron/engine/destinations/registry.ts';
import { silentLogger } from '../../../electron/engine/logging/logger.ts';
import { environmentSecrets } from '../../../electron/engine/secrets/environment-secrets.ts';
import { FakeClock } from '../../support/destinations/fake-clock.ts';
import { MemoryDestination } from '../../support/destinations/memory-destination.ts';
import { testMediaReader } from '../../support/destinations/test-media-reader.ts';

const context: OpenContext = {
  purpose: 'setUp',
  fileSystem: new NodeFileSystem(),
  mediaReader: testMediaReader,
  clock: new FakeClock(),
  random: new SystemRandom(),
  secrets: environmentSecrets({}),
  logger: silentLogger,
  accessTokens: () => ({ get: () => Promise.resolve('token'), refused: () => undefined }),
};

const memoryKind: DestinationKind = {
  scheme: 'memory',
  title: 'memory',
  example: 'memory://x',
  secrets: [],
  cards: [],
  open: () => Promise.resolve(new MemoryDestination()),
};

async function failureOfOpening(url: string) {
  try {
    await builtInDestinations().open(url, context);
  } catch (error) {
    return failureOf(error);
  }
  throw new Error(`${url} was opened`);
}

describe('DestinationRegistry', () => {
  test('opens what a URL names', async () => {
    const registry = new DestinationRegistry([memoryKind]);
    expect(await registry.open('memory://x', context)).toBeInstanceOf(MemoryDestination);
  });

  test('refuses two kinds of one scheme', () => {
    expect(() => new DestinationRegistry([memoryKind, memoryKind])).toThrow('memory');
  });

  test('names the kinds it knows when asked for another', async () => {
    const failure = await failureOfOpening('ftp://host/path');
    expect(failure.code).toBe('invalid');
    expect(failure.hint).toContain('file:');
    expect(failure.hint).toContain('s3:');
  });

  test('has examples that can be read and opened', async () => {
    const registry = builtInDestinations();
    for (const kind of registry.kinds) {
      expect(registry.kindOf(parseDestinationUrl(kind.example))).toBe(kind);
      const opened =
        kind.role === 'publish'
          ? await registry.openPublisher(parseDestinationUrl(kind.example), context)
          : await registry.open(kind.example, context);
      await opened.close();
    }
  });

  test.each([
    'file:///',
    'file:///media/backup?compress=yes',
    's3://',
    's3://bucket?compress=yes',
    's3://bucket?preset=nobody',
    's3://bucket?preset=b2',
    's3://bucket?preset=minio',
    's3://bucket?endpoint=ftp://host',
    's3://bucket?endpoint=host',
    's3://bucket?style=upside-down',
    's3://bucket?region=a/b',
  ])('refuses %s', async (url) => {
    expect((await failureOfOpening(url)).code).toBe('invalid');
  });

  test('names the variable that holds a missing access key', async () => {
    const destination = await builtInDestinations().open('s3://bucket', context);
    const failure = await destination
      .check(new AbortController().signal)
      .catch((error: unknown) => failureOf(error));
    expect(failure).toMatchObject({ code: 'auth' });
    expect(JSON.stringify(failure)).toContain('AWS_ACCESS_KEY_ID');
  });
});
