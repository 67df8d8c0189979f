import { describe, expect, it } from 'vitest';

import { describedAs, nowMs, TestCatalog, contentOf } from '../../support/catalog/test-catalog.ts';

function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error('There is not exactly one.');
  return item;
}

describe('recordContent', () => {
  it('makes one asset of two files with the same bytes and queues it once', () => {
    const test = new TestCatalog(2);
    const first = test.addPhoto('a.jpg', 'sea');
    const second = test.addPhoto('b.jpg', 'sea');
    expect(second).toBe(first);
    expect(test.rows('SELECT state FROM deliveries')).toEqual([
      { state: 'queued' },
      { state: 'queued' },
    ]);
  });

  it('ties nothing to a file that changed while it was read, and leaves no asset behind', () => {
    const test = new TestCatalog();
    const { id, seen } = test.addFile('a.jpg');
    const file = test.toRead(id);
    test.catalog.files.rediscover(id, { ...seen, size: 11 }, nowMs);
    const content = contentOf('sea', 'a.jpg');
    expect(test.catalog.recordContent(file, content, test.destinationIds, nowMs)).toBeNull();
    expect(test.rows('SELECT * FROM assets')).toEqual([]);
    expect(test.rows('SELECT * FROM days')).toEqual([]);
  });

  it('tells the journal of a destination that holds the content where the new file lies', () => {
    const test = new TestCatalog();
    test.prove(test.addPhoto('a.jpg', 'sea'));
    test.catalog.outbox.takeAll(test.destinationId);
    test.addPhoto('b.jpg', 'sea');
    expect(test.waiting()).toMatchObject([{ type: 'location', path: 'b.jpg', root: 'root-aa' }]);
  });

  it('sends again what failed because its file changed, but not for ever', () => {
    const test = new TestCatalog();
    const { id } = test.addFile('a.jpg');
    const assetId = test.read(id, 'sea');
    const states: string[] = [];
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const failure = { code: 'changed' as const, message: 'It changed.' };
      test.catalog.deliveries.fail(test.delivery(assetId), failure, attempt, null);
      test.catalog.files.readAgain(id, nowMs);
      test.read(id, 'sea');
      states.push(test.delivery(assetId).state);
    }
    expect(states).toEqual(['queued', 'queued', 'queued', 'failed', 'failed']);
  });

  it('leaves alone what failed for another reason', () => {
    const test = new TestCatalog();
    const assetId = test.addPhoto('a.jpg', 'sea');
    const failure = { code: 'unsupported' as const, message: 'Too large.' };
    test.catalog.deliveries.fail(test.delivery(assetId), failure, 1, null);
    test.addPhoto('b.jpg', 'sea');
    expect(test.delivery(assetId).state).toBe('failed');
  });
});

describe('a file that was edited and then could not be seen', () => {
  it('never passes for what it held before', () => {
    const test = new TestCatalog();
    const { id, seen } = test.addFile('a.jpg');
    test.prove(test.read(id, 'before'));
    test.catalog.files.rediscover(id, { ...seen, size: 11 }, nowMs);
    test.catalog.files.setAllUnknown(test.rootId);
    test.catalog.recordReturn(id, [test.destinationId], nowMs);
    expect(test.toRead(id).state).toBe('discovered');
    expect(test.catalog.files.sameInode({ ...seen, size: 11 }, 0)).toBeNull();
  });

  it('is hashed again at once where nothing about it changed', () => {
    const test = new TestCatalog();
    const { id } = test.addFile('a.jpg');
    const assetId = test.read(id, 'sea');
    test.catalog.files.setAllUnknown(test.rootId);
    test.catalog.recordReturn(id, [test.destinationId], nowMs);
    expect(test.catalog.files.locationsOf(assetId)).toMatchObject([
      { fileId: id, state: 'hashed' },
    ]);
  });
});

