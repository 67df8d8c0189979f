import { expect, test } from 'vitest';

import type { Destination } from '../../../electron/engine/destinations/contract.ts';
import { decorate } from '../../../electron/engine/destinations/decorators/decorate.ts';
import { silentLogger } from '../../../electron/engine/logging/logger.ts';
import { sweepLeftovers } from '../../../electron/engine/verify/sweep-leftovers.ts';
import { FakeClock } from '../../support/destinations/fake-clock.ts';
import {
  MemoryDestination,
  type MemoryOptions,
} from '../../support/destinations/memory-destination.ts';
import { MemoryStore } from '../../support/destinations/memory-store.ts';
import { seededRandom } from '../../support/destinations/seeded-random.ts';

const signal = new AbortController().signal;
const hour = 3_600_000;
const day = 24 * hour;
const id = '0123456789abcdef01234567';
const photo = '2024/05/a-0123456789ab.jpg';

/** A destination whose clock is so far from ours, and what stood there for so long. */
function place(
  objects: Readonly<Record<string, number>>,
  { ahead = 0, ...options }: MemoryOptions & { readonly ahead?: number } = {},
) {
  const clock = new FakeClock();
  const now = (): number => clock.now() + ahead;
  const store = new MemoryStore();
  for (const [key, age] of Object.entries(objects))
    store.commit(key, Buffer.of(1), now() - age, []);
  const before = store.keys();
  const written: string[] = [];
  const memory = new MemoryDestination({
    store,
    now,
    gate: ({ operation, phase, key }) => {
      if (operation === 'put' && phase === 'before') written.push(key);
      return Promise.resolve();
    },
    ...options,
  });
  const ports = { clock, random: seededRandom(3), logger: silentLogger };
  const sweep = (destination: Destination = decorate(memory, ports)) =>
    sweepLeftovers(destination, () => Promise.resolve(destination), ports, signal);
  return {
    memory,
    sweep,
    written,
    gone: () => before.filter((key) => !store.objects.has(key)),
    store,
  };
}

test('probes older than a day go, whoever left them, and nothing else', async () => {
  const old = [`.cloudroll/probe/${id}`, `.cloudroll/probe/${id}-wrong`];
  const odd = `.cloudroll/probe/${id} 100%41.txt`;
  const others = [
    ...[photo, '.cloudroll/destination.json', '.cloudroll/journal/ab/1.jsonl'],
    ...['.cloudroll/probe/notes.txt', `.cloudroll/probe/${id}-wrong/a`, `.cloudroll/${id}`],
    ...[`.cloudroll/probe/${id}0`, `.cloudroll/probe/${id.toUpperCase()}`, `probe/${id}`],
  ];
  const objects = Object.fromEntries([...old, odd, ...others].map((key) => [key, 400 * day]));
  const fresh = `.cloudroll/probe/${id}-right`;
  const { sweep, gone, store } = place({ ...objects, [fresh]: day - hour });
  expect(await sweep()).toEqual({ probes: 3, uploads: 0 });
  expect(gone().toSorted()).toEqual([...old, odd].toSorted());
  // Not even the probe that told the time is left.
  expect(store.objects.size).toBe(others.length + 1);
});

test('what a check left behind goes after a day, and what only looks like it stays', async () => {
  const folder = '.cloudroll/check/0123456789abcdef/';
  const old = [`${folder}0/a.jpg`, `${folder}12/2024/a.jpg`];
  const others = [`${folder}a.jpg`, '.cloudroll/check/mine/0/a.jpg', '.cloudroll/check/a.jpg'];
  const objects = Object.fromEntries([...old, ...others].map((key) => [key, 400 * day]));
  const { sweep, gone } = place({ ...objects, [`${folder}3/fresh.jpg`]: hour });
  expect(await sweep()).toEqual({ probes: 2, uploads: 0 });
  expect(gone().toSorted()).toEqual(old.toSorted());
});

test('without leftovers nothing is written', async () => {
  const { sweep, written } = place({ [`.cloudroll/probe/${id}`]: hour, [photo]: 400 * day });
  expect(await sweep()).toEqual({ probes: 0, uploads: 0 });
  expect(written).toEqual([]);
});

test('nothing goes while the clocks disagree, or the destination keeps no time of its own', async () => {
  for (const ahead of [2 * hour, -2 * hour, -300 * day]) {
    const { sweep, gone } = place({ [`.cloudroll/probe/${id}`]: 400 * day }, { ahead });
    expect(await sweep()).toEqual({ probes: 0, uploads: 0 });
    expect(gone()).toEqual([]);
  }
  const { sweep, gone } = place({ [`.cloudroll/probe/${id}`]: 400 * day }, { now: () => 0 });
  expect(await sweep()).toEqual({ probes: 0, uploads: 0 });
  expect(gone()).toEqual([]);
});

test('what may not be removed stays for the next time', async () => {
  const { sweep, gone } = place(
    { [`.cloudroll/probe/${id}`]: 2 * day },
    {
      gate: ({ operation }) =>
        operation === 'put' ? Promise.reject(new Error('no')) : Promise.resolve(),
    },
  );
  expect(await sweep()).toEqual({ probes: 0, uploads: 0 });
  expect(gone()).toEqual([]);
});

test('uploads that nobody went on with for a week end, only those of photos', async () => {
  const { memory, sweep } = place({});
  const now = new FakeClock().now();
  const ended: string[] = [];
  const uploads = [
    { key: photo, activeMs: now - 8 * day },
    { key: '2024/05/b-0123456789ab.jpg', activeMs: now - 6 * day },
    { key: 'movie.mp4', activeMs: now - 80 * day },
    { key: 'other/2024/05/a-0123456789ab.jpg', activeMs: now - 80 * day },
  ];
  const listing: Destination = Object.assign(memory, {
    endUploads: async (isAbandoned: (upload: (typeof uploads)[number]) => Promise<boolean>) => {
      for (const upload of uploads) if (await isAbandoned(upload)) ended.push(upload.key);
      return ended.length;
    },
  });
  expect(await sweep(listing)).toEqual({ probes: 0, uploads: 1 });
  expect(ended).toEqual([photo]);
});
