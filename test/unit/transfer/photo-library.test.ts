import { beforeEach, describe, expect, it } from 'vitest';

import type {
  Destination,
  PhotoFacts,
  PutResult,
} from '../../../electron/engine/destinations/contract.ts';
import type { AssetDescription } from '../../../shared/domain/asset.ts';
import { describedAs } from '../../support/catalog/test-catalog.ts';
import { temporaryDirectory } from '../../support/catalog/temporary-directory.ts';
import { openDestination } from '../../support/destinations/open-destination.ts';
import { immichSecrets, startImmich, type ImmichDouble } from '../../support/doubles/immich.ts';
import { TestDevice } from '../../support/transfer/test-device.ts';

const sea = 'the sea';

let immich: ImmichDouble;
let device: TestDevice;

beforeEach(async () => {
  immich = await startImmich(3);
  device = new TestDevice(await temporaryDirectory(), 'aa');
  return () => immich.close();
});

const open = (): Promise<Destination> =>
  openDestination(`immich://127.0.0.1:${String(immich.port)}`, immichSecrets);

describe('a destination that names what it keeps by itself', () => {
  it('is believed by the bytes under its own key, and found there again', async () => {
    const assetId = await device.addPhoto('a.jpg', sea);
    const destination = await open();
    const outcome = await device.deliver(assetId, destination);
    expect(outcome).toMatchObject({ result: 'uploaded' });
    const [asset] = immich.assets.values();
    const key = `assets/${asset?.id ?? ''}.jpg`;
    expect(device.delivery(assetId)).toMatchObject({ state: 'verified', key });
    expect(device.test.rows('SELECT evidence FROM deliveries')).toEqual([
      { evidence: 'read-back' },
    ]);
    expect(device.test.rows('SELECT key, tag FROM objects')).toEqual([
      { key, tag: asset?.checksum },
    ]);
    expect(asset).toMatchObject({ name: 'a.jpg' });
    await destination.close();
  });

  it('that held the photo before is not sent it, and says so', async () => {
    immich.add({ name: 'phone.jpg', bytes: Buffer.from(sea) });
    const assetId = await device.addPhoto('a.jpg', sea);
    const destination = await open();
    expect(await device.deliver(assetId, destination)).toMatchObject({ result: 'alreadyBackedUp' });
    expect(immich.assets.size).toBe(1);
    await destination.close();
  });

  it('whose disk kept other bytes than arrived is not believed, and the copy is taken back', async () => {
    immich.damagesOnDisk = true;
    const assetId = await device.addPhoto('a.jpg', sea);
    const destination = await open();
    const outcome = await device.deliver(assetId, destination);
    expect(outcome).toMatchObject({ result: 'failed', failure: { code: 'corrupt' } });
    immich.emptyTrash();
    expect(immich.assets.size).toBe(0);
    immich.damagesOnDisk = false;
    expect(await device.deliver(assetId, destination)).toMatchObject({ result: 'uploaded' });
    await destination.close();
  });

  it('whose own older copy is damaged is not believed either, but that copy stays', async () => {
    const held = immich.add({ name: 'phone.jpg', bytes: Buffer.from(sea) });
    held.bytes = Buffer.from('the see');
    const assetId = await device.addPhoto('a.jpg', sea);
    const destination = await open();
    const outcome = await device.deliver(assetId, destination);
    expect(outcome).toMatchObject({ result: 'failed', failure: { code: 'corrupt' } });
    expect([...immich.assets.values()]).toEqual([held]);
    expect(held.trashed).toBe(false);
    await destination.close();
  });

  it('that lost a photo by another hand is brought it again', async () => {
    const assetId = await device.addPhoto('a.jpg', sea);
    const destination = await open();
    expect((await device.sync(destination)).results).toEqual(['uploaded']);
    for (const asset of immich.assets.values()) if (asset.name === 'a.jpg') asset.trashed = true;
    immich.emptyTrash();
    const { key, destinationId } = device.delivery(assetId);
    device.test.catalog.recordLoss({ destinationId, key: key ?? '', assetId });
    expect((await device.sync(destination)).results).toEqual(['uploaded']);
    const names = [...immich.assets.values()].map(({ bytes }) => bytes.toString());
    expect(names).toContain(sea);
    await destination.close();
  });

  it('tells a second device, which sends nothing and reads no journal twice', async () => {
    const other = new TestDevice(await temporaryDirectory(), 'bb');
    await device.addPhoto('a.jpg', sea);
    await other.addPhoto('same.jpg', sea);
    const destination = await open();
    expect((await device.sync(destination)).results).toEqual(['uploaded']);
    expect((await other.sync(destination)).results).toEqual(['alreadyBackedUp']);
    expect(other.test.rows('SELECT evidence FROM deliveries')).toEqual([{ evidence: 'unchanged' }]);
    const photos = [...immich.assets.values()].filter(
      ({ visibility }) => visibility === 'timeline',
    );
    expect(photos).toHaveLength(1);
    await destination.close();
  });
});

it('tells a destination what is known of a photo, and where the other half of a Live Photo is', async () => {
  const told: PhotoFacts[] = [];
  const pretend = async (): Promise<Destination> => {
    const destination = await open();
    return {
      capabilities: destination.capabilities,
      check: (signal) => destination.check(signal),
      stat: (key, signal) => destination.stat(key, signal),
      open: (key, range, signal) => destination.open(key, range, signal),
      list: (prefix, signal) => destination.list(prefix, signal),
      remove: (key, signal) => destination.remove(key, signal),
      close: () => destination.close(),
      put: (key, source, options, signal): Promise<PutResult> => {
        if (options.photo !== undefined) told.push(options.photo());
        return destination.put(key, source, options, signal);
      },
    };
  };
  const half = (kind: 'photo' | 'video', mime: string): AssetDescription => ({
    ...describedAs(),
    type: { kind, mime },
    contentIdentifier: 'A1',
  });
  const ids = [
    await device.addPhoto('a.jpg', 'still', half('photo', 'image/jpeg')),
    await device.addPhoto('a.mov', 'motion', half('video', 'video/quicktime')),
  ];
  const destination = await pretend();
  for (const id of ids) await device.deliver(id, destination);
  const still = device.delivery(ids[0] ?? 0).key;
  expect(told).toMatchObject([
    { name: 'a.jpg', livePhoto: { identifier: 'A1', half: 'still', otherKeys: [] } },
    { name: 'a.mov', livePhoto: { identifier: 'A1', half: 'motion', otherKeys: [still] } },
  ]);
  const joined = [...immich.assets.values()].find(({ name }) => name === 'a.jpg');
  expect(`assets/${joined?.livePhotoVideoId ?? ''}.mov`).toBe(device.delivery(ids[1] ?? 0).key);
  await destination.close();
});
