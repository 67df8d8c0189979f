import { describe, expect, test } from 'vitest';

import type { ReopenableSource } from '../../../electron/engine/destinations/contract.ts';
import { readExactly } from '../../../electron/engine/destinations/exact-source.ts';
import {
  lyingSource,
  someBytes,
  sourceOf,
} from '../../../electron/engine/destinations/validation/sources.ts';
import { fail } from '../../../shared/domain/failure.ts';

const bytes = someBytes(5000);
const never = new AbortController().signal;
const room = (): Buffer => Buffer.alloc(bytes.length + 100);

/** A source that promises `bytes` and reads what it is told to into the place it is given. */
function readingInto(given: Uint8Array): ReopenableSource {
  return {
    ...sourceOf(bytes),
    open: () => {
      throw new Error('nobody is to ask for a stream');
    },
    readInto: (target, start) => {
      const part = given.subarray(start, start + target.length);
      target.set(part);
      return Promise.resolve(part.length);
    },
  };
}

describe('readExactly', () => {
  test.each([
    ['as a stream', sourceOf(bytes)],
    ['in one piece', readingInto(bytes)],
  ])('gives the whole source, %s', async (_how, source) => {
    expect(Buffer.from(await readExactly(source, room(), never))).toEqual(Buffer.from(bytes));
  });

  test.each([
    ['a stream that goes on', lyingSource(bytes, someBytes(5001))],
    ['a stream that ends early', lyingSource(bytes, bytes.subarray(1))],
    ['a piece that goes on', readingInto(someBytes(5001))],
    ['a piece that ends early', readingInto(bytes.subarray(1))],
  ])('takes %s for a change', async (_what, source) => {
    await expect(readExactly(source, room(), never)).rejects.toMatchObject({
      failure: { code: 'changed' },
    });
  });

  test('takes a file that is gone for a change, and tells what else is wrong with it', async () => {
    const gone = {
      ...sourceOf(bytes),
      readInto: () => Promise.reject(fail('notFound', 'It is gone.')),
    };
    await expect(readExactly(gone, room(), never)).rejects.toMatchObject({
      failure: { code: 'changed' },
    });
    const broken = { ...sourceOf(bytes), readInto: () => Promise.reject(new Error('EIO')) };
    await expect(readExactly(broken, room(), never)).rejects.toMatchObject({
      failure: { code: 'unreadable' },
    });
  });

  test('ends when it is cancelled, whatever the source does', async () => {
    const stop = new AbortController();
    const hanging = {
      ...sourceOf(bytes),
      readInto: () => {
        stop.abort();
        return Promise.withResolvers<number>().promise;
      },
    };
    await expect(readExactly(hanging, room(), stop.signal)).rejects.toMatchObject({
      failure: { code: 'cancelled' },
    });
  });
});
