import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { applyPatch } from '../../simulation/plant.ts';
import { plantedBugs } from '../../simulation/planted.ts';

describe('planted bugs', () => {
  it('have names of their own', () => {
    expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
  });

  it.each(plantedBugs)('$name finds its place in $file', (bug) => {
    const source = readFileSync(new URL(`../../../${bug.file}`, import.meta.url), 'utf8');
    expect(applyPatch(bug, source)).not.toBe(source);
  });

  it('refuse a place that is not there exactly once', () => {
    const bug = { name: 'x', file: 'y', find: 'a', replace: 'b', why: '' };
    expect(() => applyPatch(bug, 'a a')).toThrow('occurs 2 times');
    expect(() => applyPatch(bug, 'c')).toThrow('occurs 0 times');
  });
});
