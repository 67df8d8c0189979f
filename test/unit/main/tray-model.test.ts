import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { EngineState } from '../../../electron/main/engine/engine-process.ts';
import type { MenuItem } from '../../../electron/main/menus/menu-item.ts';
import { textsFor } from '../../../electron/main/text/texts.ts';
import {
  attentionCount,
  tooltipOf,
  trayIcons,
  trayModel,
  type TrayFacts,
} from '../../../electron/main/tray/tray-model.ts';
import { anyStatus, destination, idleStatus } from '../../support/main/statuses.ts';

const anyEngine: fc.Arbitrary<EngineState> = fc.oneof(
  fc.constant<EngineState>({ state: 'starting' }),
  fc.constant<EngineState>({ state: 'running' }),
  fc.constant<EngineState>({ state: 'stopping' }),
  fc.constant<EngineState>({ state: 'stopped' }),
  fc.constantFrom('bug', 'busy').map((code): EngineState => ({
    state: 'restarting',
    failure: { code: code === 'bug' ? 'bug' : 'busy', message: 'It stopped.' },
    atMs: 1,
  })),
);

const anyFacts: fc.Arbitrary<TrayFacts> = fc
  .record({
    engine: fc.oneof(
      { weight: 4, arbitrary: fc.constant<EngineState>({ state: 'running' }) },
      anyEngine,
    ),
    status: fc.option(anyStatus, { freq: 8 }),
    language: fc.constantFrom('ko', 'en'),
    recent: fc.array(
      fc.record({
        id: fc.string(),
        atMs: fc.integer({ min: 0, max: 4e12 }),
        kind: fc.constantFrom('backedUp', 'failed', 'verified', 'paused'),
        photos: fc.integer({ min: 0, max: 10_000 }),
        bytes: fc.constant(0),
        destination: fc.option(fc.constantFrom('0', 'gone')),
        failure: fc.constant(null),
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ language, ...facts }) => ({
    ...facts,
    texts: textsFor(language === 'ko' ? 'ko' : 'en', []),
    time: (ms: number) => new Date(ms).toISOString(),
  }));

function facts(change: Partial<TrayFacts> = {}): TrayFacts {
  return {
    engine: { state: 'running' },
    status: idleStatus(),
    recent: [],
    texts: textsFor('en', []),
    time: () => '14:32',
    ...change,
  };
}

function labels(items: readonly MenuItem[]): string[] {
  return items.flatMap((item) =>
    item.type === 'separator'
      ? []
      : [item.label, ...(item.type === 'submenu' ? labels(item.items) : [])],
  );
}

describe('the tray never lies', () => {
  test('"all backed up" only where nothing is left, nothing failed and the engine runs', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        if (trayModel(given).icon !== 'idle') return;
        const { engine, status } = given;
        expect(engine.state).toBe('running');
        expect(status).toMatchObject({ waiting: 0, unread: 0, failed: 0, scanned: true });
        expect(status?.activity).toBe('idle');
        expect(status?.questions).toEqual([]);
      }),
    );
  });

  test('an idle engine with work left is not shown as idle', () => {
    for (const left of [{ waiting: 1 }, { unread: 1 }, { scanned: false }]) {
      expect(trayModel(facts({ status: idleStatus(left) })).icon).toBe('scanning');
    }
    expect(trayModel(facts({ status: idleStatus({ failed: 1 }) })).icon).toBe('attention');
  });

  test('an engine that stopped is attention, whatever it said last', () => {
    fc.assert(
      fc.property(anyStatus, (status) => {
        const failure = { code: 'bug', message: 'x' } as const;
        const model = trayModel(
          facts({ status, engine: { state: 'restarting', failure, atMs: 0 } }),
        );
        expect(model.icon).toBe('attention');
        expect(model.summary).toContain('Nothing is lost');
      }),
    );
  });

  test('100 % is never said while it syncs', () => {
    fc.assert(
      fc.property(anyStatus, (status) => {
        const { summary } = trayModel(facts({ status: { ...status, activity: 'syncing' } }));
        expect(summary).not.toContain('(100');
      }),
    );
  });
});

