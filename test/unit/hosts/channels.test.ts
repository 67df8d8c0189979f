import { mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { SystemRandom } from '../../../electron/engine/adapters/system-random.ts';
import { joinWindow } from '../../../electron/hosts/join-window.ts';
import { channelPair } from '../../../electron/hosts/local/channel-pair.ts';
import { knock, openDoor } from '../../../electron/hosts/local/door.ts';
import { lineChannel } from '../../../electron/hosts/local/line-channel.ts';
import type { Channel } from '../../../shared/contract/app/channel.ts';
import { AppClient } from '../../../shared/contract/app/client.ts';
import { fail } from '../../../shared/domain/failure.ts';
import { temporaryDirectory } from '../../support/catalog/temporary-directory.ts';
import { fakeApp, type FakeAnswers, type FakeApp } from '../../support/hosts/fake-app.ts';

function joined(answers: FakeAnswers = {}): { client: AppClient; wire: Channel; app: FakeApp } {
  const app = fakeApp(answers);
  const [ours, theirs] = channelPair();
  joinWindow(theirs, app);
  return { client: new AppClient(ours), wire: ours, app };
}

describe('the contract between a window and the engine', () => {
  it('brings answers back to their questions, in whatever order they come', async () => {
    const gates = [Promise.withResolvers<string[]>(), Promise.withResolvers<string[]>()];
    let asked = 0;
    const { client } = joined({
      handlers: { 'timeline.cameras': () => gates[asked++]?.promise ?? Promise.resolve([]) },
    });
    const answers = [client.call('timeline.cameras', {}), client.call('timeline.cameras', {})];
    gates[1]?.resolve(['second']);
    gates[0]?.resolve(['first']);
    expect(await Promise.all(answers)).toEqual([['first'], ['second']]);
  });

  it('brings a failure over whole, and a bug as a bug', async () => {
    const { client } = joined({
      handlers: {
        'albums.list': () =>
          Promise.reject(fail('offline', 'Away.', { hint: 'Wait.', retryAt: 5 })),
        'timeline.cameras': () => {
          throw new TypeError('oh no');
        },
      },
    });
    await expect(client.call('albums.list', {})).rejects.toMatchObject({
      failure: { code: 'offline', message: 'Away.', hint: 'Wait.', retryAt: 5 },
    });
    await expect(client.call('timeline.cameras', {})).rejects.toMatchObject({
      failure: { code: 'bug', message: 'oh no' },
    });
  });

  it('refuses parameters and answers that are not what was agreed', async () => {
    const details = vi.fn();
    const { client } = joined({
      handlers: {
        'asset.details': details,
        'duplicates.page': () => Promise.resolve({ duplicates: [], cursor: null, total: -1 }),
      },
    });
    await expect(client.call('asset.details', { id: '../../etc' })).rejects.toMatchObject({
      failure: { code: 'invalid' },
    });
    expect(details).not.toHaveBeenCalled();
    await expect(client.call('duplicates.page', { cursor: null, limit: 1 })).rejects.toMatchObject({
      failure: { code: 'bug' },
    });
  });

  it('stops the work of a call that is cancelled and of a window that goes away', async () => {
    const stopped: string[] = [];
    const started: (() => void)[] = [];
    const { client } = joined({
      handlers: {
        'albums.list': (_params, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              stopped.push('albums');
              reject(fail('cancelled', 'Stopped.'));
            });
            for (const tell of started.splice(0)) tell();
          }),
      },
    });
    const begun = () => new Promise<void>((resolve) => started.push(resolve));
    const stop = new AbortController();
    const first = begun();
    const cancelled = client.call('albums.list', {}, stop.signal);
    await first;
    stop.abort();
    await expect(cancelled).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    const second = begun();
    const left = client.call('albums.list', {});
    await second;
    client.close();
    await expect(left).rejects.toMatchObject({ failure: { code: 'offline' } });
    expect(stopped).toEqual(['albums', 'albums']);
    await expect(client.call('albums.list', {})).rejects.toMatchObject({
      failure: { code: 'offline' },
    });
  });

  it('tells events until nobody listens, and drops what is no event', async () => {
    const { client, app } = joined({ handlers: { 'timeline.cameras': () => Promise.resolve([]) } });
    const heard: unknown[] = [];
    const stop = client.on('finished', (data) => heard.push(data));
    app.announce('finished', { photos: 2 });
    app.announce('finished', { photos: -2 });
    await client.call('timeline.cameras', {});
    stop();
    app.announce('finished', { photos: 3 });
    await client.call('timeline.cameras', {});
    expect(heard).toEqual([{ photos: 2 }]);
  });

  it.each([
    null,
    7,
    'x',
    {},
    { type: 'request' },
    { type: 'request', id: -1, method: 'x', params: {} },
    { type: 'cancel', id: 99 },
    [],
    { type: 'request', id: 1, method: 'x', params: {}, more: 1 },
  ])('drops %j and goes on', async (message) => {
    const { client, wire } = joined({
      handlers: { 'timeline.cameras': () => Promise.resolve(['still here']) },
    });
    wire.send(message);
    expect(await client.call('timeline.cameras', {})).toEqual(['still here']);
  });

  it.each(['nothing.here', '__proto__', 'constructor', 'toString'])(
    'knows no method %s',
    async (method) => {
      const { wire } = joined();
      const answer = new Promise((resolve) => wire.onMessage(resolve));
      wire.send({ type: 'request', id: 1, method, params: {} });
      expect(await answer).toMatchObject({ type: 'failure', failure: { code: 'unsupported' } });
    },
  );
});