describe('sameInode', () => {
  it('keeps inode numbers beyond 2^53, as NTFS has them', () => {
    const test = new TestCatalog();
    const inode = 2 ** 62 + 2 ** 30;
    const { id, seen } = test.addFile('a.jpg');
    test.catalog.files.rediscover(id, { ...seen, inode }, nowMs);
    const assetId = test.read(id, 'sea');
    expect(test.catalog.files.knownIn(test.directoryId)).toMatchObject([{ inode }]);
    expect(test.catalog.files.sameInode({ ...seen, name: 'b.jpg', inode }, 0)).toBe(assetId);
  });

  it('takes another size, time, birth, volume or a file system without inodes for another file', () => {
    const test = new TestCatalog();
    const { id, seen } = test.addFile('a.jpg');
    test.read(id, 'sea');
    for (const change of [
      { size: 11 },
      { modifiedMs: 1 },
      { bornMs: 1 },
      { bornMs: null },
      { inode: 0 },
      { device: 2 },
    ]) {
      expect(test.catalog.files.sameInode({ ...seen, ...change }, 0)).toBeNull();
    }
  });
});

describe('recordRename', () => {
  it('gives the new name the content without reading it, and journals the place', () => {
    const test = new TestCatalog();
    const assetId = test.addPhoto('a.jpg', 'sea');
    test.prove(assetId);
    test.catalog.outbox.takeAll(test.destinationId);
    const { id } = test.addFile('b.jpg');
    test.catalog.recordRename(id, assetId, test.destinationIds, nowMs);
    expect(test.catalog.files.locationsOf(assetId)).toHaveLength(2);
    expect(test.waiting()).toMatchObject([{ type: 'location', path: 'b.jpg' }]);
    expect(test.delivery(assetId).state).toBe('verified');
  });
});

describe('recordProof', () => {
  it('journals asset, object and every place, in this order', () => {
    const test = new TestCatalog();
    const assetId = test.addPhoto('a.jpg', 'sea');
    test.addPhoto('b.jpg', 'sea');
    test.prove(assetId, { key: 'k', tag: 'v1' });
    expect(test.waiting()).toMatchObject([
      { type: 'asset', name: 'a.jpg' },
      { type: 'object', key: 'k', tag: 'v1', evidence: 'server-sha256' },
      { type: 'location', path: 'a.jpg' },
      { type: 'location', path: 'b.jpg' },
    ]);
    expect(test.delivery(assetId)).toMatchObject({ state: 'verified', key: 'k' });
  });

  it('does not announce again what some device has announced', () => {
    const test = new TestCatalog();
    const assetId = test.addPhoto('a.jpg', 'sea');
    test.prove(assetId, { key: 'k' });
    test.catalog.outbox.takeAll(test.destinationId);
    test.prove(assetId, { key: 'k', method: 'unchanged', uploaded: false });
    expect(test.waiting().map(({ type }) => type)).toEqual(['location']);
  });

  it('announces again what had been lost, even against a clock that is a year ahead', () => {
    const test = new TestCatalog();
    const assetId = test.addPhoto('a.jpg', 'sea');
    const ahead = `${String(nowMs + 365 * 86_400_000).padStart(15, '0')}-000000-zz`;
    const object = {
      destinationId: test.destinationId,
      key: 'k',
      assetId,
      bytes: 3,
      at: ahead,
      device: 'zz',
      evidence: 'read-back' as const,
      tag: null,
      state: 'present' as const,
    };
    test.catalog.objects.record(object);
    test.catalog.recordLoss(object);
    test.prove(assetId, { key: 'k' });
    const stored = test.catalog.objects.byKey(test.destinationId, 'k');
    expect(stored).toMatchObject({ state: 'present', device: 'aa' });
    expect((stored?.at ?? '') > ahead).toBe(true);
    test.addPhoto('b.jpg', 'land');
    const latest = test.catalog.identity.stamp(nowMs);
    expect(latest < ahead).toBe(true);
  });
});

