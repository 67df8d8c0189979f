import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';

import {
  containerFor,
  containerHeadBytes,
  containerOverhead,
} from '../../../electron/engine/destinations/immich/container.ts';
import { immichFailure } from '../../../electron/engine/destinations/immich/immich-failure.ts';
import {
  containerName,
  idInKey,
  keyInName,
  photoKey,
} from '../../../electron/engine/destinations/immich/keys.ts';
import { immichSettingsOf } from '../../../electron/engine/destinations/immich/settings.ts';
import { builtInDestinations } from '../../../electron/engine/destinations/registry.ts';
import {
  formatDestinationUrl,
  parseDestinationUrl,
} from '../../../shared/domain/destination-url.ts';
import { failureOf } from '../../../shared/domain/failure.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const codeOf = (work: () => unknown): string | null => {
  try {
    work();
    return null;
  } catch (error) {
    return failureOf(error).code;
  }
};

describe('a container', () => {
  test('is an image that holds the bytes where they are looked for', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.uint8Array({ maxLength: 5000 }), async (key, bytes) => {
        const container = containerFor(key, '0123456789abcdef'.repeat(2), bytes.length);
        container.add(bytes.subarray(0, bytes.length >> 1));
        container.add(bytes.subarray(bytes.length >> 1));
        const whole = Buffer.concat([container.head, bytes, container.tail()]);
        expect(whole.length).toBe(bytes.length + containerOverhead(key));
        const start = containerHeadBytes(key);
        expect(whole.subarray(start, start + bytes.length).equals(bytes)).toBe(true);
        // Decodes every chunk and checks their sums.
        const { data, info } = await sharp(whole).raw().toBuffer({ resolveWithObject: true });
        expect([info.width, info.height, data[0]]).toEqual([1, 1, 128]);
      }),
      { numRuns: 50 },
    );
  });

  test('has a name from which its key is read back, free of what a search takes for anything', () => {
    fc.assert(
      fc.property(text, (key) => {
        const name = containerName(key);
        expect(name).not.toMatch(/[%_/\\]/u);
        expect(keyInName(name)).toBe(key);
      }),
    );
    expect(codeOf(() => containerName('\ud800'))).toBe('invalid');
    for (const foreign of [
      'IMG.png',
      'a%2Fb.cloudroll.png',
      '~zz.cloudroll.png',
      'A_b.cloudroll.png',
    ]) {
      expect(keyInName(foreign), foreign).toBeNull();
    }
  });
});

describe('the key of a photo', () => {
  const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';

  test.each([
    ['IMG_1.HEIC', `assets/${id}.heic`],
    ['no extension', `assets/${id}`],
    ['strange.a/b', `assets/${id}`],
    ['strange.j p', `assets/${id}`],
  ])('of %s leads back to the asset', (originalFileName, key) => {
    expect(photoKey({ id, originalFileName })).toBe(key);
    expect(idInKey(key)).toBe(id);
  });

  test.each(['assets/../users', `assets/${id}/x`, `2024/05/${id}.jpg`, `assets/${id.slice(1)}`])(
    'is not seen in %s',
    (key) => {
      expect(idInKey(key)).toBeNull();
    },
  );
});

describe('the address', () => {
  const serverOf = (url: string) => immichSettingsOf(parseDestinationUrl(url)).server;

  test.each([
    ['immich://photos.example.org', 'https:', undefined],
    ['immich://photos.example.org:8443/', 'https:', 8443],
    ['immich://photos.example.org:80?plain=yes', 'http:', undefined],
    ['immich://photos.example.org:443?plain=yes', 'http:', 443],
    ['immich://192.168.0.5:2283', 'http:', 2283],
    ['immich://nas:2283', 'http:', 2283],
    ['immich://nas:2283?plain=no', 'https:', 2283],
    ['immichs://192.168.0.5', 'https:', undefined],
    ['immich://[::1]:2283', 'http:', 2283],
  ])('%s is asked by %s', (url, protocol, port) => {
    expect(serverOf(url)).toMatchObject({ protocol, port });
  });

  test.each([
    'immich:///photos',
    'immich://host/api',
    'immich://host?plain=maybe',
    'immichs://host?plain=yes',
    'immich://host?folder=a',
    'immich://ho st',
  ])('%s cannot be', (url) => {
    expect(codeOf(() => serverOf(url))).toBe('invalid');
  });

  test('comes from what a person copies out of the browser', () => {
    const { card } = builtInDestinations().card('immich');
    const urlOf = (address: string): string => formatDestinationUrl(card.urlOf({ address }));
    expect(urlOf('https://photos.example.org/photos?at=1')).toBe('immichs://photos.example.org');
    expect(urlOf(' http://192.168.0.5:2283/ ')).toBe('immich://192.168.0.5:2283');
    for (const wrong of ['', 'photos.example.org', 'http://photos.example.org', 'https://a:b@c']) {
      expect(
        codeOf(() => urlOf(wrong)),
        wrong,
      ).toBe('invalid');
    }
  });
});

test.each([
  [400, 'Quota has been exceeded!', 'quota'],
  [400, 'Unsupported file type a.psb', 'unsupported'],
  [400, 'Not found or no asset.read access', 'notFound'],
  [400, 'Something new\n', 'unsupported'],
  [401, 'Invalid API key', 'auth'],
  [403, 'Missing required permission: asset.upload', 'auth'],
  [403, 'Forbidden', 'auth'],
  [413, '', 'unsupported'],
  [429, '', 'rateLimited'],
  [500, 'Internal server error', 'serverError'],
  [507, '', 'quota'],
  [418, '', 'unsupported'],
])('a refusal by %i "%s" is %s and says what to do', (status, message, code) => {
  const { failure } = immichFailure({ status, message, retryAfter: undefined }, 0);
  expect(failure.code).toBe(code);
  expect(failure.message).toMatch(/^[A-Z].*\.$|^[A-Z].*: .*$/u);
});