describe('the door of a running app', () => {
  const random = new SystemRandom();

  async function open(folder: string, app: FakeApp): Promise<AsyncDisposable> {
    const door = await openDoor(folder, {
      app,
      address: 'http://127.0.0.1:1/enter/x',
      platform: process.platform,
      random,
    });
    onTestFinished(() => door[Symbol.asyncDispose]());
    return door;
  }

  it('is found by its data directory and answers as a window is answered', async () => {
    const folder = await temporaryDirectory();
    await open(
      folder,
      fakeApp({ handlers: { 'timeline.cameras': () => Promise.resolve(['카메라']) } }),
    );
    const running = await knock(folder);
    expect(running?.address).toBe('http://127.0.0.1:1/enter/x');
    if (running === null) return;
    const client = new AppClient(running.channel);
    expect(await client.call('timeline.cameras', {})).toEqual(['카메라']);
    client.close();
  });

  it('is not found where none is, where it was left behind, and after it closed', async () => {
    const folder = await temporaryDirectory();
    expect(await knock(folder)).toBeNull();
    const door = await open(folder, fakeApp());
    await door[Symbol.asyncDispose]();
    expect(await knock(folder)).toBeNull();
    await writeFile(
      path.join(folder, 'running.json'),
      '{"socket":"/nowhere/app.sock","address":null}',
    );
    expect(await knock(folder)).toBeNull();
    await writeFile(path.join(folder, 'running.json'), 'garbage');
    expect(await knock(folder)).toBeNull();
    await open(folder, fakeApp());
    expect(await knock(folder)).not.toBeNull();
  });

  it('opens in a folder whose path is too long for a socket', async () => {
    const folder = path.join(await temporaryDirectory(), 'x'.repeat(120));
    await mkdir(folder);
    await open(folder, fakeApp());
    expect(await knock(folder)).not.toBeNull();
  });
});

describe('a channel of lines', () => {
  async function pair(): Promise<{ channel: Channel; socket: Socket }> {
    const accepted = Promise.withResolvers<Socket>();
    const server = createServer(accepted.resolve);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const socket = connect(port, '127.0.0.1');
    const other = await accepted.promise;
    onTestFinished(() => {
      socket.destroy();
      other.destroy();
      server.close();
    });
    return { channel: lineChannel(other), socket };
  }

  it('puts messages together again however they were cut', async () => {
    const { channel, socket } = await pair();
    const heard: unknown[] = [];
    const both = new Promise<void>((resolve) => {
      channel.onMessage((message) => {
        heard.push(message);
        if (heard.length === 2) resolve();
      });
    });
    for (const byte of Buffer.from('{"a":"산"}\n[1]\n')) socket.write(Buffer.of(byte));
    await both;
    expect(heard).toEqual([{ a: '산' }, [1]]);
  });

  it.each(['not json\n', `"${'x'.repeat(17 * 1024 * 1024)}`])(
    'lets somebody go who sends anything else',
    async (text) => {
      const { channel, socket } = await pair();
      socket.on('error', () => undefined);
      const closed = new Promise<void>((resolve) => {
        channel.onClose(resolve);
      });
      channel.onMessage(() => undefined);
      socket.write(text);
      await closed;
    },
  );
});
