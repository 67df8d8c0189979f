import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { fail } from '../../../shared/domain/failure.ts';
import { markerKey } from '../../../electron/engine/destinations/contract.ts';
import { readNewSegments } from '../../../electron/engine/journal/read-segments.ts';
import { hashOf } from '../../support/catalog/test-catalog.ts';
import { temporaryDirectory } from '../../support/catalog/temporary-directory.ts';
import { MemoryDestination, type GateCall } from '../../support/destinations/memory-destination.ts';
import { MemoryStore, type StoredObject } from '../../support/destinations/memory-store.ts';
import { TestDevice } from '../../support/transfer/test-device.ts';

const patient = new AbortController().signal;

async function makeDevice(id: string): Promise<TestDevice> {
  return new TestDevice(await temporaryDirectory(), id);
}

/** Keys of photos, without the app's own objects. */
function photosIn(store: MemoryStore): string[] {
  return store.keys().filter((key) => !key.startsWith('.cloudroll/'));
}

/** Every journal at the destination, read as a stranger would: types by device, and what is wrong. */
async function journalsIn(
  store: MemoryStore,
): Promise<{ types: Record<string, string[]>; problems: string[] }> {
  const types: Record<string, string[]> = {};
  const problems: string[] = [];
  for await (const reading of readNewSegments(
    new MemoryDestination({ store }),
    new Map(),
    patient,
  )) {
    if (reading.kind === 'problem') problems.push(reading.failure.message);
    else (types[reading.device] ??= []).push(...reading.segment.entries.map(({ type }) => type));
  }
  return { types, problems };
}

describe('a run', () => {
  it('leaves photo, marker and journal, and the next one sends nothing', async () => {
    const store = new MemoryStore();
    const device = await makeDevice('aa');
    await device.addPhoto('a.jpg', 'sea');
    await device.addPhoto('b.jpg', 'land');
    const first = await device.sync(new MemoryDestination({ store }));
    expect(first).toMatchObject({ results: ['uploaded', 'uploaded'], stopped: null });
    expect(photosIn(store)).toHaveLength(2);
    expect(store.objects.has(markerKey)).toBe(true);
    const { types, problems } = await journalsIn(store);
    expect(problems).toEqual([]);
    expect(types['aa']?.toSorted()).toEqual([
      'asset',
      'asset',
      'location',
      'location',
      'object',
      'object',
    ]);
    const { bytesReceived } = store;
    expect((await device.sync(new MemoryDestination({ store }))).results).toEqual([]);
    expect(store.bytesReceived).toBe(bytesReceived);
  });

  it('that only tries out writes nothing', async () => {
    const store = new MemoryStore();
    const device = await makeDevice('aa');
    await device.addPhoto('a.jpg', 'sea');
    const { stopped } = await device.sync(new MemoryDestination({ store }), { dryRun: true });
    expect(stopped).toBeNull();
    expect(store.keys()).toEqual([]);
  });

  it('stops at a destination that goes away, and the next one finishes', async () => {
    const store = new MemoryStore();
    const device = await makeDevice('aa');
    for (const name of ['a', 'b', 'c']) await device.addPhoto(`${name}.jpg`, name);
    let calls = 0;
    const gate = ({ operation, phase, key }: GateCall) => {
      if (operation !== 'put' || phase !== 'before' || key.startsWith('.'))
        return Promise.resolve();
      calls += 1;
      return calls === 2 ? Promise.reject(fail('offline', 'The line dropped.')) : Promise.resolve();
    };
    const concurrency = { initial: 1, max: 1 };
    const { stopped } = await device.sync(new MemoryDestination({ store, gate, concurrency }));
    expect(stopped?.code).toBe('offline');
    expect(calls).toBe(2);
    const { results } = await device.sync(new MemoryDestination({ store }));
    expect(results.toSorted()).toEqual(['uploaded', 'uploaded']);
    expect(photosIn(store)).toHaveLength(3);
    expect((await journalsIn(store)).problems).toEqual([]);
  });
});