describe('recordLoss', () => {
  it('takes "backed up" back and keeps the key', () => {
    const test = new TestCatalog();
    const assetId = test.addPhoto('a.jpg', 'sea');
    test.prove(assetId, { key: 'k' });
    test.catalog.recordLoss({ destinationId: test.destinationId, key: 'k', assetId });
    expect(test.delivery(assetId)).toMatchObject({ state: 'queued', key: 'k' });
    expect(test.catalog.objects.ofAsset(assetId, test.destinationId)).toEqual([]);
  });

  it('leaves an asset backed up that another object holds', () => {
    const test = new TestCatalog();
    const assetId = test.addPhoto('a.jpg', 'sea');
    test.prove(assetId, { key: 'other' });
    test.prove(assetId, { key: 'k' });
    test.catalog.recordLoss({ destinationId: test.destinationId, key: 'other', assetId });
    expect(test.delivery(assetId)).toMatchObject({ state: 'verified', key: 'k' });
  });

  it('touches one destination only', () => {
    const test = new TestCatalog(2);
    const assetId = test.addPhoto('a.jpg', 'sea');
    const [first = 0, second = 0] = test.destinationIds;
    test.prove(assetId, { key: 'k', destinationId: first });
    test.prove(assetId, { key: 'k', destinationId: second });
    test.catalog.recordLoss({ destinationId: first, key: 'k', assetId });
    expect(test.delivery(assetId, second).state).toBe('verified');
  });
});

describe('recordRetirement and reinstate', () => {
  function contested(): { test: TestCatalog; assetId: number; hash: string } {
    const test = new TestCatalog();
    const assetId = test.addPhoto('a.jpg', 'sea');
    test.prove(assetId, { key: 'winner' });
    test.prove(assetId, { key: 'loser' });
    test.catalog.outbox.takeAll(test.destinationId);
    return { test, assetId, hash: test.delivery(assetId).hash };
  }

  function stored(test: TestCatalog, key: string) {
    const object = test.catalog.objects.byKey(test.destinationId, key);
    if (object === null) throw new Error(`There is no object ${key}.`);
    return object;
  }

  it('moves the delivery to the winner and announces the removal before it happens', () => {
    const { test, assetId, hash } = contested();
    expect(test.catalog.objects.contested(test.destinationId)).toEqual([assetId]);
    test.catalog.recordRetirement(
      stored(test, 'loser'),
      stored(test, 'winner'),
      hash,
      'read-back',
      nowMs,
    );
    expect(test.delivery(assetId)).toMatchObject({ state: 'verified', key: 'winner' });
    expect(test.waiting()).toMatchObject([{ type: 'retired', key: 'loser', inFavourOf: 'winner' }]);
    expect(only(test.catalog.objects.retiring(test.destinationId)).key).toBe('loser');
  });

  it('has an object that was reinstated stand again, for every device', () => {
    const { test, assetId, hash } = contested();
    test.catalog.recordRetirement(
      stored(test, 'loser'),
      stored(test, 'winner'),
      hash,
      'read-back',
      nowMs,
    );
    test.catalog.recordLoss(stored(test, 'winner'));
    test.catalog.reinstate(stored(test, 'loser'), hash, nowMs);
    const standing = test.catalog.objects.ofAsset(assetId, test.destinationId);
    expect(standing.map(({ key }) => key)).toEqual(['loser']);
    expect(test.delivery(assetId).state).toBe('queued');
    const [retired, asset, object] = test.waiting();
    expect([retired?.['type'], asset?.['type'], object?.['type']]).toEqual([
      'retired',
      'asset',
      'object',
    ]);
    expect(String(object?.['at']) > String(retired?.['at'])).toBe(true);
  });
});

