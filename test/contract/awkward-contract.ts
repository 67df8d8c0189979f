import { expect, test } from 'vitest';

import type { Destination } from '../../electron/engine/destinations/contract.ts';
import {
  collect,
  sha256Of,
  someBytes,
  sourceOf,
} from '../../electron/engine/destinations/validation/sources.ts';
import { objectKey } from '../../shared/domain/object-key.ts';
import { awkwardNames } from '../support/destinations/awkward-names.ts';

/** Every awkward name goes to a destination as the product writes it, and comes back. */
export function awkwardNamesContract(title: string, open: () => Promise<Destination>): void {
  test(`${title} keeps ${String(awkwardNames.length)} awkward names`, async () => {
    const signal = AbortSignal.timeout(60_000);
    const destination = await open();
    try {
      await destination.check(signal);
      const hashes = new Map<string, string>();
      const jobs = awkwardNames.map((name, index) => async (): Promise<void> => {
        const bytes = someBytes(20 + index, index + 1);
        const hash = sha256Of(bytes);
        const key = objectKey({ wall: '2024-05-17T12:00:00', name, hash });
        hashes.set(key, hash);
        await destination.put(key, sourceOf(bytes), {}, signal);
      });
      await inBatches(jobs);
      expect(hashes.size).toBe(awkwardNames.length);
      const listed: string[] = [];
      for await (const { key } of destination.list('2024/', signal)) listed.push(key);
      expect(listed.toSorted()).toEqual([...hashes.keys()].toSorted());
      const readings = [...hashes].map(([key, hash]) => async (): Promise<void> => {
        expect(await destination.stat(key, signal), key).not.toBeNull();
        const back = await collect(destination.open(key, null, signal));
        expect(sha256Of(back), key).toBe(hash);
      });
      await inBatches(readings);
    } finally {
      await destination.close();
    }
  });
}

async function inBatches(jobs: readonly (() => Promise<void>)[]): Promise<void> {
  for (let start = 0; start < jobs.length; start += 8) {
    await Promise.all(jobs.slice(start, start + 8).map((job) => job()));
  }
}
