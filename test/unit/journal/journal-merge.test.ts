import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../../shared/domain/journal-entry.ts';
import {
  currentVersion,
  emptyView,
  liveObjects,
  mergeEntries,
} from '../../../shared/domain/journal-merge.ts';
import type { JournalView } from '../../../shared/domain/journal-merge.ts';
import { assetEntry, sha256 } from '../../support/journal/entries.ts';

interface Recorded {
  readonly device: string;
  readonly entry: JournalEntry;
}

const at = (ms: number, device: string) => `${String(ms).padStart(15, '0')}-000000-${device}`;

/** Few devices, moments, contents and paths, so that entries meet. */
const recorded: fc.Arbitrary<Recorded> = fc
  .record({
    device: fc.constantFrom('a', 'b'),
    ms: fc.nat(6),
    content: fc.constantFrom('x', 'y'),
    other: fc.constantFrom('one', 'two'),
    type: fc.constantFrom('asset', 'object', 'location', 'absent', 'retired'),
  })
  .map(({ device, ms, content, other, type }) => {
    const moment = at(ms, device);
    const hash = sha256(content);
    const byType: Record<typeof type, JournalEntry> = {
      asset: assetEntry(content, `${other}.jpg`, moment),
      object: {
        type: 'object',
        at: moment,
        hash,
        key: `${content}-${other}`,
        bytes: ms,
        evidence: other === 'one' ? 'read-back' : 'server-md5',
        tag: other,
      },
      location: {
        type: 'location',
        at: moment,
        hash,
        root: 'r',
        rootName: other,
        path: 'p.jpg',
        modifiedMs: ms,
      },
      absent: { type: 'absent', at: moment, root: 'r', path: 'p.jpg' },
      retired: { type: 'retired', at: moment, hash, key: `${content}-${other}`, inFavourOf: 'z' },
    };
    return { device, entry: byType[type] };
  });

function merged(...parts: readonly (readonly Recorded[])[]): unknown {
  const view = emptyView();
  for (const part of parts) {
    for (const { device, entry } of part) mergeEntries(view, device, [entry]);
  }
  return canonical(view);
}

/** The view without the order in which its parts were met. */
function canonical({ assets, objects, paths }: JournalView): unknown {
  const sorted = (values: Iterable<unknown>) => [...values].map((v) => JSON.stringify(v)).sort();
  return {
    assets: sorted(assets),
    objects: sorted([...objects].map(([hash, records]) => [hash, sorted(records)])),
    live: sorted(
      [...objects.keys()].map((hash) => [hash, liveObjects({ ...view(objects) }, hash)]),
    ),
    paths: sorted(
      [...paths].flatMap(([device, roots]) =>
        [...roots].flatMap(([root, records]) =>
          [...records].map(([path, record]) => [
            [device, root, path, record.absentAt, currentVersion(record)],
            sorted(record.versions),
          ]),
        ),
      ),
    ),
  };
}

function view(objects: JournalView['objects']): JournalView {
  return { ...emptyView(), objects };
}

describe('merging journals', () => {
  it('gives one result in any order, in any parts, any number of times', () => {
    const history = fc.array(recorded, { maxLength: 25 });
    fc.assert(
      fc.property(
        history.chain((entries) =>
          fc.tuple(
            fc.constant(entries),
            fc.shuffledSubarray(entries, { minLength: entries.length }),
            fc.shuffledSubarray(entries),
          ),
        ),
        ([entries, shuffled, again]) => {
          const expected = merged(entries);
          expect(merged(shuffled)).toEqual(expected);
          expect(merged(again, shuffled)).toEqual(expected);
          expect(merged(entries, again)).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps the name of the first and the description of the last', () => {
    const later = assetEntry('x', 'later.jpg', at(2, 'b'));
    const last = { ...later, description: { ...later.description, rating: 5 } };
    const joined = emptyView();
    mergeEntries(joined, 'b', [last]);
    mergeEntries(joined, 'a', [assetEntry('x', 'first.jpg', at(1, 'a'))]);
    expect(joined.assets.get(sha256('x'))).toMatchObject({
      name: 'first.jpg',
      description: { rating: 5 },
    });
  });

  it('prefers the object that was recorded first, without those retired', () => {
    const hash = sha256('x');
    const object = (ms: number, device: string, key: string): JournalEntry => ({
      type: 'object',
      at: at(ms, device),
      hash,
      key,
      bytes: 1,
      evidence: 'read-back',
      tag: null,
    });
    const joined = emptyView();
    mergeEntries(joined, 'b', [object(2, 'b', 'second'), object(3, 'b', 'third')]);
    mergeEntries(joined, 'a', [object(1, 'a', 'first')]);
    const keys = () => liveObjects(joined, hash).map(({ key }) => key);
    expect(keys()).toEqual(['first', 'second', 'third']);
    const retired = { type: 'retired', hash, key: 'second', inFavourOf: 'first' } as const;
    mergeEntries(joined, 'b', [{ ...retired, at: at(4, 'b') }]);
    expect(keys()).toEqual(['first', 'third']);
    mergeEntries(joined, 'b', [object(5, 'b', 'second')]);
    expect(keys()).toEqual(['first', 'second', 'third']);
  });

  it('hides a path that is gone until it is seen again, and remembers older contents', () => {
    const location = (content: string, ms: number): JournalEntry => ({
      type: 'location',
      at: at(ms, 'a'),
      hash: sha256(content),
      root: 'r',
      rootName: 'Pictures',
      path: 'p.jpg',
      modifiedMs: 0,
    });
    const joined = emptyView();
    mergeEntries(joined, 'a', [location('x', 1), location('y', 2)]);
    const record = joined.paths.get('a')?.get('r')?.get('p.jpg');
    if (record === undefined) throw new Error('The path is missing.');
    expect(currentVersion(record)?.hash).toBe(sha256('y'));
    mergeEntries(joined, 'a', [{ type: 'absent', at: at(3, 'a'), root: 'r', path: 'p.jpg' }]);
    expect(currentVersion(record)).toBeNull();
    mergeEntries(joined, 'a', [location('x', 4)]);
    expect(currentVersion(record)?.hash).toBe(sha256('x'));
    expect(record.versions).toHaveLength(2);
  });
});
