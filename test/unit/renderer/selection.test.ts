import { describe, expect, it } from 'vitest';

import { between, change, MOST, NOTHING, toggle } from '../../../renderer/timeline/selection.ts';

describe('a selection', () => {
  it('takes a photo in and out again, and remembers where it was', () => {
    const one = toggle(NOTHING, 'a', 4);
    expect([...one.ids]).toEqual(['a']);
    expect(one.anchor).toBe(4);
    expect([...toggle(one, 'a', 4).ids]).toEqual([]);
  });

  it('takes in many, keeping those that were there', () => {
    const some = change(toggle(NOTHING, 'a', 0), ['b', 'c'], true);
    expect([...some.ids]).toEqual(['a', 'b', 'c']);
    expect([...change(some, ['a', 'b'], false).ids]).toEqual(['c']);
    expect(some.anchor).toBe(0);
  });

  it('never holds more than the engine takes at once', () => {
    const ids = Array.from({ length: MOST + 50 }, (_, index) => String(index));
    const full = change(NOTHING, ids, true);
    expect(full.ids.size).toBe(MOST);
    expect(toggle(full, 'one more', 0).ids.size).toBe(MOST);
  });

  it('does not change the one before', () => {
    const before = toggle(NOTHING, 'a', 0);
    change(before, ['b'], true);
    expect([...before.ids]).toEqual(['a']);
  });

  it('spans both ways', () => {
    expect(between(7, 3)).toEqual([3, 7]);
    expect(between(3, 7)).toEqual([3, 7]);
  });
});
