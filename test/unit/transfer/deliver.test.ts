import { promises as fs } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';

import { fail } from '../../../shared/domain/failure.ts';
import { hashOf, nowMs } from '../../support/catalog/test-catalog.ts';
import { temporaryDirectory } from '../../support/catalog/temporary-directory.ts';
import { MemoryDestination, type GateCall } from '../../support/destinations/memory-destination.ts';
import { TestDevice } from '../../support/transfer/test-device.ts';

const sea = 'the sea';
const short = `2024/05/a-${hashOf(sea).slice(0, 12)}.jpg`;
const longer = `2024/05/a-${hashOf(sea).slice(0, 24)}.jpg`;
const longest = `2024/05/a-${hashOf(sea)}.jpg`;

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

let device: TestDevice;
let assetId: number;

beforeEach(async () => {
  device = new TestDevice(await temporaryDirectory(), 'aa');
  assetId = await device.addPhoto('a.jpg', sea);
});

describe('an upload', () => {
  it("counts by the destination's own hash", async () => {
    const destination = new MemoryDestination();
    expect(await device.deliver(assetId, destination)).toEqual({ result: 'uploaded', key: short });
    expect(destination.store.sha256(short)).toBe(hashOf(sea));
    expect(device.delivery(assetId)).toMatchObject({ state: 'verified', key: short });
    expect(device.test.rows('SELECT evidence FROM deliveries')).toEqual([
      { evidence: 'server-sha256' },
    ]);
  });

  it('is read back where the destination has no proof of its own', async () => {
    let read = 0;
    const gate = ({ operation, phase }: GateCall) => {
      if (operation === 'open' && phase === 'before') read += 1;
      return Promise.resolve();
    };
    const destination = new MemoryDestination({ serverHash: [], gate });
    expect((await device.deliver(assetId, destination)).result).toBe('uploaded');
    expect(read).toBe(1);
    expect(device.test.rows('SELECT evidence FROM deliveries')).toEqual([
      { evidence: 'read-back' },
    ]);
  });

  it('that arrived damaged is taken away again and tried later', async () => {
    const transit = (_key: string, bytes: Uint8Array) => bytes.map((byte) => byte ^ 1);
    const destination = new MemoryDestination({ serverHash: [], transit });
    const outcome = await device.deliver(assetId, destination);
    expect(outcome).toMatchObject({ result: 'failed', failure: { code: 'corrupt' } });
    expect(destination.store.keys()).toEqual([]);
    expect(device.delivery(assetId)).toMatchObject({ state: 'failed', attempts: 1 });
    expect(device.test.catalog.deliveries.nextRetryMs(1)).toBeGreaterThan(nowMs);
    expect(device.test.waiting()).toEqual([]);
  });

  it('whose reply was lost is found, not sent again', async () => {
    const lost = new Set<string>();
    const gate = ({ operation, phase, key }: GateCall) => {
      if (operation === 'put' && phase === 'after' && !lost.has(key)) {
        lost.add(key);
        return Promise.reject(fail('offline', 'The line dropped.'));
      }
      return Promise.resolve();
    };
    const destination = new MemoryDestination({ gate });
    expect(await device.deliver(assetId, destination)).toMatchObject({
      result: 'failed',
      plan: { stopDestination: true },
    });
    expect(device.delivery(assetId)).toMatchObject({ state: 'queued', key: short });
    const sent = destination.store.bytesReceived;
    expect((await device.deliver(assetId, destination)).result).toBe('alreadyBackedUp');
    expect(destination.store.bytesReceived).toBe(sent);
    expect(destination.store.keys()).toEqual([short]);
  });

  it('that broke off goes on where it stopped', async () => {
    const large = 'x'.repeat(20_000_000);
    const id = await device.addPhoto('large.jpg', large);
    let chunks = 0;
    const gate = ({ operation, phase }: GateCall) => {
      if (operation !== 'put' || phase !== 'chunk') return Promise.resolve();
      chunks += 1;
      return chunks === 2 ? Promise.reject(fail('timeout', 'Too slow.')) : Promise.resolve();
    };
    const destination = new MemoryDestination({ resumable: true, gate });
    expect((await device.deliver(id, destination)).result).toBe('failed');
    expect(device.delivery(id).resumeToken).not.toBeNull();
    expect((await device.deliver(id, destination)).result).toBe('uploaded');
    expect(destination.store.bytesReceived).toBe(large.length);
    expect(device.delivery(id).resumeToken).toBeNull();
  });

  it('that was cancelled is back in the queue with its key', async () => {
    const stop = new AbortController();
    const gate = ({ operation, phase }: GateCall) => {
      if (operation === 'put' && phase === 'commit') stop.abort();
      return Promise.resolve();
    };
    const destination = new MemoryDestination({ gate });
    const outcome = await device.deliver(assetId, destination, stop.signal);
    expect(outcome).toEqual({ result: 'cancelled' });
    expect(device.delivery(assetId)).toMatchObject({ state: 'queued', key: short, attempts: 0 });
    expect(destination.store.keys()).toEqual([]);
  });
});