describe('recordAbsence and recordReturn', () => {
  it('hides the place and deletes nothing; a return shows it again', () => {
    const test = new TestCatalog();
    const { id } = test.addFile('a.jpg');
    const assetId = test.read(id, 'sea');
    test.prove(assetId);
    test.catalog.outbox.takeAll(test.destinationId);
    test.catalog.recordAbsence(id, nowMs);
    expect(test.catalog.files.locationsOf(assetId)).toEqual([]);
    expect(test.delivery(assetId).state).toBe('verified');
    test.catalog.recordReturn(id, [test.destinationId], nowMs);
    expect(test.waiting().map(({ type }) => type)).toEqual(['absent', 'location']);
    expect(test.catalog.files.locationsOf(assetId)).toHaveLength(1);
  });

  it('a return queues again what was given up while the file was away', () => {
    const test = new TestCatalog();
    const { id } = test.addFile('a.jpg');
    const assetId = test.read(id, 'sea');
    test.catalog.recordAbsence(id, nowMs);
    const { deliveries } = test.catalog;
    for (const delivery of deliveries.unreachable(test.destinationId)) deliveries.drop(delivery);
    expect(deliveries.get(assetId, test.destinationId)).toBeNull();
    test.catalog.recordReturn(id, [test.destinationId], nowMs);
    expect(deliveries.get(assetId, test.destinationId)?.state).toBe('queued');
  });
});

describe('becomeNewDevice', () => {
  it('journals what was not published under the new id, each object after its asset, and every place', () => {
    const test = new TestCatalog();
    const published = test.addPhoto('a.jpg', 'sea');
    test.prove(published, { key: 'a' });
    const { destinationId } = test;
    const lastOutboxId = test.catalog.outbox.waiting(destinationId, 10).at(-1)?.id ?? 0;
    const segment = { sequence: 1, bytes: new Uint8Array(), lastOutboxId };
    test.catalog.outbox.seal(destinationId, segment);
    test.catalog.outbox.published(destinationId, segment, 'f'.repeat(64));
    const unpublished = test.addPhoto('b.jpg', 'land');
    test.prove(unpublished, { key: 'b' });

    test.catalog.becomeNewDevice({ id: 'bb', name: 'second' }, nowMs);

    expect(test.catalog.deliveries.destination(destinationId)).toMatchObject({
      sequence: 0,
      segmentHash: null,
    });
    expect(test.catalog.outbox.peers(destinationId)).toEqual([
      { device: 'aa', sequence: 1, sha256: 'f'.repeat(64) },
    ]);
    const waiting = test.waiting();
    expect(waiting.filter(({ type }) => type === 'object')).toMatchObject([{ key: 'b' }]);
    expect(waiting.findIndex(({ type }) => type === 'asset')).toBeLessThan(
      waiting.findIndex(({ type }) => type === 'object'),
    );
    const places = waiting.filter(({ type }) => type === 'location').map(({ path }) => path);
    expect(new Set(places)).toEqual(new Set(['a.jpg', 'b.jpg']));
    const own = waiting.filter(({ type }) => type !== 'asset').map(({ at }) => String(at));
    expect(own.every((at) => at.endsWith('-bb'))).toBe(true);
    expect(test.catalog.objects.byKey(destinationId, 'b')?.device).toBe('bb');
    expect(test.delivery(published).state).toBe('verified');
  });

  it('leaves a segment that was under way to the old id, and tells its entries in the new one’s', () => {
    const test = new TestCatalog();
    const { destinationId } = test;
    const { outbox } = test.catalog;
    test.prove(test.addPhoto('a.jpg', 'sea'), { key: 'a' });
    const lastOutboxId = outbox.waiting(destinationId, 10).at(-1)?.id ?? 0;
    const segment = { sequence: 1, bytes: Buffer.from('of aa'), lastOutboxId };
    outbox.seal(destinationId, segment);

    test.catalog.becomeNewDevice({ id: 'bb', name: 'second' }, nowMs);
    expect(outbox.published(destinationId, segment, 'f'.repeat(64))).toBe(false);

    expect(test.catalog.deliveries.destination(destinationId)).toMatchObject({
      sequence: 0,
      segmentHash: null,
    });
    expect(test.waiting().filter(({ type }) => type === 'object')).toMatchObject([{ key: 'a' }]);
    const next = { sequence: 1, bytes: Buffer.from('of bb'), lastOutboxId };
    outbox.seal(destinationId, next);
    expect(outbox.published(destinationId, segment, 'f'.repeat(64))).toBe(false);
    expect(outbox.published(destinationId, next, 'e'.repeat(64))).toBe(true);
  });

  it('tells a lost journal again, also where the id has changed since it was found out', () => {
    const test = new TestCatalog();
    const { destinationId } = test;
    const { outbox } = test.catalog;
    test.prove(test.addPhoto('a.jpg', 'sea'), { key: 'a' });
    const lastOutboxId = outbox.waiting(destinationId, 10).at(-1)?.id ?? 0;
    const segment = { sequence: 1, bytes: Buffer.from('of aa'), lastOutboxId };
    outbox.seal(destinationId, segment);
    outbox.published(destinationId, segment, 'f'.repeat(64));
    test.prove(test.addPhoto('b.jpg', 'land'), { key: 'b' });

    test.catalog.becomeNewDevice({ id: 'bb', name: 'second' }, nowMs);
    test.catalog.becomeNewDevice({ id: 'cc', name: 'third' }, nowMs, {
      destinationId,
      device: 'aa',
    });

    const objects = test.waiting().filter(({ type }) => type === 'object');
    expect(objects).toMatchObject([{ key: 'a' }, { key: 'b' }]);
    expect(outbox.peers(destinationId)).toEqual([]);
  });

  it('keeps an object standing whose reinstatement was not published yet', () => {
    const test = new TestCatalog();
    const assetId = test.addPhoto('a.jpg', 'sea');
    test.prove(assetId, { key: 'winner' });
    test.prove(assetId, { key: 'loser' });
    const { hash } = test.delivery(assetId);
    const stored = (key: string) => {
      const object = test.catalog.objects.byKey(test.destinationId, key);
      if (object === null) throw new Error('no object');
      return object;
    };
    test.catalog.recordRetirement(stored('loser'), stored('winner'), hash, 'read-back', nowMs);
    test.catalog.reinstate(stored('loser'), hash, nowMs);
    test.catalog.becomeNewDevice({ id: 'bb', name: 'second' }, nowMs);
    expect(stored('loser').state).toBe('present');
  });
});

