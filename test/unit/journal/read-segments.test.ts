import { describe, expect, it } from 'vitest';
import { fail } from '../../../shared/domain/failure.ts';
import { readNewSegments } from '../../../electron/engine/journal/read-segments.ts';
import type {
  JournalPosition,
  JournalReading,
} from '../../../electron/engine/journal/read-segments.ts';
import { MemoryDestination } from '../../support/destinations/memory-destination.ts';
import type { MemoryOptions } from '../../support/destinations/memory-destination.ts';
import { MemoryStore } from '../../support/destinations/memory-store.ts';
import { JournalingDevice } from '../../support/journal/entries.ts';

const never = new AbortController().signal;

/** Two devices with `count` segments each. */
function twoDevices(count: number): { store: MemoryStore; keys: string[] } {
  const store = new MemoryStore();
  const keys: string[] = [];
  for (const name of ['desk', 'laptop']) {
    const device = new JournalingDevice(store, name, name, 1_700_000_000_000);
    for (let index = 0; index < count; index += 1) {
      device.add('Pictures', `${name}-${String(index)}.jpg`, `${name}${String(index)}`);
      keys.push(device.flush());
    }
  }
  return { store, keys };
}

async function readAll(
  store: MemoryStore,
  known: ReadonlyMap<string, JournalPosition> = new Map(),
  options: MemoryOptions = {},
): Promise<JournalReading[]> {
  const readings: JournalReading[] = [];
  const destination = new MemoryDestination({ ...options, store });
  for await (const reading of readNewSegments(destination, known, never)) readings.push(reading);
  return readings;
}

const shortly = (readings: readonly JournalReading[]) =>
  readings.map(({ kind, device, sequence }) => `${kind} ${device} ${String(sequence)}`);

describe('readNewSegments', () => {
  it('reads every device in order', async () => {
    const { store } = twoDevices(12);
    const expected = ['desk', 'laptop'].flatMap((device) =>
      Array.from({ length: 12 }, (_, index) => `segment ${device} ${String(index + 1)}`),
    );
    expect(shortly(await readAll(store))).toEqual(expected);
  });

  it('reads only what is new', async () => {
    const { store } = twoDevices(3);
    const positions = new Map<string, JournalPosition>();
    for (const reading of await readAll(store)) {
      if (reading.kind === 'segment' && reading.sequence < 3) {
        positions.set(reading.device, { sequence: reading.sequence, sha256: reading.sha256 });
      }
    }
    const opened: string[] = [];
    const gate: NonNullable<MemoryOptions['gate']> = ({ operation, phase, key }) => {
      if (operation === 'open' && phase === 'before') opened.push(key);
      return Promise.resolve();
    };
    expect(shortly(await readAll(store, positions, { gate }))).toEqual([
      'segment desk 3',
      'segment laptop 3',
    ]);
    expect(opened).toHaveLength(2);
  });

  it.each([
    ['a gap', (store: MemoryStore, key: string) => store.objects.delete(key), 'is missing'],
    [
      'a cut segment',
      (store: MemoryStore, key: string) => {
        const bytes = store.objects.get(key)?.bytes ?? new Uint8Array();
        store.objects.delete(key);
        store.commit(key, bytes.subarray(0, 100), 0, []);
      },
      'cut off',
    ],
  ])('leaves a device at %s and goes on with the others', async (_what, damage, message) => {
    const { store, keys } = twoDevices(3);
    damage(store, keys[1] ?? '');
    const readings = await readAll(store);
    expect(shortly(readings)).toEqual([
      'segment desk 1',
      'problem desk 2',
      'segment laptop 1',
      'segment laptop 2',
      'segment laptop 3',
    ]);
    expect(readings[1]).toMatchObject({ failure: { code: 'corrupt' } });
    expect(JSON.stringify(readings[1])).toContain(message);
  });

  it('notices history that was written anew', async () => {
    const { store, keys } = twoDevices(2);
    const other = new JournalingDevice(new MemoryStore(), 'desk', 'desk', 1);
    other.add('Pictures', 'x.jpg', 'another history');
    const key = other.flush();
    store.objects.delete(key);
    store.commit(key, other.store.objects.get(key)?.bytes ?? new Uint8Array(), 0, []);
    expect(keys).toContain(key);
    expect(shortly(await readAll(store))).toEqual([
      'segment desk 1',
      'problem desk 2',
      'segment laptop 1',
      'segment laptop 2',
    ]);
  });

  it('notices a segment under the name of another', async () => {
    const { store, keys } = twoDevices(1);
    const laptop = store.objects.get(keys[1] ?? '')?.bytes ?? new Uint8Array();
    store.objects.delete(keys[0] ?? '');
    store.commit(keys[0] ?? '', laptop, 0, []);
    expect(shortly(await readAll(store))).toEqual(['problem desk 1', 'segment laptop 1']);
  });

  it('ends with the failure of the destination itself', async () => {
    const { store } = twoDevices(2);
    const gate: NonNullable<MemoryOptions['gate']> = ({ operation, phase }) =>
      operation === 'open' && phase === 'before'
        ? Promise.reject(fail('offline', 'No network.'))
        : Promise.resolve();
    await expect(readAll(store, new Map(), { gate })).rejects.toMatchObject({
      failure: { code: 'offline' },
    });
  });
});
