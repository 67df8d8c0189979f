import { describe, expect, it } from 'vitest';
import { fail } from '../../../shared/domain/failure.ts';
import { forEachBounded, mapInOrder } from '../../../electron/engine/journal/concurrency.ts';

const never = new AbortController().signal;

/** Work that counts how much of it is under way and ends when told. */
class Work {
  underWay = 0;
  most = 0;

  async run(item: number): Promise<number> {
    this.underWay += 1;
    this.most = Math.max(this.most, this.underWay);
    // Later items end first.
    for (let turn = 0; turn < 20 - item; turn += 1) await Promise.resolve();
    this.underWay -= 1;
    return item * 2;
  }
}

describe('mapInOrder', () => {
  it('keeps the order and the limit', async () => {
    const work = new Work();
    const results: number[] = [];
    const all = mapInOrder([1, 2, 3, 4, 5, 6], 3, (item) => work.run(item), never);
    for await (const result of all) results.push(result);
    expect(results).toEqual([2, 4, 6, 8, 10, 12]);
    expect(work.most).toBe(3);
  });

  it('aborts and awaits what is under way when the consumer stops', async () => {
    const work = new Work();
    const signals: AbortSignal[] = [];
    const all = mapInOrder(
      [1, 2, 3, 4],
      3,
      (item, signal) => {
        signals.push(signal);
        return work.run(item);
      },
      never,
    );
    for await (const result of all) {
      expect(result).toBe(2);
      break;
    }
    expect(work.underWay).toBe(0);
    expect(signals.every((signal) => signal.aborted)).toBe(true);
  });
});

describe('forEachBounded', () => {
  it('does everything within the limit', async () => {
    const work = new Work();
    const done: number[] = [];
    const one = async (item: number) => {
      done.push(await work.run(item));
    };
    await forEachBounded([1, 2, 3, 4, 5], 2, one, never);
    expect(done.toSorted((a, b) => a - b)).toEqual([2, 4, 6, 8, 10]);
    expect(work.most).toBe(2);
  });

  it('throws the first failure after all others have ended, and closes the source', async () => {
    const work = new Work();
    let closed = false;
    function* source(): Generator<number> {
      try {
        for (let item = 1; ; item += 1) yield item;
      } finally {
        closed = true;
      }
    }
    const one = async (item: number) => {
      await work.run(item);
      if (item === 3) throw fail('diskFull', 'The disk is full.');
    };
    await expect(forEachBounded(source(), 2, one, never)).rejects.toMatchObject({
      failure: { code: 'diskFull' },
    });
    expect(work.underWay).toBe(0);
    expect(closed).toBe(true);
  });

  it('is cancelled even when no item notices', async () => {
    const stop = new AbortController();
    const one = () => {
      stop.abort();
      return Promise.resolve();
    };
    await expect(forEachBounded([1, 2, 3], 1, one, stop.signal)).rejects.toMatchObject({
      failure: { code: 'cancelled' },
    });
  });
});
