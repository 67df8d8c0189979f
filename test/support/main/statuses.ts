import fc from 'fast-check';

import type { Settings } from '../../../shared/contract/app/settings.ts';
import { settingsSchema } from '../../../shared/contract/app/settings.ts';
import { destinationHealths } from '../../../shared/contract/app/destinations.ts';
import {
  activities,
  syncStatusSchema,
  type SyncStatus,
} from '../../../shared/contract/app/status.ts';

/** A status with nothing left to do. */
export function idleStatus(change: Partial<SyncStatus> = {}): SyncStatus {
  return syncStatusSchema.parse({
    activity: 'idle',
    pause: null,
    photos: 12,
    safe: 12,
    waiting: 0,
    failed: 0,
    unread: 0,
    scanned: true,
    current: null,
    progress: null,
    rate: null,
    remainingMs: null,
    previews: { made: 0, wanted: 0 },
    lastCompleteMs: null,
    folders: [],
    destinations: [],
    questions: [],
    notices: [],
    ...change,
  });
}

export function destination(
  change: Partial<SyncStatus['destinations'][number]> = {},
): SyncStatus['destinations'][number] {
  return {
    id: 'a',
    role: 'backup',
    name: 'Drive & Co',
    url: 'file:///backup',
    card: 'file',
    icon: 'folder',
    health: 'ok',
    failure: null,
    verified: 12,
    waiting: 0,
    failed: 0,
    published: 0,
    skipped: 0,
    verifiedBytes: 0,
    waitingBytes: 0,
    lastVerifiedMs: null,
    rate: null,
    remainingMs: null,
    quota: null,
    verifying: null,
    ...change,
  };
}

export function settings(change: Partial<Settings> = {}): Settings {
  return { ...settingsSchema.parse({}), setup: 'done', ...change };
}

const count = fc.integer({ min: 0, max: 1_000_000 });

/** Any status the contract allows. */
export const anyStatus: fc.Arbitrary<SyncStatus> = fc
  .record({
    activity: fc.constantFrom(...activities),
    pause: fc.option(
      fc.record({
        reason: fc.constantFrom('person', 'battery', 'metered', 'suspended'),
        untilMs: fc.option(fc.integer({ min: 0, max: 4e12 })),
      }),
    ),
    safe: count,
    waiting: fc.oneof(fc.constant(0), count),
    failed: fc.oneof(fc.constant(0), count),
    unread: fc.oneof(fc.constant(0), count),
    scanned: fc.boolean(),
    progress: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    healths: fc.array(fc.constantFrom(...destinationHealths), { maxLength: 4 }),
    questions: fc.array(
      fc.record({
        id: fc.string(),
        kind: fc.constantFrom('vanished', 'emptiedFolder', 'otherDrive', 'emptiedDestination'),
        subject: fc.string(),
        failure: fc.constant({ code: 'changed' as const, message: 'Gone.' }),
      }),
      { maxLength: 12 },
    ),
  })
  .map(({ healths, ...rest }) =>
    idleStatus({
      ...rest,
      photos: rest.safe + rest.waiting + rest.failed,
      destinations: healths.map((health, at) => destination({ id: String(at), health })),
    }),
  );
