import fc from 'fast-check';
import { expect, test } from 'vitest';

import { syncStatusSchema, type Question } from '../../../shared/contract/app/status.ts';
import { failureCodes, type Failure } from '../../../shared/domain/failure.ts';
import {
  describeStatus,
  type DestinationFacts,
  type FolderFacts,
  type StatusFacts,
} from '../../../electron/engine/app/status/status.ts';
import { TransferRate } from '../../../electron/engine/app/status/transfer-rate.ts';
import type { Standing } from '../../../electron/engine/catalog/standing.ts';

const count = fc.nat({ max: 50 });
const failure: fc.Arbitrary<Failure> = fc.record({
  code: fc.constantFrom(...failureCodes),
  message: fc.string(),
});
const perhaps = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { nil: null });
/** Mostly the first: a calm day must come up often enough among all that may be wrong. */
const mostly = <T, U>(calm: T, other: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(calm) }, { weight: 1, arbitrary: other });

/** A standing that the catalogue could have: every destination splits the same photos. */
function standingOf(destinations: number, publishers: number): fc.Arbitrary<Standing> {
  return fc
    .record({
      safe: count,
      rest: mostly<('waiting' | 'failed')[], ('waiting' | 'failed')[]>(
        [],
        fc.array(fc.constantFrom('waiting' as const, 'failed' as const), { maxLength: 20 }),
      ),
      unread: mostly(0, fc.constant(3)),
      unreadable: mostly(0, fc.constant(1)),
      away: mostly(0, fc.constant(2)),
      shown: fc.array(fc.array(fc.nat({ max: 3 }), { minLength: 70, maxLength: 70 }), {
        minLength: publishers,
        maxLength: publishers,
      }),
      stuck: fc.array(
        fc.record({ needsPerson: fc.constantFrom(0, 0, 2), retrying: fc.constantFrom(0, 2) }),
        {
          minLength: destinations,
          maxLength: destinations,
        },
      ),
    })
    .map(({ safe, rest, unread, unreadable, away, stuck, shown }) => {
      const waiting = rest.filter((state) => state === 'waiting').length;
      const failed = rest.length - waiting;
      const photos = safe + rest.length;
      return {
        ...{ photos, safe, waiting, failed, unread, unreadable },
        away: Math.min(away, rest.length),
        destinations: stuck.map(({ needsPerson, retrying }, id) => ({
          ...{ id, verified: safe, waiting, failed, waitingBytes: waiting * 10 },
          needsPerson: Math.min(needsPerson, failed),
          retrying: Math.min(retrying, failed),
        })),
        // Each photo stands somehow at each place that only shows it, whatever became of its backup.
        publishers: shown.map((states, position) => {
          const of = (state: number): number =>
            states.slice(0, photos).filter((one) => one === state).length;
          const [published, skipped, waitingThere, failedThere] = [of(0), of(1), of(2), of(3)];
          return {
            ...{ id: 100 + position, published, skipped },
            ...{ waiting: waitingThere, failed: failedThere, waitingBytes: waitingThere * 10 },
          };
        }),
        folders: [],
      };
    });
}

const folderFacts: fc.Arbitrary<FolderFacts> = fc.record({
  stored: fc.constant({ id: 'f', path: '/photos', exclude: [] }),
  rootId: perhaps(fc.constant(1)),
  state: mostly(
    'watched' as const,
    fc.constantFrom('waiting' as const, 'scanning' as const, 'unknown' as const),
  ),
  failure: mostly(null, failure),
});

const destinationFacts = (
  rowId: number,
  role: DestinationFacts['role'] = 'backup',
): fc.Arbitrary<DestinationFacts> =>
  fc.record({
    stored: fc.constant({
      id: `d${String(rowId)}`,
      url: 'file:///b',
      name: 'b',
      card: 'file',
      secrets: [],
    }),
    rowId: fc.constant(rowId),
    icon: fc.constant('folder'),
    role: fc.constant(role),
    reached: fc.boolean(),
    failure: mostly(null, failure),
    verifiedBytes: role === 'backup' ? count : fc.constant(0),
    lastVerifiedMs: perhaps(count),
    rate: perhaps(fc.double({ min: 0, max: 1e9, noNaN: true })),
    quota: fc.constant(null),
    verifying: fc.constant(null),
  });