describe('what is at the destination already', () => {
  it('is adopted by its record without sending a byte', async () => {
    const destination = new MemoryDestination();
    destination.store.commit('2023/01/other.jpg', bytesOf(sea), 0, ['sha256']);
    device.test.catalog.objects.record({
      destinationId: device.test.destinationId,
      key: '2023/01/other.jpg',
      assetId,
      bytes: sea.length,
      at: `${String(nowMs).padStart(15, '0')}-000000-zz`,
      device: 'zz',
      evidence: 'read-back',
      tag: null,
      state: 'present',
    });
    const outcome = await device.deliver(assetId, destination);
    expect(outcome).toEqual({ result: 'alreadyBackedUp', key: '2023/01/other.jpg' });
    expect(destination.store.bytesReceived).toBe(0);
  });

  it('by its record only, is uploaded all the same', async () => {
    const destination = new MemoryDestination();
    device.test.prove(assetId, { key: 'gone' });
    device.test.catalog.deliveries.revoke(assetId, device.test.destinationId, false);
    expect(await device.deliver(assetId, destination)).toEqual({ result: 'uploaded', key: short });
  });

  it('under the key with the same bytes is proven and used', async () => {
    const destination = new MemoryDestination({ serverHash: [] });
    destination.store.commit(short, bytesOf(sea), 0, []);
    expect((await device.deliver(assetId, destination)).result).toBe('alreadyBackedUp');
    expect(destination.store.overwritten).toEqual([]);
  });

  it('under the key with other bytes stays, and a longer key is taken', async () => {
    const destination = new MemoryDestination();
    destination.store.commit(short, bytesOf('another'), 0, ['sha256']);
    expect(await device.deliver(assetId, destination)).toEqual({ result: 'uploaded', key: longer });
    expect(destination.store.sha256(short)).toBe(hashOf('another'));
  });

  it('under every key with other bytes is said, and nothing is overwritten', async () => {
    const destination = new MemoryDestination();
    for (const key of [short, longer, longest]) {
      destination.store.commit(key, bytesOf(`in the way of ${key}`), 0, ['sha256']);
    }
    const outcome = await device.deliver(assetId, destination);
    expect(outcome).toMatchObject({ result: 'failed', failure: { code: 'conflict' } });
    expect(destination.store.overwritten).toEqual([]);
    expect(device.delivery(assetId).state).toBe('failed');
  });

  it('with rotten bytes is not trusted for its size', async () => {
    const destination = new MemoryDestination({ serverHash: [] });
    destination.store.commit(short, bytesOf('the sEa'), 0, []);
    expect(await device.deliver(assetId, destination)).toEqual({ result: 'uploaded', key: longer });
  });
});

describe('a source', () => {
  it('that changed without a trace is noticed, and nothing wrong is stored', async () => {
    const { mtime } = await fs.stat(device.pathOf('a.jpg'));
    await fs.writeFile(device.pathOf('a.jpg'), 'THE SEA');
    await fs.utimes(device.pathOf('a.jpg'), mtime, mtime);
    const file = device.test.rows('SELECT modified_ms FROM files')[0]?.['modified_ms'];
    const { mtimeMs } = await fs.stat(device.pathOf('a.jpg'));
    device.test.handle.exec(`UPDATE files SET modified_ms = ${String(mtimeMs)}`);
    expect(typeof file).toBe('number');
    const destination = new MemoryDestination();
    const outcome = await device.deliver(assetId, destination);
    expect(outcome).toMatchObject({
      result: 'failed',
      failure: { code: 'changed' },
      plan: { readAgain: true },
    });
    expect(destination.store.keys()).toEqual([]);
    expect(device.test.rows('SELECT state, asset_id FROM files')).toEqual([
      { state: 'discovered', asset_id: null },
    ]);
  });

  it('that was edited is read again and not sent', async () => {
    await fs.writeFile(device.pathOf('a.jpg'), 'the sea, edited');
    const destination = new MemoryDestination();
    expect(await device.deliver(assetId, destination)).toMatchObject({
      failure: { code: 'changed' },
    });
    expect(destination.store.bytesReceived).toBe(0);
  });

  it('that is gone is no reason to stop the destination', async () => {
    await fs.rm(device.pathOf('a.jpg'));
    const outcome = await device.deliver(assetId, new MemoryDestination());
    expect(outcome).toMatchObject({ result: 'failed', plan: { stopDestination: false } });
  });

  it('is taken from another place where the first is gone', async () => {
    await device.addPhoto('copy.jpg', sea);
    await fs.rm(device.pathOf('a.jpg'));
    const destination = new MemoryDestination();
    expect((await device.deliver(assetId, destination)).result).toBe('uploaded');
    expect(destination.store.sha256(short)).toBe(hashOf(sea));
  });
});