describe('the tray shows', () => {
  test.each([
    ['idle', {}, 'All backed up: 12 photos'],
    ['scanning', { activity: 'scanning', unread: 5 }, 'Looking for photos… 17 found'],
    [
      'syncing-2',
      { activity: 'syncing', safe: 6, waiting: 6, progress: 0.5 },
      'Backing up: 6 of 12 photos (50 %)',
    ],
    ['syncing-0', { activity: 'syncing', progress: null }, 'Backing up: 12 of 12 photos'],
    ['paused', { activity: 'paused', waiting: 3 }, 'Paused, 3 photos waiting'],
    [
      'paused',
      { activity: 'paused', pause: { reason: 'person', untilMs: 5 } },
      'Paused until 14:32',
    ],
    [
      'paused',
      { activity: 'paused', pause: { reason: 'battery', untilMs: null } },
      'Paused on battery',
    ],
    ['offline', { activity: 'offline', waiting: 1 }, 'Offline, 1 photo waiting'],
    ['attention', { activity: 'setup' }, 'Choose what to back up, and where to'],
    ['attention', { activity: 'attention', failed: 2 }, '2 photos could not be backed up'],
  ] as const)('%s for %j', (icon, change, summary) => {
    expect(trayModel(facts({ status: idleStatus(change) }))).toMatchObject({ icon, summary });
  });

  test('before the engine has said anything: that it starts', () => {
    expect(trayModel(facts({ status: null, engine: { state: 'starting' } }))).toMatchObject({
      icon: 'scanning',
      summary: 'Starting…',
    });
  });

  test('Korean, where it is set', () => {
    const texts = textsFor('system', ['fr-FR', 'ko-KR', 'en-US']);
    expect(trayModel(facts({ texts })).summary).toBe('모두 백업됨: 사진 12장');
  });
});

describe('the menu', () => {
  test('always offers to open, upload, settings and quit', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const actions = trayModel(given).menu.flatMap((item) =>
          item.type === 'action' ? [item.action.do] : [],
        );
        expect(actions).toEqual(expect.arrayContaining(['open', 'upload', 'show', 'quit']));
      }),
    );
  });

  test('offers to resume exactly where a person paused, else to pause in three ways', () => {
    const paused = idleStatus({ activity: 'paused', pause: { reason: 'person', untilMs: null } });
    expect(labels(trayModel(facts({ status: paused })).menu)).toContain('Resume');
    const running = labels(trayModel(facts()).menu);
    expect(running).toEqual(
      expect.arrayContaining(['For 1 hour', 'Until tomorrow', 'Until I resume it']),
    );
    expect(running).not.toContain('Resume');
  });

  test('lists the last backups and what needs attention, ampersands kept', () => {
    const status = idleStatus({
      activity: 'attention',
      failed: 2,
      destinations: [destination({ health: 'signIn' })],
    });
    const recent = [
      { id: '1', atMs: 1, kind: 'verified', photos: 9, bytes: 0, destination: 'a', failure: null },
      { id: '2', atMs: 1, kind: 'backedUp', photos: 1, bytes: 0, destination: 'a', failure: null },
    ] as const;
    const shown = labels(trayModel(facts({ status, recent })).menu);
    expect(shown).toContain('1 photo to Drive && Co, 14:32');
    expect(shown).toContain('Drive && Co needs you to sign in again');
    expect(shown).toContain('2 photos could not be backed up');
    expect(attentionCount(status)).toBe(2);
  });
});

test('a tooltip fits into what Windows shows', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      expect(tooltipOf(trayModel(given)).length).toBeLessThanOrEqual(127);
    }),
  );
});

test('every icon is drawn for every platform', () => {
  const folder = new URL('../../../build/icons/tray/', import.meta.url);
  for (const icon of trayIcons) {
    for (const ending of ['.png', '@2x.png', 'Template.png', 'Template@2x.png', '.ico']) {
      expect(existsSync(fileURLToPath(new URL(`${icon}${ending}`, folder)))).toBe(true);
    }
  }
});
