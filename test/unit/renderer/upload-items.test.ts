import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { uploadItemSchema, type UploadItem } from '../../../shared/contract/app/uploads.ts';
import {
  countGroups,
  groupOf,
  inOrder,
  isFinished,
  overallProgress,
  withBatch,
  withSent,
} from '../../../renderer/upload/upload-items.ts';

const states = uploadItemSchema.shape.state.options;

function item(change: Partial<UploadItem> = {}): UploadItem {
  return {
    id: 'i1',
    name: 'a.jpg',
    bytes: 1000,
    state: 'uploading',
    progress: 0,
    asset: null,
    failure: null,
    ...change,
  };
}

const anyItem = fc.record({
  id: fc.string({ minLength: 1, maxLength: 4 }),
  bytes: fc.nat(10_000_000),
  state: fc.constantFrom(...states),
  progress: fc.double({ min: 0, max: 1, noNaN: true }),
});
const anyItems = fc.array(anyItem, { maxLength: 40 }).map((all) => all.map((each) => item(each)));

const batch = {
  id: 'b1',
  startedMs: 1,
  album: null,
  destinations: [],
  items: [],
  collecting: false,
};

describe('items of an upload', () => {
  test('their groups add up to their number', () => {
    fc.assert(
      fc.property(anyItems, (items) => {
        const counts = countGroups(items);
        const sum = Object.values(counts).reduce((all, count) => all + count, 0);
        expect(sum).toBe(items.length);
      }),
    );
  });

  test('the whole is done exactly when nothing is on its way', () => {
    fc.assert(
      fc.property(anyItems, (items) => {
        const progress = overallProgress(items);
        const going = items.some((each) => groupOf(each) === 'going');
        if (items.length === 0) expect(progress).toBeNull();
        else if (going) expect(progress).toBeLessThan(1);
        else expect(progress).toBe(1);
        expect(progress ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('the order loses and invents nothing, and failures come first', () => {
    fc.assert(
      fc.property(anyItems, (items) => {
        const ordered = inOrder(items);
        expect(ordered).toHaveLength(items.length);
        expect(new Set(ordered)).toEqual(new Set(items));
        const firstOther = ordered.findIndex((each) => groupOf(each) !== 'failed');
        const lastFailed = ordered.findLastIndex((each) => groupOf(each) === 'failed');
        if (firstOther !== -1) expect(lastFailed).toBeLessThan(firstOther);
      }),
    );
  });

  test('a batch that is still looking through folders is not finished', () => {
    expect(isFinished({ ...batch, items: [item({ state: 'backedUp' })] })).toBe(true);
    expect(isFinished({ ...batch, collecting: true })).toBe(false);
    expect(isFinished({ ...batch, items: [item({ state: 'waiting' })] })).toBe(false);
  });

  test('what was sent is half of the way and never takes progress back', () => {
    const sent = withSent(
      [item({ id: 'a' }), item({ id: 'b', progress: 0.9 }), item({ id: 'c', state: 'backedUp' })],
      () => 1,
    );
    expect(sent.map(({ progress }) => progress)).toEqual([0.5, 0.9, 0]);
  });
});

test('a batch replaces itself, and new ones come first', () => {
  const newer = { ...batch, id: 'b2', startedMs: 2 };
  const changed = { ...batch, collecting: true };
  expect(withBatch(withBatch(withBatch([], batch), newer), changed)).toEqual([newer, changed]);
});