describe('forgetDestination', () => {
  it('takes back every claim of that destination and of no other', () => {
    const test = new TestCatalog(2);
    const [first = 0, second = 0] = test.destinationIds;
    const assetId = test.addPhoto('a.jpg', 'sea');
    test.prove(assetId, { destinationId: first });
    test.prove(assetId, { destinationId: second });
    test.catalog.deliveries.rememberMarker(first, 'marker');
    test.catalog.forgetDestination(first);
    expect(test.delivery(assetId, first)).toMatchObject({ state: 'queued', key: null });
    expect(test.delivery(assetId, second).state).toBe('verified');
    expect(test.catalog.objects.ofAsset(assetId, first)).toEqual([]);
    expect(test.waiting(first)).toEqual([]);
    expect(test.catalog.deliveries.destination(first).marker).toBeNull();
  });
});

describe('transaction', () => {
  it('leaves nothing of a change that failed half-way', () => {
    const test = new TestCatalog();
    const assetId = test.addPhoto('a.jpg', 'sea');
    expect(() =>
      test.catalog.transaction(() => {
        test.prove(assetId);
        throw new Error('half-way');
      }),
    ).toThrow('half-way');
    expect(test.delivery(assetId).state).toBe('queued');
    expect(test.waiting()).toEqual([]);
    expect(test.catalog.totals.states(test.destinationId).verified.count).toBe(0);
  });
});

