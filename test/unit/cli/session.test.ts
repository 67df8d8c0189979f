import { mkdtemp, mkdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { parseDestinationUrl } from '../../../shared/domain/destination-url.ts';
import type { SyncSummary } from '../../../shared/contract/sync-events.ts';
import type { FailureCode } from '../../../shared/domain/failure.ts';
import { recordCrash } from '../../../electron/hosts/cli/crash.ts';
import { statusOfSync } from '../../../electron/hosts/cli/exit-status.ts';
import { dataDirectoryPath } from '../../../electron/hosts/cli/session/data-directory-path.ts';
import { nameDestinations } from '../../../electron/engine/destinations/short-names.ts';
import { StopSignals, type StopSignal } from '../../../electron/hosts/cli/stop-signals.ts';

test('the data directory is the platform’s own unless one is named', () => {
  const on = (platform: string, environment = {}, named?: string) =>
    dataDirectoryPath(named, { platform, home: '/h', environment, workingDirectory: '/w' });
  expect(on('linux')).toBe('/h/.local/share/cloudroll');
  expect(on('linux', { XDG_DATA_HOME: '/x' })).toBe('/x/cloudroll');
  expect(on('linux', { XDG_DATA_HOME: 'relative' })).toBe('/h/.local/share/cloudroll');
  expect(on('darwin')).toBe('/h/Library/Application Support/Cloudroll');
  expect(on('win32', { APPDATA: 'C:\\Roaming' })).toBe('C:\\Roaming\\Cloudroll');
  expect(on('linux', {}, 'here')).toBe('/w/here');
});

describe('names of destinations', () => {
  const name = (urls: string[], known: { url: string; name: string }[] = []) =>
    nameDestinations(urls.map(parseDestinationUrl), known).map((one) => one.name);

  test('the last part of a path, the bucket, a number where it is taken', () => {
    expect(name(['file:///media/backup', 's3://photos/a/b', 'file:///x/backup'])).toEqual([
      ...['backup', 'photos', 'backup-2'],
    ]);
  });

  test('a known one keeps its name, however its URL is written', () => {
    const known = [{ url: 's3://photos?endpoint=http://e&region=r', name: 'mycloud' }];
    expect(name(['s3://photos/?region=r&endpoint=http://e', 'file:///mycloud'], known)).toEqual([
      ...['mycloud', 'mycloud-2'],
    ]);
  });
});

describe('the status of a sync', () => {
  const none = { uploaded: 0, alreadyBackedUp: 0, failed: 0, bytesUploaded: 0 };
  const summary = (...codes: FailureCode[]): SyncSummary => ({
    event: 'summary',
    ...none,
    found: 0,
    photos: 0,
    duplicates: 0,
    skipped: 0,
    sidecars: 0,
    ignored: 0,
    seconds: 0,
    destinations: Object.fromEntries(
      codes.map((code, index) => [String(index), { ...none, error: { code, message: '' } }]),
    ),
  });

  test('0 only when nothing is open', () => {
    expect(statusOfSync(summary(), 0, 0)).toBe(0);
    expect(statusOfSync(summary(), 1, 0)).toBe(1);
    expect(statusOfSync(summary(), 0, 1)).toBe(1);
    expect(statusOfSync({ ...summary(), failed: 1 }, 0, 0)).toBe(1);
    expect(statusOfSync({ ...summary(), skipped: 1 }, 0, 0)).toBe(1);
  });

  test('3 for a destination out of reach or that refuses sign-in, and it wins', () => {
    for (const code of ['offline', 'timeout', 'auth', 'notFound', 'serverError'] as const) {
      expect(statusOfSync(summary('quota', code, 'invalid'), 5, 5)).toBe(3);
    }
    expect(statusOfSync(summary('quota'), 0, 0)).toBe(1);
    expect(statusOfSync(summary('readOnly', 'invalid'), 0, 0)).toBe(2);
  });
});

test('the first signal asks to stop, the second ends at once, and one press is one signal', () => {
  let nowMs = 1000;
  const listeners = new Map<StopSignal, () => void>();
  const calls: string[] = [];
  const stop = new StopSignals(
    {
      on: (name, listener) => listeners.set(name, listener),
    },
    () => calls.push('first'),
    (status) => calls.push(`second ${String(status)}`),
    () => nowMs,
  );
  expect(stop.status).toBeNull();
  listeners.get('SIGTERM')?.();
  expect([stop.signal.aborted, stop.status]).toEqual([true, 143]);
  listeners.get('SIGTERM')?.();
  nowMs += 200;
  listeners.get('SIGINT')?.();
  expect(calls).toEqual(['first']);
  nowMs += 200;
  listeners.get('SIGINT')?.();
  expect(calls).toEqual(['first', 'second 130']);
});

test('an error of our own is written into the log, without secrets, where there is one', async () => {
  const data = await mkdtemp(join(tmpdir(), 'cloudroll-crash-'));
  try {
    const redact = (text: string) => text.replaceAll('hunter2', '[secret]');
    expect(recordCrash(new Error('hunter2'), data, redact)).toBeNull();
    await mkdir(join(data, 'logs'));
    const log = recordCrash(new Error('hunter2'), data, redact);
    const text = await readFile(log ?? '', 'utf8');
    expect(JSON.parse(text)).toMatchObject({ msg: 'crash' });
    expect(text).toContain('[secret]');
    expect(text).not.toContain('hunter2');
  } finally {
    await rm(data, { recursive: true });
  }
});
