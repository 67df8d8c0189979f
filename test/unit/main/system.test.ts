import { EventEmitter } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { silentLogger } from '../../../electron/engine/logging/logger.ts';
import { createRedactor } from '../../../electron/engine/logging/redact.ts';
import { collectDiagnostics } from '../../../electron/main/diagnostics/diagnostics.ts';
import { Quit } from '../../../electron/main/quit.ts';
import {
  applyLoginItem,
  autostartEntry,
  autostartFile,
} from '../../../electron/main/system/login-item.ts';
import { proxyEnvironment } from '../../../electron/main/system/proxy.ts';
import {
  watchSurroundings,
  type SurroundingsOptions,
} from '../../../electron/main/system/surroundings.ts';
import { taskbarModel } from '../../../electron/main/system/taskbar.ts';
import { Updates } from '../../../electron/main/system/updates.ts';
import { english } from '../../../electron/main/text/en.ts';
import { korean } from '../../../electron/main/text/ko.ts';
import { languageFor } from '../../../electron/main/text/texts.ts';
import { ManualTimers } from '../../support/main/manual-timers.ts';
import { idleStatus } from '../../support/main/statuses.ts';

describe('battery, sleep and network', () => {
  function setUp(platform: NodeJS.Platform) {
    const events = new EventEmitter();
    const now = { battery: false, online: true };
    const power: object = {
      on: events.on.bind(events),
      isOnBatteryPower: () => now.battery,
    };
    const timers = new ManualTimers();
    const told: unknown[] = [];
    const watched = watchSurroundings({
      power: power as SurroundingsOptions['power'],
      net: { isOnline: () => now.online },
      platform,
      timers,
    });
    watched.follow((value) => told.push(value));
    return { events, now, timers, told };
  }
  const start = { onBattery: false, suspended: false, online: true };

  test('by events on macOS and Windows', () => {
    const { events, told } = setUp('darwin');
    events.emit('on-battery');
    events.emit('on-battery');
    events.emit('on-ac');
    expect(told).toEqual([start, { ...start, onBattery: true }, start]);
  });

  test('asked for on Linux, which has no events', () => {
    const { events, now, timers, told } = setUp('linux');
    expect(events.listenerCount('on-battery')).toBe(0);
    now.battery = true;
    timers.pass(15_000);
    now.online = false;
    timers.pass(60_000);
    expect(told).toEqual([
      start,
      { ...start, onBattery: true },
      { ...start, onBattery: true, online: false },
    ]);
  });

  test('after sleep everything is looked at again', () => {
    const { events, now, told } = setUp('linux');
    events.emit('suspend');
    now.battery = true;
    events.emit('resume');
    expect(told).toEqual([start, { ...start, suspended: true }, { ...start, onBattery: true }]);
  });
});

describe('starting at login', () => {
  const app = {
    set: [] as unknown[],
    setLoginItemSettings(settings: unknown): void {
      this.set.push(settings);
    },
  };

  test('on Linux is a file that comes and goes', async () => {
    const home = await mkdtemp(join(tmpdir(), 'cloudroll-home-'));
    const options = {
      app,
      platform: 'linux',
      environment: {},
      home,
      program: '/opt/Cloud "x"/a%b',
    } as const;
    const file = autostartFile(options);
    expect(file).toBe(join(home, '.config/autostart/app.cloudroll.desktop'));
    await applyLoginItem(true, options);
    expect(await readFile(file, 'utf8')).toContain(
      String.raw`Exec="/opt/Cloud \\"x\\"/a%%b" --hidden`,
    );
    await applyLoginItem(false, options);
    await applyLoginItem(false, options);
    await expect(stat(file)).rejects.toThrow('ENOENT');
    await rm(home, { recursive: true });
  });

  test('names the AppImage, not what it was unpacked to', () => {
    expect(autostartEntry('/home/me/Cloudroll.AppImage')).toContain(
      'Exec="/home/me/Cloudroll.AppImage" --hidden',
    );
  });

  test("elsewhere is the system's own", async () => {
    await applyLoginItem(true, {
      app,
      platform: 'darwin',
      environment: {},
      home: '/h',
      program: '/p',
    });
    expect(app.set).toEqual([{ openAtLogin: true, args: ['--hidden'] }]);
  });
});