describe('queueAll and unreachable', () => {
  it('queues what a new destination lacks, and names what no file holds any more', () => {
    const test = new TestCatalog();
    const { id } = test.addFile('a.jpg');
    const assetId = test.read(id, 'sea');
    const { deliveries } = test.catalog;
    const late = deliveries.ensureDestination('file:///late', 'late').id;
    expect(deliveries.queueAll(late, test.scope)).toBe(1);
    expect(deliveries.queueAll(late, test.scope)).toBe(0);
    test.catalog.files.setAllUnknown(test.rootId);
    expect(deliveries.unreachable(late)).toEqual([]);
    test.catalog.recordAbsence(id, nowMs);
    expect(deliveries.unreachable(late)).toMatchObject([{ assetId }]);
    deliveries.drop(test.delivery(assetId, late));
    expect(deliveries.get(assetId, late)).toBeNull();
  });

  it('never drops what is backed up', () => {
    const test = new TestCatalog();
    const assetId = test.addPhoto('a.jpg', 'sea');
    test.prove(assetId);
    test.catalog.deliveries.drop(test.delivery(assetId));
    expect(test.delivery(assetId).state).toBe('verified');
  });

  it('queues nothing of another folder', () => {
    const test = new TestCatalog(0);
    test.addPhoto('a.jpg', 'sea');
    const late = test.catalog.deliveries.ensureDestination('file:///late', 'late').id;
    expect(test.catalog.deliveries.queueAll(late, { rootIds: [test.rootId + 1] })).toBe(0);
  });
});

describe('ready', () => {
  it('gives what may start now, in the order it was found', () => {
    const test = new TestCatalog();
    const [first, second, third, fourth] = ['a', 'b', 'c', 'd'].map((name) =>
      test.addPhoto(`${name}.jpg`, name),
    );
    const failure = { code: 'timeout' as const, message: 'Too slow.' };
    const { deliveries } = test.catalog;
    deliveries.fail(test.delivery(second ?? 0), failure, 1, nowMs + 1000);
    deliveries.fail(test.delivery(third ?? 0), failure, 1, null);
    deliveries.begin(test.delivery(fourth ?? 0), 'k');
    const ids = (at: number) =>
      deliveries.ready(test.destinationId, test.scope, at, 10).map(({ assetId }) => assetId);
    expect(ids(nowMs)).toEqual([first]);
    expect(ids(nowMs + 1000)).toEqual([first, second]);
    expect(deliveries.nextRetryMs(test.destinationId)).toBe(nowMs + 1000);
  });

  it('keeps the resume token for the same key only', () => {
    const test = new TestCatalog();
    const assetId = test.addPhoto('a.jpg', 'sea');
    const begun = test.catalog.deliveries.begin(test.delivery(assetId), 'k');
    test.catalog.deliveries.saveResumeToken(begun, 'token');
    expect(test.catalog.deliveries.begin(begun, 'k').resumeToken).toBe('token');
    expect(test.catalog.deliveries.begin(begun, 'other').resumeToken).toBeNull();
  });
});

describe('a description from another device', () => {
  it('moves the photo to its other day', () => {
    const test = new TestCatalog();
    const assetId = test.addPhoto('a.jpg', 'sea');
    const at = `${String(nowMs + 1000).padStart(15, '0')}-000000-zz`;
    const asset = test.catalog.assets.byId(assetId);
    const entry = {
      type: 'asset' as const,
      hash: asset.hash,
      bytes: asset.bytes,
      name: 'z.jpg',
      description: describedAs('2019-01-02T03:04:05'),
      at,
    };
    const peer = { device: 'zz', sequence: 1, sha256: 'e'.repeat(64) };
    test.catalog.applySegment(test.destinationId, peer, 'other', [entry], nowMs);
    expect(test.catalog.totals.days()).toEqual([{ day: '2019-01-02', count: 1 }]);
    expect(test.catalog.assets.byId(assetId).name).toBe('a.jpg');
  });
});
