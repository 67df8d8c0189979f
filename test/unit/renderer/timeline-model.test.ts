import { describe, expect, it } from 'vitest';

import type { DayCount } from '../../../shared/contract/app/timeline.ts';
import { fail } from '../../../shared/domain/failure.ts';
import { metricsFor } from '../../../renderer/timeline/metrics.ts';
import { TimelineModel } from '../../../renderer/timeline/timeline-model.ts';
import { FakeLibrary } from '../../support/app/fake-library.ts';
import { fakeTimeline } from '../../support/app/fake-timeline.ts';

interface Table {
  readonly model: TimelineModel;
  readonly days: readonly DayCount[];
  readonly asked: string[];
}

function table(photos: number, failing = { now: false }): Table {
  const library = new FakeLibrary(photos);
  const handlers = fakeTimeline(library);
  const asked: string[] = [];
  const model = new TimelineModel(
    async (page, signal) => {
      asked.push(`${page.newest} ${String(page.offset)}`);
      if (failing.now) throw fail('unreadable', 'The catalogue cannot be read.');
      return handlers['timeline.range']({ filter: {}, ...page }, signal);
    },
    metricsFor(1400, 16),
  );
  model.resize(metricsFor(1400, 16), 900);
  model.setDays(library.days);
  return { model, days: library.days, asked };
}

/** Answers of the library come in microtasks. */
async function answers(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Distance of a photo from the top of the viewport. */
function seenAt(model: TimelineModel, index: number): number {
  return (model.placeOf(index)?.top ?? Number.NaN) - model.top;
}

describe('the timeline', () => {
  it('asks for little of a million photos', async () => {
    const { model, asked } = table(1_000_000);
    await answers();
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.length).toBeLessThan(6);
    expect(model.photo(0)?.id).toBe('0');
    expect(model.total).toBe(1_000_000);
  });

  it('keeps what is seen in place while heights above become known', async () => {
    const { model } = table(20_000);
    await answers();
    model.jump(300_000);
    await answers();
    const { layout, first, end } = model.state();
    const at = layout.sectionAt(model.top);
    const index = layout.cut.sections[at]?.start ?? 0;
    expect(end).toBeGreaterThan(first);
    const before = seenAt(model, index);
    for (let step = 0; step < 40; step++) {
      const position =
        model.top - model.state().layout.topOf(model.state().first) + model.state().layerTop;
      expect(Number.isFinite(position)).toBe(true);
      model.outdate(null);
      await answers();
    }
    expect(seenAt(model, index)).toBe(before);
  });

  it('keeps the day at the top when newer photos come in', async () => {
    const { model, days } = table(5000);
    await answers();
    model.jump(60_000);
    await answers();
    const at = model.state().layout.sectionAt(model.top);
    const day = model.state().layout.cut.sections[at]?.day;
    const within = model.top - model.state().layout.topOf(at);
    model.setDays([{ day: '2026-11-23', count: 321 }, ...days]);
    await answers();
    const now = model.state().layout.sectionAt(model.top);
    expect(model.state().layout.cut.sections[now]?.day).toBe(day);
    expect(model.top - model.state().layout.topOf(now)).toBe(within);
  });

  it('stays at the newest photos when it stood there', async () => {
    const { model, days } = table(500);
    await answers();
    model.setDays([{ day: '2026-11-23', count: 5 }, ...days]);
    expect(model.top).toBe(0);
  });

  it('finds the photo above and below by what is seen', async () => {
    const { model } = table(3000);
    await answers();
    const below = model.inNextRow(0, 1);
    expect(below).toBeGreaterThan(0);
    expect(model.inNextRow(below, -1)).toBe(0);
    expect(model.inNextRow(0, -1)).toBe(0);
  });

  it('reveals a photo far away and loads it', async () => {
    const { model } = table(1_000_000);
    await answers();
    model.reveal(999_999);
    await answers();
    expect(model.photo(999_999)?.id).toBe((999_999).toString(36));
    const place = model.placeOf(999_999);
    expect(place).not.toBeNull();
    expect((place?.top ?? 0) + (place?.height ?? 0)).toBeLessThanOrEqual(model.top + 900 + 40);
  });

  it('gives the ids of a range, loaded or not', async () => {
    const { model } = table(4000);
    await answers();
    const ids = await model.idsBetween(100, 1300, new AbortController().signal);
    expect(ids).toHaveLength(1201);
    expect(ids[0]).toBe((100).toString(36));
    expect(ids.at(-1)).toBe((1300).toString(36));
  });

  it('says that photos could not be loaded, does not ask on and on, and recovers', async () => {
    const failing = { now: true };
    const { model, asked } = table(2000, failing);
    await answers();
    expect(model.state().error).toMatchObject({ failure: { code: 'unreadable' } });
    const before = asked.length;
    model.scrolled(50);
    await answers();
    expect(asked.length).toBe(before);
    failing.now = false;
    model.retry();
    await answers();
    expect(model.state().error).toBeNull();
    expect(model.photo(0)).not.toBeNull();
  });

  it('loads nothing while it flies by, and all once it rests', async () => {
    const { model, asked } = table(100_000);
    await answers();
    const before = asked.length;
    for (let step = 1; step <= 20; step++) model.scrolled(step * 2000);
    await answers();
    expect(model.state().fast).toBe(true);
    expect(asked.length).toBe(before);
    model.settled();
    await answers();
    expect(asked.length).toBeGreaterThan(before);
  });

  it('keeps photos on show while newer ones are asked for', async () => {
    const { model } = table(2000);
    await answers();
    model.outdate(null);
    expect(model.photo(0)).not.toBeNull();
  });
});
