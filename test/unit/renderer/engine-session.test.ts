import { describe, expect, it } from 'vitest';

import { EngineSession } from '../../../renderer/app/engine-session.ts';
import type { HostBridge } from '../../../shared/contract/app/host-bridge.ts';
import { FakeEngine } from '../../support/app/fake-engine.ts';

function engine(): FakeEngine {
  return new FakeEngine({
    photos: 10,
    waiting: 0,
    failed: 0,
    activity: 'idle',
    clouds: false,
    signIn: 'waiting',
    settings: {},
    failing: [],
    latencyMs: 0,
    nowMs: 0,
  });
}

function hostOf(fake: FakeEngine): HostBridge {
  return {
    connect: () => fake.connect(),
    pictureUrl: () => '',
    pathOf: null,
    uploadUrl: null,
    chooseFolder: null,
    chooseFiles: null,
    openExternal: () => undefined,
    copyPicture: null,
    keepPasted: null,
    showPhotos: null,
    onCommand: () => () => undefined,
    languages: ['en'],
  };
}

/** A session whose waits end when the test says so. */
function start(fake: FakeEngine) {
  const waits: { readonly ms: number; readonly go: () => void }[] = [];
  const session = new EngineSession(
    hostOf(fake),
    (ms) => new Promise((resolve) => waits.push({ ms, go: resolve })),
  );
  const stop = new AbortController();
  void session.run(stop.signal);
  return { session, waits, stop };
}

async function quiet(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('the connection to the engine', () => {
  it('shows the snapshot and follows its events', async () => {
    const fake = engine();
    const { session } = start(fake);
    await quiet();
    expect(session.state()).toMatchObject({ phase: 'ready', generation: 1 });
    fake.changeStatus({ activity: 'syncing', waiting: 3 });
    await quiet();
    expect(session.state().snapshot?.status).toMatchObject({ activity: 'syncing', waiting: 3 });
  });

  it('keeps what it knew while the engine is away, and comes back by itself', async () => {
    const fake = engine();
    const { session, waits } = start(fake);
    await quiet();
    fake.stop();
    await quiet();
    expect(session.state()).toMatchObject({ phase: 'away', snapshot: { version: '0.1.0' } });
    await expect(session.call('albums.list', {})).rejects.toMatchObject({
      failure: { code: 'offline' },
    });
    waits.at(-1)?.go();
    await quiet();
    expect(session.state().phase).toBe('away');
    fake.start();
    waits.at(-1)?.go();
    await quiet();
    expect(session.state()).toMatchObject({ phase: 'ready', generation: 2 });
    expect(await session.call('albums.list', {})).toHaveLength(5);
  });

  it('waits longer from one attempt to the next, but never for ever', async () => {
    const fake = engine();
    fake.stop();
    const { session, waits } = start(fake);
    for (let attempt = 0; attempt < 8; attempt++) {
      await quiet();
      waits.at(-1)?.go();
    }
    const times = waits.map(({ ms }) => ms);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(times.at(-1)).toBe(3000);
    expect(session.state().phase).toBe('connecting');
  });

  it('keeps its listeners over a new connection', async () => {
    const fake = engine();
    const { session, waits } = start(fake);
    await quiet();
    const heard: number[] = [];
    const off = session.on('finished', ({ photos }) => heard.push(photos));
    fake.announce('finished', { photos: 1 });
    await quiet();
    fake.stop();
    await quiet();
    fake.start();
    waits.at(-1)?.go();
    await quiet();
    fake.announce('finished', { photos: 2 });
    await quiet();
    off();
    fake.announce('finished', { photos: 3 });
    await quiet();
    expect(heard).toEqual([1, 2]);
  });

  it('ends when it is told to', async () => {
    const fake = engine();
    const { session, stop, waits } = start(fake);
    await quiet();
    stop.abort();
    await quiet();
    waits.at(-1)?.go();
    await quiet();
    await expect(session.call('albums.list', {})).rejects.toMatchObject({
      failure: { code: 'offline' },
    });
  });
});
