import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';

import { fail, failureOf } from '../../../shared/domain/failure.ts';
import {
  deliveryStates,
  deliveryTransitions,
  fileStates,
  fileTransitions,
} from '../../../shared/domain/states.ts';
import { Database } from '../../../electron/engine/catalog/database.ts';
import { Catalog } from '../../../electron/engine/catalog/catalog.ts';
import { migrations } from '../../../electron/engine/catalog/schema.ts';
import { WriteAheadLog } from '../../../electron/engine/catalog/write-ahead-log.ts';
import { TestCatalog } from '../../support/catalog/test-catalog.ts';
import { temporaryDirectory } from '../../support/catalog/temporary-directory.ts';

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return failureOf(error).code;
  }
  return 'none';
}

describe('opening', () => {
  it('makes a new catalogue of the current version, durable and with a write-ahead log', async () => {
    const file = path.join(await temporaryDirectory(), 'c.db');
    const database = Database.open(file);
    expect(database.version).toBe(migrations.length);
    expect(database.get('PRAGMA journal_mode')).toMatchObject({ journal_mode: 'wal' });
    expect(database.get('PRAGMA synchronous')).toMatchObject({ synchronous: 2 });
    expect(database.get('PRAGMA foreign_keys')).toMatchObject({ foreign_keys: 1 });
    database.close();
  });

  it('refuses a catalogue of a newer version and does not touch it', async () => {
    const file = path.join(await temporaryDirectory(), 'c.db');
    const handle = new DatabaseSync(file);
    handle.exec(`CREATE TABLE t (a); PRAGMA user_version = ${String(migrations.length + 1)}`);
    handle.close();
    const before = readFileSync(file);
    expect(codeOf(() => Database.open(file))).toBe('unsupported');
    expect(codeOf(() => Database.openForReading(file))).toBe('unsupported');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('says that a file which is no database is damaged', async () => {
    const file = path.join(await temporaryDirectory(), 'c.db');
    writeFileSync(file, 'no database at all, but long enough to look like one'.repeat(100));
    expect(codeOf(() => Database.open(file))).toBe('corrupt');
  });

  it('says where it cannot be opened', async () => {
    const file = path.join(await temporaryDirectory(), 'none', 'c.db');
    expect(codeOf(() => Database.open(file))).toBe('unreadable');
  });

  it('brings an older catalogue up to date, and keeps what it holds', async () => {
    const file = path.join(await temporaryDirectory(), 'c.db');
    const handle = new DatabaseSync(file);
    handle.exec(`${migrations[0] ?? ''}; PRAGMA user_version = 1;
      INSERT INTO destinations (id, url, name) VALUES (1, 'file:///a', 'a'), (2, 'file:///b', 'b');
      INSERT INTO assets (id, hash, bytes, kind, mime, name, named_at, wall, captured_source, confidence, details, described_at)
        VALUES (1, '${'a'.repeat(64)}', 1, 'photo', 'image/jpeg', 'a.jpg', '', '2024-05-17', 'exif', 'high', '{}', '');
      INSERT INTO deliveries (asset_id, destination_id, state, key, bytes, evidence, verified_ms)
        VALUES (1, 1, 'verified', 'k', 1, 'read-back', 1234);`);
    handle.close();
    const catalog = new Catalog(Database.open(file));
    expect(catalog.totals.lastProofMs(1)).toBe(1234);
    expect(catalog.totals.lastProofMs(2)).toBeNull();
    expect(catalog.totals.states(1).verified.count).toBe(1);
    catalog.close();
  });

  it('does not migrate when it is opened for reading', async () => {
    const file = path.join(await temporaryDirectory(), 'c.db');
    new DatabaseSync(file).close();
    writeFileSync(file, '');
    expect(Database.openForReading(file)).toBeNull();
  });

  it('reads beside a process that writes, and cannot write', async () => {
    const file = path.join(await temporaryDirectory(), 'c.db');
    const writer = Database.open(file);
    const reader = Database.openForReading(file);
    writer.run("INSERT INTO meta VALUES ('a', '1')");
    expect(reader?.get("SELECT value FROM meta WHERE key = 'a'")).toEqual({ value: '1' });
    expect(codeOf(() => reader?.run("INSERT INTO meta VALUES ('b', '1')"))).toBe('unreadable');
    reader?.close();
    writer.close();
  });
});

describe('a commit that leaves the waiting to others', () => {
  const level = (database: Database): unknown =>
    database.get('PRAGMA synchronous')?.['synchronous'];

  it('is visible at once, and durable when it says so', async () => {
    const file = path.join(await temporaryDirectory(), 'c.db');
    const database = Database.open(file);
    const { durable } = database.commit(() => {
      expect(level(database)).toBe(1);
      database.run("INSERT INTO meta VALUES ('a', '1')");
    });
    expect(level(database)).toBe(2);
    const reader = Database.openForReading(file);
    expect(reader?.get("SELECT value FROM meta WHERE key = 'a'")).toEqual({ value: '1' });
    reader?.close();
    await durable;
    database.close();
  });

  it('that fails changes nothing, and later ones are as careful as before', async () => {
    const database = Database.open(path.join(await temporaryDirectory(), 'c.db'));
    const failing = () =>
      database.commit(() => {
        database.run("INSERT INTO meta VALUES ('a', '1')");
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    expect(level(database)).toBe(2);
    expect(database.get("SELECT value FROM meta WHERE key = 'a'")).toBeUndefined();
    database.close();
  });

  it('is the last one where it cannot be made to last, until the catalogue is opened again', async () => {
    const file = path.join(await temporaryDirectory(), 'c.db');
    Database.open(file).close();
    const broken = {
      sync: () => Promise.reject(fail('unreadable', 'No.')),
      close: () => Promise.resolve(),
    };
    const database = Database.over(new DatabaseSync(file), broken);
    const write = (key: string) => () => database.run('INSERT INTO meta VALUES (?, 1)', key);
    const { durable } = database.commit(write('a'));
    await expect(durable).rejects.toMatchObject({ failure: { code: 'unreadable' } });
    expect(codeOf(() => database.commit(write('b')))).toBe('unreadable');
    expect(codeOf(() => database.transaction(write('c')))).toBe('unreadable');
    database.close();
    const again = Database.open(file);
    expect(again.all('SELECT key FROM meta ORDER BY key')).toEqual([{ key: 'a' }]);
    await again.commit(() => again.run("INSERT INTO meta VALUES ('d', '1')")).durable;
    again.close();
  });

  it('is told where the log cannot be synced', async () => {
    const log = new WriteAheadLog(path.join(await temporaryDirectory(), 'not-there.db'));
    await expect(log.sync()).rejects.toMatchObject({ failure: { code: 'unreadable' } });
  });
});

describe('a full disk', () => {
  it('is told as such, and the change is undone as a whole', async () => {
    const file = path.join(await temporaryDirectory(), 'c.db');
    const database = Database.open(file);
    const pages = Number(database.get('PRAGMA page_count')?.['page_count']);
    database.execute(`PRAGMA max_page_count = ${String(pages + 2)}`);
    const fill = () => {
      database.transaction(() => {
        for (let index = 0; index < 100; index += 1) {
          database.run('INSERT INTO meta VALUES (?, ?)', `k${String(index)}`, 'x'.repeat(1000));
        }
      });
    };
    expect(codeOf(fill)).toBe('diskFull');
    expect(database.get('SELECT count(*) AS count FROM meta')).toEqual({ count: 0 });
    database.execute('PRAGMA max_page_count = 100000');
    fill();
    expect(database.get('SELECT count(*) AS count FROM meta')).toEqual({ count: 100 });
    database.close();
  });
});

describe('damage', () => {
  it('that is met while reading is told and remembered', async () => {
    const file = path.join(await temporaryDirectory(), 'c.db');
    const database = Database.open(file);
    database.transaction(() => {
      for (let index = 0; index < 2000; index += 1) {
        database.run('INSERT INTO meta VALUES (?, ?)', `k${String(index)}`, 'x'.repeat(100));
      }
    });
    database.close();
    const bytes = readFileSync(file);
    bytes.fill(0xff, bytes.length - 40_000, bytes.length - 4096);
    writeFileSync(file, bytes);
    const damaged = Database.open(file);
    expect(damaged.damaged).toBe(false);
    expect(codeOf(() => [...damaged.iterate('SELECT * FROM meta')])).toBe('corrupt');
    expect(damaged.damaged).toBe(true);
    damaged.close();
  });
});

describe('constraints', () => {
  const violations: readonly [string, string][] = [
    ['a file in an unknown state', "UPDATE files SET state = 'lost'"],
    ['a hashed file without content', "UPDATE files SET state = 'hashed', asset_id = NULL"],
    ['a failed file without a reason', "UPDATE files SET state = 'failed', failure = NULL"],
    ['a negative size', 'UPDATE files SET size = -1'],
    ['a delivery in an unknown state', "UPDATE deliveries SET state = 'lost'"],
    [
      'a verified delivery without evidence',
      "UPDATE deliveries SET state = 'verified', key = 'k', verified_ms = 1",
    ],
    [
      'a verified delivery without a key',
      "UPDATE deliveries SET state = 'verified', evidence = 'read-back', verified_ms = 1, key = NULL",
    ],
    [
      'a failed delivery without a reason',
      "UPDATE deliveries SET state = 'failed', failure = NULL",
    ],
    ['an upload without a key', "UPDATE deliveries SET state = 'uploading', key = NULL"],
    ['a hash that is none', "UPDATE assets SET hash = 'abc'"],
    ['text for a number', "UPDATE assets SET bytes = 'many'"],
    ['an unknown kind', "UPDATE assets SET kind = 'music'"],
    ['an unknown evidence', "UPDATE objects SET evidence = 'trust me'"],
    ['a file of no folder', 'UPDATE files SET directory_id = 999'],
  ];

  it.each(violations)('refuse %s', (_what, sql) => {
    const test = new TestCatalog(2);
    test.prove(test.addPhoto('a.jpg', 'sea'));
    test.addPhoto('b.jpg', 'land');
    const before = test.rows('SELECT * FROM deliveries');
    expect(() => {
      test.handle.exec(sql);
    }).toThrow(/constraint|cannot store|may not follow/u);
    expect(test.rows('SELECT * FROM deliveries')).toEqual(before);
  });

  it.each(deliveryStates.flatMap((from) => deliveryStates.map((to) => [from, to] as const)))(
    'let a delivery go from %s to %s just as the state table says',
    (from, to) => {
      const test = new TestCatalog();
      test.addPhoto('a.jpg', 'sea');
      test.handle.exec('DELETE FROM deliveries');
      test.handle.exec(
        `INSERT INTO deliveries (asset_id, destination_id, state, bytes, failure, key, evidence, verified_ms)
         SELECT a.id, d.id, '${from}', 1, '{}', 'k', 'read-back', 1 FROM assets a, destinations d LIMIT 1`,
      );
      const change = (): void => {
        test.handle.exec(`UPDATE deliveries SET state = '${to}'`);
      };
      if (from === to || deliveryTransitions[from].includes(to)) expect(change).not.toThrow();
      else expect(change).toThrow(/may not follow/u);
    },
  );

  it.each(fileStates.flatMap((from) => fileStates.map((to) => [from, to] as const)))(
    'let a file go from %s to %s just as the state table says',
    (from, to) => {
      const test = new TestCatalog();
      test.addPhoto('a.jpg', 'sea');
      test.handle.exec(
        `INSERT INTO files (directory_id, name, role, size, modified_ms, inode, state, asset_id, failure, first_seen_ms)
         SELECT directory_id, 'b.jpg', role, 1, 1, 0, '${from}', asset_id, '{}', 0 FROM files LIMIT 1`,
      );
      const change = (): void => {
        test.handle.exec(`UPDATE files SET state = '${to}' WHERE name = 'b.jpg'`);
      };
      if (from === to || fileTransitions[from].includes(to)) expect(change).not.toThrow();
      else expect(change).toThrow(/may not follow/u);
    },
  );
});

describe('questions asked all the time', () => {
  it.each([
    [
      'ready',
      (test: TestCatalog) => test.catalog.deliveries.ready(test.destinationId, test.scope, 0, 5),
    ],
    ['nextRetryMs', (test: TestCatalog) => test.catalog.deliveries.nextRetryMs(test.destinationId)],
    ['unreachable', (test: TestCatalog) => test.catalog.deliveries.unreachable(test.destinationId)],
    [
      'openElsewhere',
      (test: TestCatalog) => test.catalog.deliveries.openElsewhere(test.destinationId, test.scope),
    ],
    ['sameInode', (test: TestCatalog) => test.catalog.files.sameInode(test.addFile('x').seen, 0)],
    ['timeline', (test: TestCatalog) => test.catalog.totals.timeline(null, 5)],
    [
      'leastLatelyRead',
      (test: TestCatalog) => test.catalog.ledger(test.destinationId).leastLatelyRead(1, 5),
    ],
  ] as const)('%s never walks through a whole table', (_name, ask) => {
    const test = new TestCatalog();
    const statements: string[] = [];
    const { handle } = test;
    const prepare = handle.prepare.bind(handle);
    handle.prepare = (sql) => {
      statements.push(sql);
      return prepare(sql);
    };
    ask(test);
    const plans = statements
      .filter((sql) => sql.startsWith('SELECT'))
      .flatMap((sql) => prepare(`EXPLAIN QUERY PLAN ${sql}`).all())
      .map((row) => String(row['detail']));
    expect(plans.length).toBeGreaterThan(0);
    const walks = plans.filter(
      (plan) =>
        (plan.startsWith('SCAN') && !/VIRTUAL TABLE|USING INDEX assets_by_wall/u.test(plan)) ||
        plan.includes('deliveries USING PRIMARY KEY (destination_id=?)') ||
        /^SEARCH d USING PRIMARY KEY \(destination_id=\?\)$/u.test(plan),
    );
    expect(walks).toEqual([]);
  });
});
