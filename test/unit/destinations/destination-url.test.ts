import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  destinationName,
  formatDestinationUrl,
  parseDestinationUrl,
} from '../../../shared/domain/destination-url.ts';
import { failureOf } from '../../../shared/domain/failure.ts';
import type { Failure } from '../../../shared/domain/failure.ts';

function failureFrom(text: string): Failure {
  try {
    parseDestinationUrl(text);
  } catch (error) {
    return failureOf(error);
  }
  throw new Error(`${text} was accepted`);
}

describe('parseDestinationUrl', () => {
  test.each([
    ['file:///media/backup', '/media/backup'],
    ['file:///media/backup/', '/media/backup'],
    ['file://localhost/media/backup', '/media/backup'],
    ['FILE:///media/My%20Photos', '/media/My Photos'],
    ['file:///media/My Photos', '/media/My Photos'],
    ['file:///사진/백업', '/사진/백업'],
    ['file:///C:/Backup', 'C:/Backup'],
    ['file:///C:/', 'C:/'],
    ['file:////server/share', '//server/share'],
    ['file:///', '/'],
  ])('reads the folder in %s', (text, path) => {
    expect(parseDestinationUrl(text)).toEqual({ scheme: 'file', authority: '', path, query: {} });
  });

  test('reads a bucket with options', () => {
    const text =
      's3://My.bucket_1/some/prefix/?endpoint=http://127.0.0.1:9000&region=us-east-1&preset=minio';
    expect(parseDestinationUrl(text)).toEqual({
      scheme: 's3',
      authority: 'My.bucket_1',
      path: 'some/prefix',
      query: { endpoint: 'http://127.0.0.1:9000', region: 'us-east-1', preset: 'minio' },
    });
  });

  test.each([
    '/media/backup',
    './backup',
    'backup',
    'C:\\Backup',
    'file:/media/backup',
    'file://media/backup',
    'file://',
    'file:///a/../b',
    'file:///a%zz',
    's3://bucket/a#b',
    's3://bucket?region=a&region=b',
    '',
  ])('refuses %j with a hint or a reason', (text) => {
    const failure = failureFrom(text);
    expect(failure.code).toBe('invalid');
    expect(failure.message).not.toBe('');
  });

  test('shows how a path is written', () => {
    expect(failureFrom('/media/backup').hint).toContain('file:///media/backup');
    expect(failureFrom('file://media/backup').hint).toContain('file:///media/backup');
  });

  test.each([
    's3://AKIA:hunter2@bucket/prefix',
    's3://hunter2@bucket/prefix',
    's3://bucket?secretAccessKey=hunter2',
    's3://bucket?AWS_SECRET_ACCESS_KEY=hunter2',
    's3://bucket?password=hunter2',
    's3://bucket?accessKeyId=hunter2',
    's3://bucket?token=hunter2',
    's3://bucket?endpoint=https://me:hunter2@host',
    'me:hunter2@host',
  ])('refuses the secret in %s without repeating it', (text) => {
    const failure = failureFrom(text);
    expect(failure.code).toBe('invalid');
    expect(JSON.stringify(failure)).not.toContain('hunter2');
  });

  test('reads back whatever is written', () => {
    const segment = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !text.includes('/') && text.isWellFormed() && !/^\.{1,2}$|\0/u.test(text));
    const option = fc.constantFrom('endpoint', 'region', 'preset', 'style', 'other');
    const url = fc.record({
      scheme: fc.constantFrom('s3', 'webdav'),
      authority: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{2,20}$/u),
      path: fc.array(segment).map((segments) => segments.join('/')),
      query: fc.dictionary(
        option,
        fc
          .string({ unit: 'grapheme' })
          .filter((text) => text.isWellFormed() && !text.includes('@')),
        { noNullPrototype: true },
      ),
    });
    fc.assert(
      fc.property(url, (one) => {
        expect(parseDestinationUrl(formatDestinationUrl(one))).toEqual(one);
      }),
    );
    const folder = fc.array(segment, { minLength: 1 }).map((parts) => `/root/${parts.join('/')}`);
    fc.assert(
      fc.property(folder, (path) => {
        const one = { scheme: 'file', authority: '', path, query: {} };
        expect(parseDestinationUrl(formatDestinationUrl(one))).toEqual(one);
      }),
    );
  });
});

describe('destinationName', () => {
  const nameOf = (text: string): string => destinationName(parseDestinationUrl(text));

  test('does not depend on order, slashes or an unneeded region', () => {
    expect(nameOf('s3://b/p/?region=x&endpoint=http://h')).toBe('s3://b/p?endpoint=http://h');
    expect(nameOf('s3://b/p?endpoint=http://h')).toBe('s3://b/p?endpoint=http://h');
    expect(nameOf('s3://b?region=eu-west-1')).toBe('s3://b');
    expect(nameOf('file:///media/backup/')).toBe('file:///media/backup');
  });

  test('keeps places apart', () => {
    expect(nameOf('s3://b?preset=wasabi&region=a')).not.toBe(
      nameOf('s3://b?preset=wasabi&region=b'),
    );
    expect(nameOf('s3://b?endpoint=http://a')).not.toBe(nameOf('s3://b?endpoint=http://b'));
    expect(nameOf('s3://b/x')).not.toBe(nameOf('s3://b/X'));
  });
});