describe('the marker', () => {
  it('that is missing stops everything: an empty place is not the backup', async () => {
    const device = await makeDevice('aa');
    await device.addPhoto('a.jpg', 'sea');
    await device.sync(new MemoryDestination());
    await device.addPhoto('b.jpg', 'land');
    const empty = new MemoryStore();
    const { stopped } = await device.sync(new MemoryDestination({ store: empty }));
    expect(stopped).toMatchObject({ code: 'offline' });
    expect(stopped?.hint).toContain('--start-anew');
    expect(empty.keys()).toEqual([]);
    expect(device.test.catalog.totals.states(device.test.destinationId).verified.count).toBe(1);
  });

  it('of another backup stops everything, until the person says to start anew', async () => {
    const [device, other] = [await makeDevice('aa'), await makeDevice('bb')];
    await device.addPhoto('a.jpg', 'sea');
    await other.addPhoto('b.jpg', 'land');
    const store = new MemoryStore();
    await other.sync(new MemoryDestination({ store }));
    await device.sync(new MemoryDestination());
    expect((await device.sync(new MemoryDestination({ store }))).stopped?.code).toBe('offline');
    const anew = await device.sync(new MemoryDestination({ store }), { startAnew: true });
    expect(anew).toMatchObject({ results: ['uploaded'], stopped: null });
    expect(photosIn(store)).toHaveLength(2);
  });
});

describe('two devices', () => {
  it('with the same photo upload it once: the second adopts what the first journalled', async () => {
    const store = new MemoryStore();
    const [one, two] = [await makeDevice('aa'), await makeDevice('bb')];
    await one.addPhoto('a.jpg', 'sea');
    await two.addPhoto('another name.jpg', 'sea');
    await one.sync(new MemoryDestination({ store }));
    const { bytesReceived } = store;
    const { results } = await two.sync(new MemoryDestination({ store }));
    expect(results).toEqual(['alreadyBackedUp']);
    expect(photosIn(store)).toHaveLength(1);
    expect(store.bytesReceived - bytesReceived).toBeLessThan(2000);
  });

  it.each(['aa', 'zz'])(
    'that race with different names end with one object (the other is %s)',
    async (id) => {
      const store = new MemoryStore();
      const [one, two] = [await makeDevice('mm'), await makeDevice(id)];
      const mine = await one.addPhoto('a.jpg', 'sea');
      const theirs = await two.addPhoto('another name.jpg', 'sea');
      const gate = async ({ operation, phase, key }: GateCall): Promise<void> => {
        if (operation === 'put' && phase === 'before' && key.startsWith('2024/')) {
          await one.sync(new MemoryDestination({ store }));
        }
      };
      await two.sync(new MemoryDestination({ store, gate }));
      for (const device of [one, two, one]) {
        expect((await device.sync(new MemoryDestination({ store }))).stopped).toBeNull();
      }
      const [kept] = photosIn(store);
      expect(photosIn(store)).toHaveLength(1);
      expect(store.sha256(kept ?? '')).toBe(hashOf('sea'));
      expect(one.delivery(mine)).toMatchObject({ state: 'verified', key: kept });
      expect(two.delivery(theirs)).toMatchObject({ state: 'verified', key: kept });
      expect((await journalsIn(store)).problems).toEqual([]);
    },
  );

  it.each([
    ['was damaged', damage],
    [
      'rotted under an unchanged tag',
      (store: MemoryStore, key: string) => {
        store.corrupt(key);
      },
    ],
  ])('never give up an object when the one that should stay %s meanwhile', async (_how, spoil) => {
    const store = new MemoryStore();
    const [one, two] = [await makeDevice('mm'), await makeDevice('zz')];
    await one.addPhoto('a.jpg', 'sea');
    const theirs = await two.addPhoto('another name.jpg', 'sea');
    const serverHash = [] as const;
    const gate = async ({ operation, phase, key }: GateCall): Promise<void> => {
      if (operation !== 'put' || !key.startsWith('2024/')) return;
      if (phase === 'before') await one.sync(new MemoryDestination({ store, serverHash }));
      if (phase === 'after') spoil(store, photosIn(store).find((other) => other !== key) ?? '');
    };
    await two.sync(new MemoryDestination({ store, gate, serverHash }));
    for (const device of [two, one, two]) {
      await device.sync(new MemoryDestination({ store, serverHash }));
    }
    const { state, key } = two.delivery(theirs);
    expect(state).toBe('verified');
    expect(store.sha256(key ?? '')).toBe(hashOf('sea'));
  });
});

/** Somebody wrote over the object: other bytes, another version tag. */
function damage(store: MemoryStore, key: string): void {
  store.corrupt(key);
  const object = store.objects.get(key);
  if (object !== undefined) store.objects.set(key, { ...object, tag: `${object.tag} changed` });
}

