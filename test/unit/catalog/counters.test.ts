import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  describedAs,
  nowMs,
  TestCatalog,
  type AddedFile,
} from '../../support/catalog/test-catalog.ts';

/** One random step; numbers choose among what is there. */
type Step =
  | {
      readonly do: 'add';
      readonly content: number;
      readonly sidecar: boolean;
      readonly day: number;
    }
  | {
      readonly do: 'read' | 'edit' | 'fail' | 'away' | 'absent' | 'back' | 'ignore';
      readonly file: number;
    }
  | {
      readonly do: 'begin' | 'prove' | 'failDelivery' | 'putBack' | 'lose';
      readonly asset: number;
      readonly destination: number;
    }
  | { readonly do: 'forget' | 'requeue' | 'drop'; readonly destination: number }
  | { readonly do: 'describe'; readonly asset: number; readonly day: number };

const some = fc.nat({ max: 7 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      content: some,
      sidecar: fc.boolean(),
      day: some,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('read', 'read', 'edit', 'fail', 'away', 'absent', 'back', 'ignore'),
      file: some,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('begin', 'prove', 'prove', 'failDelivery', 'putBack', 'lose'),
      asset: some,
      destination: fc.nat({ max: 1 }),
    }),
  },
  fc.record({ do: fc.constantFrom('forget', 'requeue', 'drop'), destination: fc.nat({ max: 1 }) }),
  fc.record({ do: fc.constant('describe' as const), asset: some, day: some }),
);
const runs = 60;
const run = 3;

function wallOf(day: number): string {
  return `2024-05-1${String(day)}T12:00:00`;
}

class Play {
  readonly test = new TestCatalog(2);
  readonly #files: (AddedFile & {
    readonly content: string;
    readonly sidecar: boolean;
    readonly day: number;
  })[] = [];
  #count = 0;

  take(step: Step): void {
    const { catalog } = this.test;
    switch (step.do) {
      case 'add': {
        const { sidecar, day } = step;
        const name = `${String(this.#files.length)}.${sidecar ? 'xmp' : 'jpg'}`;
        const content = `${sidecar ? 's' : 'p'}${String(step.content)}`;
        const added = this.test.addFile(name, sidecar ? 'sidecar' : 'media');
        this.#files.push({ ...added, content, sidecar, day });
        return;
      }
      case 'describe': {
        const asset = this.#asset(step.asset);
        if (asset === null) return;
        this.#count += 1;
        const { name, description } = catalog.assets.byId(asset);
        const at = `${String(nowMs + this.#count).padStart(15, '0')}-000000-zz`;
        const captured = { ...description.captured, wall: wallOf(step.day) };
        catalog.assets.merge(asset, { name, at, description: { ...description, captured } });
        return;
      }
      case 'forget':
        catalog.forgetDestination(this.#destination(step.destination));
        return;
      case 'requeue':
        catalog.deliveries.requeueUnfinished(this.#destination(step.destination), true);
        return;
      case 'drop': {
        const { deliveries } = catalog;
        for (const delivery of deliveries.unreachable(this.#destination(step.destination))) {
          deliveries.drop(delivery);
        }
        return;
      }
      default:
        if ('file' in step) this.#takeFile(step);
        else this.#takeDelivery(step);
    }
  }

  #takeFile(step: Extract<Step, { readonly file: number }>): void {
    const file = this.#files[step.file % Math.max(1, this.#files.length)];
    if (file === undefined) return;
    const { files } = this.test.catalog;
    const known = files.knownIn(this.test.directoryId).find(({ id }) => id === file.id);
    switch (step.do) {
      case 'read':
        if (known?.state !== 'discovered') return;
        this.test.read(
          file.id,
          file.content,
          describedAs(wallOf(file.day), file.sidecar ? 'sidecar' : 'photo'),
        );
        return;
      case 'edit':
        files.rediscover(file.id, { ...file.seen, size: file.seen.size + 1 }, nowMs);
        return;
      case 'fail':
        if (known?.state === 'ignored') return;
        files.setFailed(file.id, { code: 'unreadable', message: 'It cannot be read.' });
        return;
      case 'away':
        files.setState(file.id, 'unknown');
        return;
      case 'absent':
        this.test.catalog.recordAbsence(file.id, nowMs);
        return;
      case 'back':
        if (known?.state === 'unknown' || known?.state === 'absent') {
          this.test.catalog.recordReturn(file.id, [], nowMs);
        }
        return;
      case 'ignore':
        if (known?.state === 'discovered') files.setIgnored(this.test.toRead(file.id));
    }
  }

  #takeDelivery(
    step: Extract<Step, { readonly asset: number; readonly destination: number }>,
  ): void {
    const { deliveries } = this.test.catalog;
    const destinationId = this.#destination(step.destination);
    const asset = this.#asset(step.asset);
    const delivery = asset === null ? null : deliveries.get(asset, destinationId);
    if (delivery === null || asset === null) return;
    const key = `k${String(asset)}`;
    switch (step.do) {
      case 'begin':
        deliveries.begin(delivery, key);
        return;
      case 'prove':
        this.test.prove(asset, { key, destinationId, run: step.asset % 2 === 0 ? run : run - 1 });
        return;
      case 'failDelivery':
        deliveries.fail(delivery, { code: 'timeout', message: 'Too slow.' }, 1, null);
        return;
      case 'putBack':
        deliveries.putBack(delivery);
        return;
      case 'lose':
        this.test.catalog.recordLoss({ destinationId, key, assetId: asset });
    }
  }

  #destination(index: number): number {
    return this.test.destinationIds[index] ?? 0;
  }

  #asset(index: number): number | null {
    const ids = this.test.rows('SELECT id FROM assets ORDER BY id').map(({ id }) => Number(id));
    return ids[index % Math.max(1, ids.length)] ?? null;
  }
}

