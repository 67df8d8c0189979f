import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createFileLogger } from '../../../electron/engine/logging/file-logger.ts';
import { createRedactor, secretsOf } from '../../../electron/engine/logging/redact.ts';

describe('redaction', () => {
  test('a secret goes in every spelling', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6 }), (secret) => {
        const redact = createRedactor([secret]);
        const spellings = [
          secret,
          encodeURIComponent(secret.toWellFormed()),
          JSON.stringify(secret),
        ];
        for (const spelling of spellings) {
          if (secret.isWellFormed()) expect(redact(`<${spelling}>`)).not.toContain(spelling);
        }
      }),
    );
  });

  test('what looks like a secret goes by where it stands', () => {
    const redact = createRedactor([]);
    const cases = [
      'https://me:pass1234word@host/x',
      'Authorization: Bearer pass1234word',
      '"authorization":"AWS4-HMAC-SHA256 Credential=pass1234word/20240101, Signature=pass1234word"',
      'proxy-authorization: Basic pass1234word=',
      'GET /x?X-Amz-Signature=pass1234word&y=1',
      'https://host/?sv=1&sig=pass1234word',
    ];
    for (const text of cases) expect(redact(text)).not.toContain('pass1234word');
    expect(redact('file:///media/me@home/photo.jpg')).toBe('file:///media/me@home/photo.jpg');
    expect(redact('3 of 7 photos at s3://bucket?region=x')).toBe(
      '3 of 7 photos at s3://bucket?region=x',
    );
  });

  test('secrets are found among the variables of the environment', () => {
    const secrets = secretsOf({
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      AZURE_STORAGE_CONNECTION_STRING: 'c',
      CLOUDROLL_PASSWORD: 'd',
      CLOUDROLL_TOKEN: 'e',
      GOOGLE_APPLICATION_CREDENTIALS: '/path',
      HOME: '/home/me',
      KEYBOARD: 'us',
      AWS_REGION: 'r',
    });
    expect(secrets).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

describe('the log', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cloudroll-log-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  test('is one JSON object a line, without secrets, for its owner alone', async () => {
    const log = createFileLogger(directory, createRedactor(['hunter22']));
    log.info('signed in with hunter22', { url: 'https://x?token=hunter22', count: 3 });
    await log.close();
    const path = join(directory, 'logs', 'cloudroll.log');
    const line: unknown = JSON.parse(await readFile(path, 'utf8'));
    expect(line).toMatchObject({ msg: 'signed in with [secret]', count: 3 });
    expect(JSON.stringify(line)).not.toContain('hunter22');
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  test('is rotated by size, and the oldest files go', async () => {
    const log = createFileLogger(directory, (text) => text, { largestFile: '10K', oldFiles: 2 });
    for (let index = 0; index < 200; index += 1) {
      log.info('x'.repeat(1000));
      // A rotation happens between writes that wait for each other.
      if (index % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await log.close();
    const names = await readdir(join(directory, 'logs'));
    expect(names.filter((name) => name.endsWith('.log')).toSorted()).toEqual([
      ...['cloudroll.1.log', 'cloudroll.2.log', 'cloudroll.log'],
    ]);
  });

  test('that cannot be written harms nothing', async () => {
    const log = createFileLogger(join(directory, 'file'), (text) => text);
    await rm(directory, { recursive: true });
    log.error('lost');
    await log.close();
    await createFileLogger(directory, (text) => text).close();
  });
});
