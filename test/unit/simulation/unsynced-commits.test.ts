import { DatabaseSync } from 'node:sqlite';

import { describe, expect, it } from 'vitest';

import { SeededRandom } from '../../support/simulation/seeded-random.ts';
import { UnsyncedCommits } from '../../support/simulation/unsynced-commits.ts';

class Disk {
  readonly connection = new DatabaseSync(':memory:');
  readonly unsynced: UnsyncedCommits;

  constructor() {
    this.connection.exec('CREATE TABLE t (value TEXT)');
    this.unsynced = new UnsyncedCommits(this.connection);
  }

  /** A change that waits for the disk itself. */
  write(value: string): void {
    this.connection.prepare('INSERT INTO t VALUES (?)').run(value);
  }

  /** A change that does not. */
  commit(value: string): void {
    this.unsynced.begin();
    this.write(value);
    this.unsynced.made();
  }

  /** What the table holds after a power loss. */
  afterPowerLoss(seed: number): string {
    const left = this.unsynced.lose(new SeededRandom(seed));
    if (left !== null) this.connection.deserialize(left);
    const rows = this.connection.prepare('SELECT value FROM t').all();
    return rows.map(({ value }) => String(value)).join('');
  }
}

/** All that may be left, over many seeds. */
function outcomes(play: (disk: Disk) => void): string[] {
  const seen = new Set<string>();
  for (let seed = 0; seed < 40; seed += 1) {
    const disk = new Disk();
    play(disk);
    seen.add(disk.afterPowerLoss(seed));
  }
  return [...seen].toSorted();
}

describe('a power loss', () => {
  it('takes away a tail of the commits that were not durable', () => {
    const left = outcomes((disk) => {
      disk.write('a');
      disk.commit('b');
      disk.commit('c');
    });
    expect(left).toEqual(['a', 'ab', 'abc']);
  });

  it('leaves what was synced, but not what was committed after the sync began', () => {
    const left = outcomes((disk) => {
      disk.commit('a');
      const done = disk.unsynced.sync();
      disk.commit('b');
      done();
    });
    expect(left).toEqual(['a', 'ab']);
  });

  it('leaves everything that came before a change that waited for the disk itself', () => {
    const left = outcomes((disk) => {
      disk.commit('a');
      const done = disk.unsynced.sync();
      disk.write('b');
      disk.commit('c');
      done();
    });
    expect(left).toEqual(['ab', 'abc']);
  });
});
