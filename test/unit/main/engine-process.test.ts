import { EventEmitter } from 'node:events';

import { describe, expect, test } from 'vitest';

import { silentLogger } from '../../../electron/engine/logging/logger.ts';
import { EngineProcess } from '../../../electron/main/engine/engine-process.ts';
import { restartDelayMs } from '../../../electron/main/engine/restart-delay.ts';
import type { FromEngine } from '../../../shared/contract/app/engine-control.ts';
import { ManualTimers } from '../../support/main/manual-timers.ts';

class Child extends EventEmitter {
  readonly sent: unknown[] = [];
  killed = false;

  postMessage(message: unknown): void {
    this.sent.push(message);
  }

  kill(): boolean {
    this.killed = true;
    this.emit('exit', 1);
    return true;
  }
}

function setUp() {
  const children: Child[] = [];
  const timers = new ManualTimers();
  const messages: FromEngine[] = [];
  const process = new EngineProcess({
    fork: () => {
      const child = new Child();
      children.push(child);
      return child;
    },
    start: () => ({
      type: 'start',
      dataDirectory: '/data',
      version: '1',
      surroundings: { onBattery: false, suspended: false, online: true },
    }),
    onMessage: (message) => messages.push(message),
    timers,
    logger: silentLogger,
  });
  process.start();
  const last = (): Child => {
    const child = children.at(-1);
    if (child === undefined) throw new Error('nothing was started');
    return child;
  };
  return { process, children, timers, messages, last };
}

describe('the engine process', () => {
  test('is told to start, and runs once it says so', () => {
    const { process, last } = setUp();
    expect(last().sent).toMatchObject([{ type: 'start', dataDirectory: '/data' }]);
    expect(process.state.value.state).toBe('starting');
    last().emit('message', { type: 'ready' });
    expect(process.state.value.state).toBe('running');
  });

  test('is started again after a crash, later each time, soon again once it ran for long', () => {
    const { process, children, timers, last } = setUp();
    last().emit('message', { type: 'ready' });
    last().emit('exit', 9);
    expect(process.state.value).toMatchObject({ state: 'restarting', failure: { code: 'bug' } });
    timers.pass(499);
    expect(children).toHaveLength(1);
    timers.pass(1);
    expect(children).toHaveLength(2);
    last().emit('exit', 9);
    timers.pass(999);
    expect(children).toHaveLength(2);
    timers.pass(1);
    expect(children).toHaveLength(3);
    timers.pass(60_000);
    last().emit('exit', 9);
    timers.pass(500);
    expect(children).toHaveLength(4);
  });

  test('says why it could not open, e.g. that another has the data directory', () => {
    const { process, last } = setUp();
    const failure = { code: 'busy', message: 'Another Cloudroll is using this.' };
    last().emit('message', { type: 'failed', failure });
    last().emit('exit', 1);
    expect(process.state.value).toMatchObject({ state: 'restarting', failure });
  });

  test('is not believed when it sends what was not agreed', () => {
    const { messages, process, last } = setUp();
    last().emit('message', { type: 'picture', id: -1, path: '/etc/passwd' });
    last().emit('message', 'ready');
    expect(messages).toEqual([]);
    expect(process.state.value.state).toBe('starting');
  });

  test('cannot be sent anything while it is gone', () => {
    const { process, last } = setUp();
    last().emit('exit', 1);
    expect(() => {
      process.send({ type: 'connect' });
    }).toThrow('The sync engine is not running.');
  });

  test('is started at once when a person wants it', () => {
    const { process, children, timers, last } = setUp();
    last().emit('exit', 1);
    process.retryNow();
    expect(children).toHaveLength(2);
    timers.pass(10_000);
    expect(children).toHaveLength(2);
  });

  test('parks when it is stopped, and is not started again', async () => {
    const { process, children, timers, last } = setUp();
    const stopped = process.stop(20_000);
    expect(last().sent.at(-1)).toEqual({ type: 'shutDown' });
    last().emit('message', { type: 'parked' });
    last().emit('exit', 0);
    await stopped;
    timers.pass(100_000);
    expect(children).toHaveLength(1);
    expect(last().killed).toBe(false);
    expect(process.state.value.state).toBe('stopped');
  });

  test('is killed when it does not park in time', async () => {
    const { process, timers, last } = setUp();
    const stopped = process.stop(20_000);
    timers.pass(19_999);
    expect(last().killed).toBe(false);
    timers.pass(1);
    await stopped;
    expect(last().killed).toBe(true);
  });

  test('that waits for its restart stops at once', async () => {
    const { process, children, timers, last } = setUp();
    last().emit('exit', 1);
    await process.stop(20_000);
    timers.pass(100_000);
    expect(children).toHaveLength(1);
  });
});

test('pauses grow up to a minute', () => {
  const pauses = Array.from({ length: 40 }, (_, at) => restartDelayMs(at + 1));
  expect(pauses.slice(0, 4)).toEqual([500, 1000, 2000, 4000]);
  expect(Math.max(...pauses)).toBe(60_000);
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
});
