import { open } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';

import type { SyncStatus } from '../../../shared/contract/app/status.ts';
import { logFile } from '../logging/log-file.ts';
import type { AppOptions } from './options.ts';
import type { StoredSettings } from './settings/stored-settings.ts';

/** How much of the log's end is looked at, bytes. */
const logBytes = 256 * 1024;
const mostLogLines = 300;

export interface DiagnosticsPorts {
  readonly options: AppOptions;
  readonly dataDirectory: string;
  readonly stored: StoredSettings;
  readonly status: SyncStatus;
  readonly keychain: { readonly available: boolean; readonly hint: string | null };
  /** Takes secrets out of text. */
  readonly redact: (text: string) => string;
}

/**
 * What helps to look into a problem, for a person to read and send: no secret, no name of a photo, no path, no
 * address of a destination.
 */
export async function diagnostics(ports: DiagnosticsPorts): Promise<string> {
  const { options, stored, status, keychain, redact } = ports;
  const { activity, photos, safe, waiting, failed, unread, scanned, previews } = status;
  const sections: readonly (readonly [string, unknown])[] = [
    [
      'Cloudroll',
      {
        version: options.version,
        platform: options.platform,
        system: release(),
        architecture: process.arch,
        node: process.versions.node,
        memoryMegabytes: Math.round(process.memoryUsage.rss() / 1_000_000),
        upMinutes: Math.round(process.uptime() / 60),
      },
    ],
    ['Settings', stored.settings],
    [
      'Status',
      {
        ...{ activity, photos, safe, waiting, failed, unread, scanned, previews },
        pause: status.pause?.reason ?? null,
        questions: status.questions.map(({ kind }) => kind),
        notices: status.notices.map((notice) => notice.failure.code),
        keychain: keychain.available,
      },
    ],
    [
      'Folders',
      status.folders.map(({ photos: count, bytes, state, failure, exclude }) => ({
        ...{ photos: count, bytes, state },
        rules: exclude.length,
        failure: failure?.code ?? null,
      })),
    ],
    [
      'Destinations',
      status.destinations.map((one) => ({
        card: one.card,
        health: one.health,
        failure: one.failure?.code ?? null,
        verified: one.verified,
        waiting: one.waiting,
        failed: one.failed,
        verifiedBytes: one.verifiedBytes,
        waitingBytes: one.waitingBytes,
        lastVerifiedMs: one.lastVerifiedMs,
      })),
    ],
  ];
  const parts = sections.map(([title, about]) => `${title}\n${JSON.stringify(about, null, 2)}`);
  const log = await logEnd(join(ports.dataDirectory, logFile));
  return redact([...parts, `Log\n${log.join('\n')}`].join('\n\n'));
}

/** The last lines of the log, without what may name a photo or a place. */
async function logEnd(path: string): Promise<string[]> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const start = Math.max(0, size - logBytes);
    const buffer = Buffer.alloc(size - start);
    await file.read(buffer, 0, buffer.length, start);
    const lines = buffer.toString('utf8').split('\n').filter(Boolean);
    return lines.slice(-mostLogLines).flatMap(harmless);
  } catch {
    return ['There is no log.'];
  }
}

/** Fields whose values are the product's own words. */
const ownFields = ['level', 'time', 'msg', 'code', 'operation', 'attempt'];

function harmless(line: string): string[] {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed !== 'object' || parsed === null) return [];
    const kept = Object.entries(parsed).filter(
      ([name, value]) => typeof value !== 'string' || ownFields.includes(name),
    );
    return [JSON.stringify(Object.fromEntries(kept))];
  } catch {
    // A line that was cut off.
    return [];
  }
}