function playAll(steps: readonly Step[]): TestCatalog {
  const play = new Play();
  for (const one of steps) play.take(one);
  return play.test;
}

const steps = fc.array(step, { maxLength: 60 });

/** What the timeline keeps is what a look at every file, object and version gives. */
function expectTimeline(test: TestCatalog): void {
  const known = `f.role = 'media' AND f.state IN ('hashed', 'unknown', 'failed')`;
  const copies = (asset: string): string =>
    `(SELECT count(*) FROM files f WHERE f.asset_id = ${asset}.id AND ${known})`;
  expect(test.rows(`SELECT id FROM assets a WHERE copies <> ${copies('a')}`)).toEqual([]);
  const shown = `a.kind <> 'sidecar' AND (${copies('a')} > 0 OR EXISTS
      (SELECT 1 FROM objects o WHERE o.asset_id = a.id AND o.state = 'present'))
    AND NOT (${copies('a')} = 0 AND EXISTS (SELECT 1 FROM file_versions v JOIN files f ON f.id = v.file_id
      JOIN assets n ON n.id = f.asset_id WHERE v.asset_id = a.id AND n.id <> a.id AND n.wall = a.wall
        AND ${known}))`;
  expect(test.rows(`SELECT id FROM assets a WHERE shown <> (${shown})`)).toEqual([]);
  expect(test.rows('SELECT * FROM days')).toEqual(
    test.rows('SELECT day, count(*) AS count FROM assets WHERE shown = 1 GROUP BY 1 ORDER BY 1'),
  );
  expect(test.rows('SELECT asset_id FROM search_words ORDER BY 1')).toEqual(
    test.rows('SELECT id AS asset_id FROM assets WHERE shown = 1 ORDER BY 1'),
  );
  for (const { id, name } of test.rows(
    `SELECT a.id, f.name FROM files f JOIN assets a ON a.id = f.asset_id WHERE a.shown = 1 AND ${known}`,
  )) {
    const found = test.catalog.timeline.plan({ words: [String(name)] }, []);
    expect(test.catalog.timeline.newest(found, everyDay, 100)).toContain(id);
  }
  while (test.catalog.albums.refresh(10));
  expect(test.catalog.albums.list().map(({ count }) => ({ count }))).toEqual(
    test.rows(
      `SELECT count(DISTINCT a.id) AS count FROM files f JOIN assets a ON a.id = f.asset_id
       WHERE a.shown = 1 AND ${known} GROUP BY f.directory_id`,
    ),
  );
}

const everyDay = { newest: '9999-12-31', oldest: '0000-01-01' };

describe('figures that are kept up to date', () => {
  it('always equal a recount', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const test = playAll(all);
        expect(test.rows('SELECT * FROM delivery_counts WHERE count > 0 ORDER BY 1, 2')).toEqual(
          test.rows(
            `SELECT destination_id, state, count(*) AS count, sum(bytes) AS bytes FROM deliveries
             GROUP BY 1, 2 ORDER BY 1, 2`,
          ),
        );
        expectTimeline(test);
        expect(test.rows('PRAGMA foreign_key_check')).toEqual([]);
      }),
      { numRuns: runs },
    );
  });
});

