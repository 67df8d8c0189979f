import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

import { CommitQueue } from '../../../electron/engine/flow/commit-queue.ts';

/** Time stands still and every wait ends at once. */
const clock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() };

/** A disk that finishes when it is told to. */
class SlowDisk {
  readonly commits: string[][] = [];
  #done: PromiseWithResolvers<undefined>[] = [];
  #batch: string[] = [];
  readonly queue = new CommitQueue((work) => {
    this.#batch = [];
    work();
    this.commits.push(this.#batch);
    const done = Promise.withResolvers<undefined>();
    this.#done.push(done);
    return { durable: done.promise };
  }, clock);

  change(name: string): Promise<string> {
    return this.queue.add(() => {
      if (name.startsWith('bad')) throw new Error(name);
      this.#batch.push(name);
      return name;
    });
  }

  finish(error?: Error): void {
    for (const { resolve, reject } of this.#done.splice(0)) {
      if (error === undefined) resolve(undefined);
      else reject(error);
    }
  }
}

describe('changes to the catalogue', () => {
  it('share one transaction, and resolve when it is durable and not before', async () => {
    const disk = new SlowDisk();
    const settled: string[] = [];
    const changes = ['a', 'b'].map((name) => disk.change(name).then((done) => settled.push(done)));
    await turn();
    expect(disk.commits).toEqual([['a', 'b']]);
    expect(settled).toEqual([]);
    disk.finish();
    await Promise.all(changes);
    expect(settled).toEqual(['a', 'b']);
  });

  it('that come while the disk is busy wait for it together', async () => {
    const disk = new SlowDisk();
    const first = disk.change('a');
    await turn();
    const later = [disk.change('b'), disk.change('c')];
    await turn();
    expect(disk.commits).toEqual([['a']]);
    disk.finish();
    await first;
    await turn();
    disk.finish();
    expect(await Promise.all(later)).toEqual(['b', 'c']);
    expect(disk.commits).toEqual([['a'], ['b', 'c']]);
  });

  it('are not taken down by one that fails', async () => {
    const disk = new SlowDisk();
    const results = Promise.allSettled(['a', 'bad', 'c'].map((name) => disk.change(name)));
    for (let step = 0; step < 4; step += 1) {
      await turn();
      disk.finish();
    }
    expect((await results).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(disk.commits).toEqual([['a'], ['c']]);
  });

  it('that cannot be made durable are told so and not made twice', async () => {
    const disk = new SlowDisk();
    const results = Promise.allSettled([disk.change('a'), disk.change('b')]);
    await turn();
    disk.finish(new Error('the disk is broken'));
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(disk.commits).toEqual([['a', 'b']]);
  });
});
