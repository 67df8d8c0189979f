import { describe, expect, test } from 'vitest';

import { BodyPool } from '../../../electron/engine/destinations/s3/body-pool.ts';

const mebibyte = 1024 * 1024;
const photo = 3 * mebibyte;

/** Keeps the pool from letting its spares go, as other uploads do that are under way. */
async function whileBusy<T>(pool: BodyPool, work: () => Promise<T>): Promise<T> {
  return pool.lend(photo, async () => ({ value: await work(), done: true }));
}

const borrow = (pool: BodyPool, bytes: number, done = true): Promise<ArrayBufferLike> =>
  pool.lend(bytes, (room) => Promise.resolve({ value: room.buffer, done }));

describe('BodyPool', () => {
  test.each([1, 4000, 200_000, photo, 8 * mebibyte + 1, 20 * mebibyte])(
    'lends room for %i bytes',
    async (bytes) => {
      const pool = new BodyPool(8 * mebibyte + 1);
      const length = await pool.lend(bytes, (room) =>
        Promise.resolve({ value: room.length, done: true }),
      );
      expect(length).toBeGreaterThanOrEqual(bytes);
    },
  );

  test('lends a room again when its upload is over', async () => {
    const pool = new BodyPool(8 * mebibyte);
    await whileBusy(pool, async () => {
      const first = await borrow(pool, photo);
      expect(await borrow(pool, photo + 1)).toBe(first);
    });
  });

  test('never lends a room to two uploads at once', async () => {
    const pool = new BodyPool(8 * mebibyte);
    await pool.lend(photo, async (room) => {
      await pool.lend(photo, (other) => {
        expect(other.buffer).not.toBe(room.buffer);
        return Promise.resolve({ value: null, done: true });
      });
      return { value: null, done: true };
    });
  });

  test('never lends a room again that somebody may still look at', async () => {
    const pool = new BodyPool(8 * mebibyte);
    await whileBusy(pool, async () => {
      const open = await borrow(pool, photo, false);
      expect(await borrow(pool, photo, false)).not.toBe(open);
      const rooms: ArrayBufferLike[] = [];
      const failing = pool.lend(photo, (room) => {
        rooms.push(room.buffer);
        return Promise.reject(new Error('broken off'));
      });
      await expect(failing).rejects.toThrow('broken off');
      expect(rooms).not.toContain(await borrow(pool, photo));
    });
  });

  test('keeps nothing when nothing is under way', async () => {
    const pool = new BodyPool(8 * mebibyte);
    const first = await borrow(pool, photo);
    expect(await borrow(pool, photo)).not.toBe(first);
  });
});
