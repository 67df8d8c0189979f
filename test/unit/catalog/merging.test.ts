import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { JournalEntry } from '../../../shared/domain/journal-entry.ts';
import { describedAs, hashOf, nowMs, TestCatalog } from '../../support/catalog/test-catalog.ts';

interface Segment {
  readonly device: string;
  readonly sequence: number;
  readonly entries: readonly JournalEntry[];
}

/** What one device does with one content. */
interface Act {
  readonly content: number;
  readonly name: number;
  readonly key: number;
  readonly kind: 'object' | 'retired' | 'both';
  readonly day: number;
}

const act: fc.Arbitrary<Act> = fc.record({
  content: fc.nat({ max: 2 }),
  name: fc.nat({ max: 3 }),
  key: fc.nat({ max: 1 }),
  kind: fc.constantFrom('object', 'object', 'retired', 'both'),
  day: fc.nat({ max: 8 }),
});

/** Journals of three devices, each cut into segments, and an order in which their segments are read. */
const journals = fc
  .array(fc.record({ device: fc.constantFrom('bb', 'cc', 'dd'), ms: fc.nat({ max: 50 }), act }), {
    minLength: 1,
    maxLength: 14,
  })
  .map((acts) => acts.map((one, index) => ({ ...one, at: stamp(one.ms, index, one.device) })));

function stamp(ms: number, counter: number, device: string): string {
  return `${String(nowMs + ms).padStart(15, '0')}-${String(counter * 10).padStart(6, '0')}-${device}`;
}

function later(at: string, by: number): string {
  const counter = Number(at.slice(16, 22)) + by;
  return `${at.slice(0, 16)}${String(counter).padStart(6, '0')}${at.slice(22)}`;
}

function entriesOf({ content, name, key, kind, day }: Act, at: string): JournalEntry[] {
  const hash = hashOf(String(content));
  const objectKey = `2024/05/${String(content)}-${String(key)}`;
  const asset: JournalEntry = {
    type: 'asset',
    hash,
    bytes: 1,
    name: `${String(name)}.jpg`,
    description: describedAs(`2024-05-1${String(day)}T00:00:00`),
    at,
  };
  const object: JournalEntry = {
    type: 'object',
    hash,
    key: objectKey,
    bytes: 1,
    evidence: 'read-back',
    tag: null,
    at: later(at, 1),
  };
  const retired: JournalEntry = {
    type: 'retired',
    hash,
    key: objectKey,
    inFavourOf: 'x',
    at: later(at, 2),
  };
  if (kind === 'object') return [asset, object];
  return kind === 'retired' ? [retired] : [asset, object, retired];
}

function segmentsOf(acts: readonly { device: string; at: string; act: Act }[]): Segment[] {
  const sequences = new Map<string, number>();
  return acts.map(({ device, at, act: one }) => {
    const sequence = (sequences.get(device) ?? 0) + 1;
    sequences.set(device, sequence);
    return { device, sequence, entries: entriesOf(one, at) };
  });
}

/** Another order that keeps each device's own. */
function interleave(segments: readonly Segment[], choices: readonly number[]): Segment[] {
  const queues = ['bb', 'cc', 'dd'].map((device) =>
    segments.filter((segment) => segment.device === device),
  );
  const result: Segment[] = [];
  for (let turn = 0; result.length < segments.length; turn += 1) {
    const open = queues.filter((queue) => queue.length > 0);
    const next = open[(choices[turn % choices.length] ?? 0) % open.length]?.shift();
    if (next !== undefined) result.push(next);
  }
  return result;
}

function apply(test: TestCatalog, segments: readonly Segment[]): void {
  for (const { device, sequence, entries } of segments) {
    const peer = { device, sequence, sha256: 'f'.repeat(64) };
    test.catalog.applySegment(test.destinationId, peer, device, entries, nowMs);
  }
}

/** All that other devices' journals decide; ids and this device's own clock are left out. */
function viewOf(test: TestCatalog): unknown {
  return [
    test.rows('SELECT hash, name, wall, described_at, named_at FROM assets ORDER BY hash'),
    test.rows(
      `SELECT o.key, a.hash, o.at, o.device, o.state FROM objects o JOIN assets a ON a.id = o.asset_id
       ORDER BY o.key`,
    ),
    test.rows('SELECT key, at FROM retirements ORDER BY key'),
    test.rows('SELECT device, sequence FROM peers ORDER BY device'),
    test.rows('SELECT * FROM days'),
  ];
}

describe('applySegment', () => {
  it('gives the same view whatever the order in which the devices are read', () => {
    fc.assert(
      fc.property(
        journals,
        fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 20 }),
        (acts, choices) => {
          const segments = segmentsOf(acts);
          const [one, other] = [new TestCatalog(), new TestCatalog()];
          apply(one, segments);
          apply(other, interleave(segments, choices));
          expect(viewOf(other)).toEqual(viewOf(one));
        },
      ),
      { numRuns: 75 },
    );
  });

  it('changes nothing when it is applied again', () => {
    fc.assert(
      fc.property(journals, (acts) => {
        const segments = segmentsOf(acts);
        const test = new TestCatalog();
        apply(test, segments);
        const before = viewOf(test);
        apply(test, segments);
        expect(viewOf(test)).toEqual(before);
      }),
      { numRuns: 30 },
    );
  });

  it('notes two standing objects of one content as contested', () => {
    const test = new TestCatalog();
    const acts = [0, 1].map((key) => ({
      device: key === 0 ? 'bb' : 'cc',
      at: stamp(key, key, key === 0 ? 'bb' : 'cc'),
      act: { content: 0, name: 0, key, kind: 'object' as const, day: 0 },
    }));
    apply(test, segmentsOf(acts));
    expect(test.catalog.objects.contested(test.destinationId)).toHaveLength(1);
  });

  it('has a photo queued again whose object another device has retired', () => {
    const test = new TestCatalog();
    const assetId = test.addPhoto('a.jpg', '0');
    test.prove(assetId, { key: '2024/05/0-0' });
    const retired = {
      device: 'bb',
      at: stamp(86_000_000, 0, 'bb'),
      act: { content: 0, name: 0, key: 0, kind: 'retired' as const, day: 0 },
    };
    apply(test, segmentsOf([retired]));
    expect(test.delivery(assetId)).toMatchObject({ state: 'queued', key: null });
  });

  it('writes later than everything it has seen', () => {
    const test = new TestCatalog();
    const acts = [
      {
        device: 'bb',
        at: stamp(5000, 0, 'bb'),
        act: { content: 0, name: 0, key: 0, kind: 'object' as const, day: 0 },
      },
    ];
    apply(test, segmentsOf(acts));
    expect(test.catalog.identity.stamp(nowMs) > stamp(5000, 0, 'bb')).toBe(true);
  });
});
