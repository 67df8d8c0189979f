import type { DatabaseSync } from 'node:sqlite';

import { expect, it } from 'vitest';

import { CataloguePool } from '../../support/simulation/catalogue-pool.ts';
import { PowerPromises } from '../../support/simulation/power-promises.ts';
import { SeededRandom } from '../../support/simulation/seeded-random.ts';
import { SimulatedDevice } from '../../support/simulation/simulated-device.ts';
import { SimulatedTime } from '../../support/simulation/simulated-time.ts';

const url = 's3://simulated';
const hash = 'ab'.repeat(32);

/** The tables of a catalogue that the checkers read, with one photo that is backed up. */
function makeTables(connection: DatabaseSync): void {
  connection.exec(`
    CREATE TABLE destinations (id INTEGER PRIMARY KEY, url TEXT, marker TEXT);
    CREATE TABLE assets (id INTEGER PRIMARY KEY, hash TEXT);
    CREATE TABLE deliveries (asset_id INT, destination_id INT, state TEXT, key TEXT, failure TEXT);
    INSERT INTO destinations VALUES (1, '${url}', 'm');
    INSERT INTO assets VALUES (1, '${hash}');
    INSERT INTO deliveries VALUES (1, 1, 'verified', 'photo.jpg', NULL);
    PRAGMA user_version = 1;`);
}

function promised(): {
  readonly promises: PowerPromises;
  readonly device: SimulatedDevice;
  /** Puts the delivery into another state. */
  readonly put: (state: string) => void;
} {
  const pool = new CataloguePool(makeTables);
  const device = new SimulatedDevice('d', new SimulatedTime(), new SeededRandom(1), 0, pool);
  const promises = new PowerPromises();
  promises.told(device, url, hash);
  const put = (state: string): void => {
    device.catalogue.connection.prepare('UPDATE deliveries SET state = ?').run(state);
  };
  return { promises, device, put };
}

it('holds a catalogue to what a person was told', () => {
  const { promises, device, put } = promised();
  promises.beforeCommit(device);
  const before = promises.of(device);
  put('queued');
  expect(() => {
    promises.check(device, before);
  }).toThrow('told a person');
});

it('leaves out what was revoked and not told again', () => {
  const { promises, device, put } = promised();
  put('queued');
  promises.beforeCommit(device);
  put('verified');
  const before = promises.of(device);
  put('queued');
  expect(() => {
    promises.check(device, before);
  }).not.toThrow();
});
