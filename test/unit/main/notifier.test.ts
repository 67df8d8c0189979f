import { describe, expect, test } from 'vitest';

import type { EngineView } from '../../../electron/main/engine/engine.ts';
import { Notifier, type Note } from '../../../electron/main/notifications/notifier.ts';
import { textsFor } from '../../../electron/main/text/texts.ts';
import { ManualTimers } from '../../support/main/manual-timers.ts';
import { destination, idleStatus, settings } from '../../support/main/statuses.ts';

function setUp() {
  const shown: Note[] = [];
  const timers = new ManualTimers();
  const notifier = new Notifier({
    show: (note) => shown.push(note),
    texts: () => textsFor('en', []),
    timers,
  });
  const view = (change: Partial<EngineView> = {}): EngineView => ({
    process: { state: 'running' },
    status: idleStatus(),
    settings: settings(),
    recent: [],
    ...change,
  });
  notifier.follow(view());
  return { shown, timers, notifier, view };
}

describe('that photos are backed up', () => {
  test('is told once for what comes in quick succession', () => {
    const { shown, timers, notifier } = setUp();
    notifier.finished(3);
    timers.pass(2000);
    notifier.finished(4);
    timers.pass(60_000);
    expect(shown).toEqual([
      {
        kind: 'finished',
        title: 'Your photos are backed up',
        body: '7 photos more are safe now.',
      },
    ]);
  });

  test('is not told where it is silenced, not true any more, or about nothing', () => {
    for (const change of [
      { settings: settings({ notifyFinished: false }) },
      { status: idleStatus({ activity: 'syncing', waiting: 2 }) },
    ]) {
      const { shown, timers, notifier, view } = setUp();
      notifier.finished(3);
      notifier.follow(view(change));
      timers.pass(60_000);
      expect(shown).toEqual([]);
    }
    const { shown, timers, notifier } = setUp();
    notifier.finished(0);
    timers.pass(60_000);
    expect(shown).toEqual([]);
  });
});

describe('what needs a person', () => {
  const broken = idleStatus({
    activity: 'attention',
    failed: 2,
    destinations: [destination({ name: 'NAS', health: 'full' })],
  });

  test('is told together, once', () => {
    const { shown, timers, notifier, view } = setUp();
    notifier.follow(view({ status: idleStatus({ activity: 'attention', failed: 2 }) }));
    notifier.follow(view({ status: broken }));
    timers.pass(60_000);
    notifier.follow(view({ status: { ...broken, failed: 3 } }));
    timers.pass(60_000);
    expect(shown).toEqual([
      {
        kind: 'attention',
        title: 'Cloudroll needs you',
        body: 'NAS is full\n2 photos could not be backed up',
      },
    ]);
  });

  test('is not told when it passed meanwhile, was there at the start, or is silenced', () => {
    const passed = setUp();
    passed.notifier.follow(passed.view({ status: broken }));
    passed.notifier.follow(passed.view());
    passed.timers.pass(60_000);
    expect(passed.shown).toEqual([]);

    const silenced = setUp();
    const quiet = settings({ notifyProblems: false });
    silenced.notifier.follow(silenced.view({ status: broken, settings: quiet }));
    silenced.timers.pass(60_000);
    expect(silenced.shown).toEqual([]);

    const { shown, timers, view } = setUp();
    const other = new Notifier({
      show: (note) => shown.push(note),
      texts: () => textsFor('en', []),
      timers,
    });
    other.follow(view({ status: null }));
    other.follow(view({ status: broken }));
    timers.pass(60_000);
    expect(shown).toEqual([]);
  });

  test('is told again when it comes back', () => {
    const { shown, timers, notifier, view } = setUp();
    for (const status of [broken, idleStatus(), broken]) {
      notifier.follow(view({ status }));
      timers.pass(60_000);
    }
    expect(shown).toHaveLength(2);
  });
});