/** The first segment of a computer that goes by the name of the first device, and holds another photo. */
async function segmentOfClone(): Promise<Uint8Array> {
  const store = new MemoryStore();
  const clone = await makeDevice('aa');
  await clone.addPhoto('c.jpg', 'sky');
  await clone.sync(new MemoryDestination({ store }));
  const [segment = ''] = store.keys().filter((key) => key.startsWith('.cloudroll/journal/'));
  return store.objects.get(segment)?.bytes ?? new Uint8Array();
}

/** What a service holds that does not tell upper from lower case; names are shown as they were first written. */
class CaselessObjects extends Map<string, StoredObject> {
  override get(key: string): StoredObject | undefined {
    return super.get(this.#shown(key));
  }

  override has(key: string): boolean {
    return super.has(this.#shown(key));
  }

  override set(key: string, object: StoredObject): this {
    return super.set(this.#shown(key), object);
  }

  override delete(key: string): boolean {
    return super.delete(this.#shown(key));
  }

  #shown(key: string): string {
    return [...this.keys()].find((shown) => shown.toLowerCase() === key.toLowerCase()) ?? key;
  }
}

describe('a destination that does not tell upper from lower case', () => {
  it('keeps the one object of two devices whose names differ in nothing else', async () => {
    const store = new MemoryStore(new CaselessObjects());
    const [one, two] = [await makeDevice('aa'), await makeDevice('bb')];
    await one.addPhoto('photo.jpg', 'sea');
    await two.addPhoto('PHOTO.jpg', 'sea');
    let raced = false;
    const gate = async ({ operation, phase, key }: GateCall): Promise<void> => {
      if (raced || operation !== 'put' || phase !== 'before' || key.startsWith('.')) return;
      raced = true;
      await one.sync(new MemoryDestination({ store }));
    };
    expect((await two.sync(new MemoryDestination({ store, gate }))).stopped).toBeNull();
    expect(raced).toBe(true);
    for (const device of [one, two, one]) {
      expect((await device.sync(new MemoryDestination({ store }))).stopped).toBeNull();
      const [photo = ''] = photosIn(store);
      expect(photosIn(store)).toEqual([expect.stringContaining('/photo-')]);
      expect(device.test.catalog.objects.byKey(device.test.destinationId, photo)).toMatchObject({
        state: 'present',
      });
    }
  });

  it('loses nothing where a journal names the one object twice', async () => {
    const store = new MemoryStore(new CaselessObjects());
    const device = await makeDevice('aa');
    const id = await device.addPhoto('photo.jpg', 'sea');
    await device.sync(new MemoryDestination({ store }));
    const [key = ''] = photosIn(store);
    const { catalog, destinationId } = device.test;
    const alias = { key: key.replace('photo', 'PHOTO'), method: 'read-back' as const, tag: null };
    catalog.recordObject(destinationId, id, alias, 0);
    await device.sync(new MemoryDestination({ store }));
    expect(photosIn(store)).toEqual([key]);
  });
});

describe('a name that was reserved for a photo', () => {
  it('is left alone when the photo is gone before it was sent: another device may be filling it', async () => {
    const store = new MemoryStore();
    const device = await makeDevice('aa');
    const id = await device.addPhoto('a.jpg', 'sea');
    const { catalog } = device.test;
    const { key } = catalog.deliveries.begin(device.delivery(id), '2024/05/a-0123456789ab.jpg');
    if (key === null) throw new Error('The delivery has no key.');
    store.commit(key, new Uint8Array(), 0, ['sha256']);
    for (const place of catalog.files.locationsOf(id)) catalog.recordAbsence(place.fileId, 0);
    expect((await device.sync(new MemoryDestination({ store }))).stopped).toBeNull();
    expect(store.objects.has(key)).toBe(true);
    expect(catalog.deliveries.get(id, 1)).toBeNull();
  });
});

describe('the journal', () => {
  it('whose reply was lost is recognised by the next run: nothing twice, no new device', async () => {
    const store = new MemoryStore();
    const device = await makeDevice('aa');
    await device.addPhoto('a.jpg', 'sea');
    const gate = ({ operation, phase, key }: GateCall) =>
      operation === 'put' && phase === 'after' && key.includes('/journal/')
        ? Promise.reject(fail('offline', 'The line dropped.'))
        : Promise.resolve();
    const { stopped } = await device.sync(new MemoryDestination({ store, gate }));
    expect(stopped?.code).toBe('offline');
    await device.addPhoto('b.jpg', 'land');
    expect((await device.sync(new MemoryDestination({ store }))).stopped).toBeNull();
    expect(device.test.catalog.identity.device()?.id).toBe('aa');
    const { types, problems } = await journalsIn(store);
    expect(problems).toEqual([]);
    expect(Object.keys(types)).toEqual(['aa']);
    expect(types['aa']?.filter((type) => type === 'object')).toHaveLength(2);
  });

  it('of a copied catalogue goes on under a new device, and everything stays backed up', async () => {
    const store = new MemoryStore();
    const folder = await temporaryDirectory();
    const copy = path.join(await temporaryDirectory(), 'copy.db');
    const original = new TestDevice(folder, 'aa');
    await original.addPhoto('a.jpg', 'sea');
    await original.sync(new MemoryDestination({ store }));
    original.test.handle.prepare('VACUUM INTO ?').run(copy);
    const clone = new TestDevice(folder, 'aa', copy);

    await original.addPhoto('b.jpg', 'land');
    await original.sync(new MemoryDestination({ store }));
    const late = await clone.addPhoto('c.jpg', 'sky');
    const { results, stopped } = await clone.sync(new MemoryDestination({ store }));

    expect({ results, stopped }).toEqual({ results: ['uploaded'], stopped: null });
    expect(clone.test.catalog.identity.device()?.id).not.toBe('aa');
    expect(clone.delivery(late).state).toBe('verified');
    expect((await original.sync(new MemoryDestination({ store }))).stopped).toBeNull();
    expect(original.test.catalog.identity.device()?.id).toBe('aa');
    const { types, problems } = await journalsIn(store);
    expect(problems).toEqual([]);
    expect(Object.keys(types)).toHaveLength(2);
    expect(photosIn(store)).toHaveLength(3);
    clone.test.catalog.close();
  });

  it.each(['gone', 'overwritten by a clone'])(
    'that is %s is told again by a new device',
    async (how) => {
      const store = new MemoryStore();
      const device = await makeDevice('aa');
      await device.addPhoto('a.jpg', 'sea');
      await device.sync(new MemoryDestination({ store }));
      const [segment = ''] = store.keys().filter((key) => key.startsWith('.cloudroll/journal/'));
      if (how === 'gone') store.objects.delete(segment);
      else store.commit(segment, await segmentOfClone(), 0, ['sha256']);

      await device.addPhoto('b.jpg', 'land');
      const { results, stopped } = await device.sync(new MemoryDestination({ store }));

      expect({ results, stopped }).toEqual({ results: ['uploaded'], stopped: null });
      const { types, problems } = await journalsIn(store);
      expect(problems).toEqual([]);
      const own = types[device.test.catalog.identity.device()?.id ?? ''] ?? [];
      expect(own.filter((type) => type === 'object')).toHaveLength(2);
      expect(own.indexOf('asset')).toBeLessThan(own.indexOf('object'));
      expect(photosIn(store)).toHaveLength(2);
      expect((await device.sync(new MemoryDestination({ store }))).results).toEqual([]);
      expect((await journalsIn(store)).types).toEqual(types);
    },
  );

  it('gives a lost catalogue back: nothing is uploaded again', async () => {
    const store = new MemoryStore();
    const folder = await temporaryDirectory();
    const before = new TestDevice(folder, 'aa');
    for (const name of ['a', 'b', 'c']) await before.addPhoto(`${name}.jpg`, name);
    await before.sync(new MemoryDestination({ store }));
    const after = new TestDevice(folder, 'bb');
    for (const name of ['a', 'b', 'c']) await after.addPhoto(`${name}.jpg`, name);
    const { results } = await after.sync(new MemoryDestination({ store }));
    expect(results).toEqual(['alreadyBackedUp', 'alreadyBackedUp', 'alreadyBackedUp']);
    expect(photosIn(store)).toHaveLength(3);
  });

  it('that is damaged is told, and does not keep photos from being backed up', async () => {
    const store = new MemoryStore();
    const [one, two] = [await makeDevice('aa'), await makeDevice('bb')];
    await one.addPhoto('a.jpg', 'sea');
    await two.addPhoto('b.jpg', 'land');
    await one.sync(new MemoryDestination({ store }));
    store.corrupt(store.keys().find((key) => key.includes('/journal/aa/')) ?? '');
    const { results, notices, stopped } = await two.sync(new MemoryDestination({ store }));
    expect(results).toEqual(['uploaded']);
    expect(stopped).toBeNull();
    expect(notices[0]?.code).toBe('corrupt');
  });
});
