import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalEntry, JournalSegment } from '../../../shared/domain/journal-entry.ts';
import { failureOf } from '../../../shared/domain/failure.ts';
import type { FailureCode } from '../../../shared/domain/failure.ts';
import {
  decodeSegment,
  encodeSegment,
  maxSegmentBytes,
  maxSegmentEntries,
  splitEntries,
} from '../../../electron/engine/journal/segment-codec.ts';
import { parseSegmentKey, segmentKey } from '../../../electron/engine/journal/segment-key.ts';
import { assetEntry, sha256 } from '../../support/journal/entries.ts';

const at = '001715904000000-000000-laptop';
const hash = sha256('a');
const key = '.cloudroll/journal/laptop/0000000002.jsonl';
const location: JournalEntry = {
  type: 'location',
  at,
  hash,
  root: 'pictures',
  rootName: '사진',
  path: 'a/\ud800\uef80 "x"\n.jpg',
  modifiedMs: -1.25,
  sidecarOf: hash,
};
const segment: JournalSegment = {
  device: 'laptop',
  deviceName: 'Anna’s laptop',
  sequence: 2,
  previous: sha256('first'),
  entries: [
    assetEntry('a', 'a.jpg', at),
    {
      type: 'object',
      at,
      hash,
      key: '2024/05/a-1.jpg',
      bytes: 1,
      evidence: 'read-back',
      tag: '"x"',
    },
    location,
    { type: 'absent', at, root: 'pictures', path: 'b.jpg' },
    { type: 'retired', at, hash, key: '2024/05/a-1.jpg', inFavourOf: '2024/05/b-1.jpg' },
  ],
};
const text = new TextDecoder().decode(encodeSegment(segment));

function codeOf(work: () => unknown): { code: FailureCode; message: string } | null {
  try {
    work();
    return null;
  } catch (error) {
    return failureOf(error);
  }
}
const read = (changed: string) => () => decodeSegment(new TextEncoder().encode(changed), key);

describe('a journal segment', () => {
  it('comes back as it was written', () => {
    expect(decodeSegment(encodeSegment(segment), key)).toEqual({ ...segment, unknownEntries: 0 });
  });

  it('is one JSON value a line, with a header and a count', () => {
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(7);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      format: 'cloudroll-journal',
      version: 1,
      device: 'laptop',
      deviceName: 'Anna’s laptop',
      sequence: 2,
      previous: sha256('first'),
    });
    expect(lines.at(-1)).toBe('{"end":true,"entries":5}');
  });

  it('is corrupt at whatever byte it is cut', () => {
    const bytes = encodeSegment(segment);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        const failure = codeOf(() => decodeSegment(bytes.subarray(0, length), key));
        expect(failure?.code).toBe('corrupt');
        expect(failure?.message).toContain(key);
      }),
    );
  });

  it.each([
    ['a missing entry', text.replace(/\{"type":"absent".*\n/, '')],
    ['an invalid entry', text.replace('"path":"b.jpg"', '"path":7')],
    ['an entry that is no object', text.replace(/\{"type":"absent".*\n/, '3\n')],
    ['a hash that is none', text.replaceAll(hash, 'abc')],
    ['a wrong header', text.replace('cloudroll-journal', 'other')],
    ['a device that is a path', text.replace('"device":"laptop"', '"device":"../x"')],
    ['nothing', ''],
  ])('is corrupt with %s', (_what, changed) => {
    expect(changed).not.toBe(text);
    expect(codeOf(read(changed))?.code).toBe('corrupt');
  });

  it('is corrupt when it is not UTF-8 or too large', () => {
    expect(codeOf(() => decodeSegment(Uint8Array.of(0xff, 0x0a), key))?.code).toBe('corrupt');
    expect(codeOf(() => decodeSegment(new Uint8Array(maxSegmentBytes + 1), key))?.code).toBe(
      'corrupt',
    );
  });

  it('of a newer version asks for an update', () => {
    expect(codeOf(read(text.replace('"version":1', '"version":2')))?.code).toBe('unsupported');
  });

  it('keeps out and counts entries of types that a newer version brought, and drops new fields', () => {
    const changed = text
      .replace(/\{"type":"absent".*\n/, '{"type":"album","title":"제주"}\n')
      .replace('"type":"retired"', '"type":"retired","colour":"red"');
    const decoded = read(changed)();
    expect(decoded.unknownEntries).toBe(1);
    expect(decoded.entries).toEqual(segment.entries.filter(({ type }) => type !== 'absent'));
  });

  it('is never blocked by a description out of bounds', () => {
    const asset = assetEntry('a', 'a.jpg', at);
    const description = { ...asset.description, width: Number.NaN, title: 'x'.repeat(20_000) };
    const bytes = encodeSegment({ ...segment, entries: [{ ...asset, description }] });
    expect(decodeSegment(bytes, key).entries).toEqual([
      { ...asset, description: { ...asset.description, width: null, title: 'x'.repeat(10_000) } },
    ]);
  });

  it('is not written when no reader would accept it', () => {
    expect(codeOf(() => encodeSegment({ ...segment, sequence: 0 }))?.code).toBe('bug');
    const broken: JournalEntry = { type: 'absent', at: 'now', root: 'a', path: 'b' };
    expect(codeOf(() => encodeSegment({ ...segment, entries: [broken] }))?.code).toBe('bug');
  });
});

describe('splitEntries', () => {
  it('keeps every entry in order, in parts that fit a segment', () => {
    const many = Array.from({ length: maxSegmentEntries + 1 }, (_, index) => ({
      ...location,
      path: String(index),
    }));
    const long = Array.from({ length: 90 }, () => ({ ...location, path: '사'.repeat(32_000) }));
    for (const entries of [[], many, long]) {
      const parts = [...splitEntries(entries)];
      expect(parts.flat()).toEqual(entries);
      for (const part of parts) {
        const bytes = encodeSegment({ ...segment, entries: part });
        expect(decodeSegment(bytes, key).entries).toHaveLength(part.length);
      }
    }
  });
});

describe('segmentKey', () => {
  it('sorts and comes back', () => {
    expect(segmentKey('laptop', 2)).toBe(key);
    expect(parseSegmentKey(key)).toEqual({ device: 'laptop', sequence: 2 });
  });

  it('refuses a device that would leave the folder', () => {
    expect(() => segmentKey('../x', 1)).toThrow('device id');
    expect(() => segmentKey('a', 0)).toThrow('number');
    for (const other of ['2024/05/a.jpg', '.cloudroll/journal/a/1.jsonl', `${key}.tmp`]) {
      expect(parseSegmentKey(other)).toBeNull();
    }
  });
});