const some = fc.tuple(fc.nat({ max: 3 }), mostly(0, fc.nat({ max: 2 })));
const facts: fc.Arbitrary<StatusFacts> = some.chain(([many, publishers]) =>
  fc.record({
    pause: mostly(null, fc.constant({ reason: 'person' as const, untilMs: null })),
    online: fc.boolean(),
    standing: perhaps(standingOf(many, publishers)),
    settled: mostly(true, fc.constant(false)),
    running: fc.boolean(),
    scanning: fc.boolean(),
    current: perhaps(fc.constant('/photos/a.jpg')),
    progress: perhaps(fc.double({ min: 0, max: 1, noNaN: true })),
    previews: fc.constant({ made: 0, wanted: 0 }),
    lastCompleteMs: perhaps(count),
    folders: fc.array(folderFacts, { maxLength: 2 }),
    destinations: fc.tuple(
      ...Array.from({ length: many }, (_none, id) => destinationFacts(id)),
      ...Array.from({ length: publishers }, (_none, id) => destinationFacts(100 + id, 'publish')),
    ),
    questions: mostly<[], Question[]>(
      [],
      fc.array(
        fc.record({
          id: fc.constant('q'),
          kind: fc.constant('vanished' as const),
          subject: fc.constant('/photos'),
          failure,
        }),
        { maxLength: 1 },
      ),
    ),
    notices: fc.constant([]),
  }),
);

test('whatever the facts are, the counters add up and nothing is green while work is left', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(facts, (given) => {
      const status = syncStatusSchema.parse(describeStatus(given));
      seen.add(status.activity);
      expect(status.safe + status.waiting + status.failed).toBe(status.photos);
      for (const one of status.destinations) {
        expect(one.verified + one.published + one.skipped + one.waiting + one.failed).toBe(
          status.photos,
        );
        if (one.waiting > 0) expect(one.verified).toBeLessThan(status.photos);
        if (one.role === 'publish') expect(one).toMatchObject({ verified: 0, verifiedBytes: 0 });
        else expect(one).toMatchObject({ published: 0, skipped: 0 });
        if (one.failure !== null) expect(one.health).not.toBe('ok');
      }
      if (status.activity === 'idle') {
        const { standing } = given;
        expect(given).toMatchObject({ settled: true, pause: null, questions: [] });
        expect(status).toMatchObject({ waiting: 0, unread: 0, scanned: true });
        expect(standing).toMatchObject({ unreadable: 0 });
        expect(standing?.destinations.every((one) => one.needsPerson + one.retrying === 0)).toBe(
          true,
        );
        const backups = status.destinations.filter(({ role }) => role === 'backup');
        expect(backups.every((one) => one.failure === null || one.waiting === 0)).toBe(true);
        expect(Math.min(given.folders.length, backups.length)).toBeGreaterThan(0);
      }
      const backups = given.destinations.filter(({ role }) => role === 'backup');
      if (given.pause !== null && given.folders.length * backups.length > 0) {
        expect(status.activity).toBe('paused');
      }
      if (given.questions.length > 0)
        expect(['attention', 'paused', 'setup']).toContain(status.activity);
    }),
    { numRuns: 3000 },
  );
  expect([...seen].sort()).toEqual(
    ['attention', 'idle', 'offline', 'paused', 'scanning', 'setup', 'starting', 'syncing'].sort(),
  );
});

test('whatever is shown somewhere, nothing counts as backed up because of it', () => {
  fc.assert(
    fc.property(facts, (given) => {
      const backups = given.destinations.filter(({ role }) => role === 'backup');
      const { standing } = given;
      const without = {
        ...given,
        destinations: backups,
        standing: standing === null ? null : { ...standing, publishers: [] },
      };
      const { safe, waiting, failed, photos } = describeStatus(given);
      expect({ safe, waiting, failed, photos }).toEqual(
        (({ safe: s, waiting: w, failed: f, photos: p }) => ({
          ...{ safe: s, waiting: w, failed: f, photos: p },
        }))(describeStatus(without)),
      );
      const status = describeStatus(given);
      if (status.activity === 'idle') expect(describeStatus(without).activity).toBe('idle');
      if (backups.length > 0) return;
      expect(status.activity).toBe('setup');
      for (const one of status.destinations) {
        expect(one.health).toBe('unknown');
        expect(one.failure?.message).toContain('backed up nowhere');
      }
    }),
    { numRuns: 2000 },
  );
});

test('a rate is told after half a second and forgotten after ten', () => {
  const rate = new TransferRate();
  expect(rate.at(0)).toBeNull();
  rate.add(1000, 0);
  expect(rate.at(100)).toBeNull();
  rate.add(1000, 1000);
  expect(rate.at(2000)).toBe(1000);
  expect(rate.at(10_500)).toBeCloseTo(1000 / 9.5);
  expect(rate.at(20_000)).toBeNull();
});