describe('the summary', () => {
  it('adds up, and names exactly what is not backed up', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const test = playAll(all);
        const { totals } = test.catalog;
        const { scope, destinationIds } = test;
        const { found, photos, duplicates, skipped } = totals.found(scope);
        expect(found).toBe(photos + duplicates + skipped);
        expect(Math.min(found, photos, duplicates, skipped)).toBeGreaterThanOrEqual(0);
        const { worst, each } = totals.delivered(scope, destinationIds, run);
        const asked = [
          { ids: destinationIds, figures: worst },
          ...each.map((figures, index) => ({
            ids: destinationIds.slice(index, index + 1),
            figures,
          })),
        ];
        expect(asked).toHaveLength(destinationIds.length + 1);
        for (const { ids, figures } of asked) {
          const { uploaded, alreadyBackedUp, failed } = figures;
          expect(uploaded + alreadyBackedUp + failed).toBe(photos);
          const unproven = test.rows(
            `SELECT DISTINCT f.asset_id FROM files f WHERE f.state = 'hashed' AND f.role = 'media'
             AND (SELECT count(*) FROM deliveries d WHERE d.asset_id = f.asset_id AND d.state = 'verified'
               AND d.destination_id IN (${ids.join(', ')})) < ${String(ids.length)}`,
          );
          expect(failed).toBe(unproven.length);
        }
        const unfinished = [...totals.unfinished(scope, destinationIds)];
        const unread = test.rows(`SELECT id FROM files WHERE state IN ('discovered', 'failed')`);
        expect(unfinished.filter(({ destinationId }) => destinationId === null)).toHaveLength(
          unread.length,
        );
        for (const id of destinationIds) {
          const named = unfinished.filter(({ destinationId }) => destinationId === id);
          const missing = test.rows(
            `SELECT DISTINCT asset_id FROM files f WHERE state = 'hashed' AND NOT EXISTS (SELECT 1 FROM
               deliveries d WHERE d.asset_id = f.asset_id AND d.state = 'verified'
               AND d.destination_id = ${String(id)})`,
          );
          expect(named).toHaveLength(missing.length);
        }
      }),
      { numRuns: runs },
    );
  });

  it('counts a photo by its worst destination', () => {
    const test = new TestCatalog(2);
    const [first = 0, second = 0] = test.destinationIds;
    const sent = test.addPhoto('a.jpg', 'a');
    const known = test.addPhoto('b.jpg', 'b');
    test.addPhoto('c.jpg', 'c');
    test.prove(sent, { destinationId: first, run });
    test.prove(sent, { destinationId: second, uploaded: false });
    test.prove(known, { destinationId: first, uploaded: false });
    test.prove(known, { destinationId: second, run: run - 1 });
    const { totals } = test.catalog;
    expect(totals.delivered(test.scope, [first, second], run)).toEqual({
      worst: { uploaded: 1, alreadyBackedUp: 1, failed: 1 },
      each: [
        { uploaded: 1, alreadyBackedUp: 1, failed: 1 },
        { uploaded: 0, alreadyBackedUp: 2, failed: 1 },
      ],
    });
    expect(totals.bytesUploaded([first, second], run)).toBe(1);
    expect(totals.delivered(test.scope, [], run)).toEqual({
      worst: { uploaded: 0, alreadyBackedUp: 0, failed: 0 },
      each: [],
    });
  });
});

describe('unfinished', () => {
  it('gives each path with its reason', () => {
    const test = new TestCatalog();
    const unreadable = test.addFile('unreadable.jpg').id;
    test.catalog.files.setFailed(unreadable, { code: 'unreadable', message: 'No.' });
    const large = test.addPhoto('large.jpg', 'large');
    test.catalog.deliveries.fail(
      test.delivery(large),
      { code: 'unsupported', message: 'Too large.' },
      1,
      null,
    );
    test.addPhoto('waiting.jpg', 'waiting');
    test.prove(test.addPhoto('done.jpg', 'done'));
    const reasons = [...test.catalog.totals.unfinished(test.scope, test.destinationIds)].map(
      ({ path, failure }) => [path, failure === null ? null : (JSON.parse(failure) as unknown)],
    );
    expect(reasons).toEqual([
      ['/photos/unreadable.jpg', { code: 'unreadable', message: 'No.' }],
      ['/photos/large.jpg', { code: 'unsupported', message: 'Too large.' }],
      ['/photos/waiting.jpg', null],
    ]);
  });

  it('spells a path below the root of a file system as the system does', () => {
    const test = new TestCatalog();
    const root = test.catalog.files.ensureRoot('/', '', 'root');
    const directory = test.catalog.files.addDirectory(root.id, 'photos');
    const seen = { ...test.addFile('x').seen, name: 'a.jpg' };
    test.catalog.files.add(directory, seen, nowMs);
    const [first] = [...test.catalog.totals.unfinished({ rootIds: [root.id] }, [])];
    expect(first?.path).toBe('/photos/a.jpg');
  });
});

describe('timeline', () => {
  it('pages through every photo once, newest first, sidecars left out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 9 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        (days, size) => {
          const test = new TestCatalog(0);
          for (const [index, day] of days.entries()) {
            test.addPhoto(`${String(index)}.jpg`, String(index), describedAs(wallOf(day)));
          }
          test.read(test.addFile('0.xmp', 'sidecar').id, 'xmp', describedAs(wallOf(1), 'sidecar'));
          const seen: { wall: string; id: number }[] = [];
          for (;;) {
            const page = test.catalog.totals.timeline(seen.at(-1) ?? null, size);
            seen.push(
              ...page.map(({ id, description }) => ({ id, wall: description.captured.wall })),
            );
            if (page.length < size) break;
          }
          const sorted = seen.toSorted((a, b) =>
            a.wall === b.wall ? b.id - a.id : a.wall < b.wall ? 1 : -1,
          );
          expect(seen).toEqual(sorted);
          expect(new Set(seen.map(({ id }) => id)).size).toBe(days.length);
        },
      ),
      { numRuns: 30 },
    );
  });
});