describe("the system's proxy", () => {
  test.each([
    ['DIRECT', {}, {}],
    ['SOCKS5 host:1080', {}, {}],
    [
      'PROXY proxy.local:8080; DIRECT',
      {},
      {
        NODE_USE_ENV_PROXY: '1',
        HTTPS_PROXY: 'http://proxy.local:8080',
        HTTP_PROXY: 'http://proxy.local:8080',
        NO_PROXY: 'localhost,127.0.0.1,::1',
      },
    ],
    ['PROXY proxy.local:8080', { HTTPS_PROXY: 'http://mine' }, { NODE_USE_ENV_PROXY: '1' }],
    ['PROXY evil"host', {}, {}],
  ])('%s beside %j', (resolved, environment, expected) => {
    expect(proxyEnvironment(resolved, environment)).toEqual(expected);
  });
});

test('dock and taskbar show progress while it syncs, and how many things need a person', () => {
  const view = (change: Parameters<typeof idleStatus>[0]) =>
    taskbarModel({
      process: { state: 'running' },
      status: idleStatus(change),
      settings: null,
      recent: [],
    });
  expect(view({})).toEqual({ progress: -1, mode: 'none', badge: 0 });
  expect(view({ activity: 'syncing', progress: 0.25 })).toMatchObject({
    progress: 0.25,
    mode: 'normal',
  });
  expect(view({ activity: 'syncing' })).toMatchObject({ mode: 'indeterminate' });
  expect(view({ activity: 'attention', failed: 9 })).toMatchObject({ progress: -1, badge: 1 });
});

describe('quitting', () => {
  test('parks once, then ends, however often it is asked for', async () => {
    let parked: () => void = () => undefined;
    const parking = new Promise<void>((resolve) => {
      parked = resolve;
    });
    let prevented = 0;
    const event = {
      preventDefault: () => {
        prevented += 1;
      },
    };
    const ended = new Promise<void>((end) => {
      const quit = new Quit({ park: () => parking, end, logger: silentLogger });
      quit.beforeQuit(event);
      quit.beforeQuit(event);
      expect(quit.quitting).toBe(true);
    });
    expect(prevented).toBe(2);
    parked();
    await ended;
  });

  test('ends also where parking failed', async () => {
    const preventDefault = (): void => undefined;
    await new Promise<void>((end) => {
      const park = (): Promise<void> => Promise.reject(new Error('gone'));
      new Quit({ park, end, logger: silentLogger }).beforeQuit({ preventDefault });
    });
  });
});

test('updates are off from source, and where the package names no place for them', async () => {
  const options = {
    resources: tmpdir(),
    timers: new ManualTimers(),
    logger: silentLogger,
    onReady: () => undefined,
  };
  expect(await new Updates({ ...options, packaged: false }).check()).toBe('off');
  expect(await new Updates({ ...options, packaged: true }).check()).toBe('off');
});

test('diagnostics hold versions, states and logs, and no secret', async () => {
  const text = await collectDiagnostics({
    version: '1.2.3',
    packaged: false,
    platform: 'linux x64',
    systemVersion: '6.1',
    versions: { electron: '45.4.1', chrome: '156', node: '24' },
    languages: ['ko-KR'],
    summary: 'All backed up',
    engine: () => Promise.resolve('destination https://me:hunter22@host/ with hunter22'),
    log: '/nowhere',
    redact: createRedactor(['hunter22']),
  });
  expect(text).toContain('Cloudroll 1.2.3 (from source)');
  expect(text).toContain('Electron 45.4.1');
  expect(text).toContain('There is none.');
  expect(text).not.toContain('hunter22');
});

describe('texts', () => {
  test('are there in both languages, each in its own', () => {
    const fixed = (texts: object): [string, string][] =>
      Object.entries(texts).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      );
    expect(fixed(korean).map(([name]) => name)).toEqual(fixed(english).map(([name]) => name));
    for (const [, text] of fixed(english)) expect(text).toMatch(/^[\x20-\x7e…]+$/u);
    for (const [, text] of fixed(korean)) expect(text).toMatch(/\p{Script=Hangul}/u);
  });

  test.each([
    ['system', ['ko-KR', 'en-US'], 'ko'],
    ['system', ['fr-FR', 'en-GB', 'ko-KR'], 'en'],
    ['system', ['fr-FR'], 'en'],
    ['system', [], 'en'],
    ['ko', ['en-US'], 'ko'],
    ['en', ['ko-KR'], 'en'],
  ] as const)('%s with %j is %s', (setting, preferred, language) => {
    expect(languageFor(setting, preferred)).toBe(language);
  });
});
