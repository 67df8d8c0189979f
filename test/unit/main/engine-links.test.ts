import { EventEmitter } from 'node:events';

import type { MessagePortMain } from 'electron';
import { describe, expect, test } from 'vitest';

import { PictureRequests } from '../../../electron/main/engine/picture-requests.ts';
import { ThumbnailForks } from '../../../electron/main/engine/thumbnail-forks.ts';
import type { ToEngine } from '../../../shared/contract/app/engine-control.ts';
import { failureOf } from '../../../shared/domain/failure.ts';

const picture = { path: '/a.jpg', size: 1, mime: 'image/jpeg', tag: 't' };
const never = new AbortController().signal;

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => failureOf(error).code,
  );
}

describe('asking the engine for pictures', () => {
  function setUp() {
    const sent: ToEngine[] = [];
    return { sent, requests: new PictureRequests((message) => sent.push(message)) };
  }

  test('gives each question its own answer, in whatever order they come', async () => {
    const { sent, requests } = setUp();
    const one = requests.find('a', 'grid', never);
    const other = requests.find('b', 'preview', never);
    expect(sent).toEqual([
      { type: 'picture', id: 1, asset: 'a', size: 'grid' },
      { type: 'picture', id: 2, asset: 'b', size: 'preview' },
    ]);
    requests.take({ type: 'picture', id: 2, picture: null, failure: null });
    requests.take({ type: 'picture', id: 1, picture, failure: null });
    requests.take({ type: 'picture', id: 1, picture: null, failure: null });
    requests.take({ type: 'picture', id: 99, picture: null, failure: null });
    expect(await one).toEqual(picture);
    expect(await other).toBeNull();
  });

  test('stops the search when the page does not want it any more', async () => {
    const { sent, requests } = setUp();
    const stop = new AbortController();
    const found = codeOf(requests.find('a', 'grid', stop.signal));
    stop.abort();
    expect(await found).toBe('cancelled');
    expect(sent.at(-1)).toEqual({ type: 'cancelPicture', id: 1 });
    expect(await codeOf(requests.find('a', 'grid', stop.signal))).toBe('cancelled');
    expect(sent).toHaveLength(2);
  });

  test('fails as the engine does, and when the engine ends', async () => {
    const { requests } = setUp();
    const failed = codeOf(requests.find('a', 'grid', never));
    const failure = { code: 'unreadable', message: 'No.' } as const;
    requests.take({ type: 'picture', id: 1, picture: null, failure });
    expect(await failed).toBe('unreadable');
    const left = codeOf(requests.find('a', 'grid', never));
    requests.giveUp();
    expect(await left).toBe('offline');
  });
});

describe('thumbnail processes', () => {
  class Child extends EventEmitter {
    readonly ports: unknown[] = [];
    killed = false;

    postMessage(_message: unknown, ports: readonly unknown[] = []): void {
      this.ports.push(...ports);
    }

    kill(): boolean {
      this.killed = true;
      this.emit('exit', 143);
      return true;
    }
  }

  function setUp() {
    const children: Child[] = [];
    const told: [ToEngine, unknown[]][] = [];
    const port = (name: string): MessagePortMain => {
      const named: object = { name };
      return named as MessagePortMain;
    };
    const forks = new ThumbnailForks({
      fork: () => {
        const child = new Child();
        children.push(child);
        return child;
      },
      openPorts: () => ({ port1: port('engine'), port2: port('child') }),
      tellEngine: (message, ports) => told.push([message, ports]),
    });
    return { children, told, forks };
  }

  test('are joined to the engine by a port, and their end is told', () => {
    const { children, told, forks } = setUp();
    forks.start(5);
    expect(children[0]?.ports).toEqual([{ name: 'child' }]);
    expect(told).toEqual([[{ type: 'thumbnailPort', id: 5 }, [{ name: 'engine' }]]]);
    children[0]?.emit('exit', 86);
    expect(told.at(-1)).toEqual([{ type: 'thumbnailExit', id: 5, status: 86 }, []]);
  });

  test('are killed when the engine says so, or is gone, which is then not told', () => {
    const { children, told, forks } = setUp();
    forks.start(1);
    forks.start(2);
    forks.stop(1);
    expect(children.map(({ killed }) => killed)).toEqual([true, false]);
    told.length = 0;
    forks.stopAll();
    expect(children.map(({ killed }) => killed)).toEqual([true, true]);
    expect(told).toEqual([]);
  });

  test('are never more than an engine in its right mind asks for', () => {
    const { children, told, forks } = setUp();
    for (let id = 1; id <= 100; id += 1) forks.start(id);
    expect(children.length).toBeLessThan(20);
    expect(told.at(-1)).toEqual([{ type: 'thumbnailExit', id: 100, status: null }, []]);
  });
});
