import { describe, expect, it } from 'vitest';

import { Unchanged } from '../../support/simulation/unchanged.ts';

describe('checks that are made only where something has changed', () => {
  it('are made again with every change of what they look at', () => {
    const unchanged = new Unchanged();
    const made: string[] = [];
    const check = (name: string, versions: readonly unknown[]): void => {
      unchanged.unless(name, versions, () => made.push(`${name} ${versions.join(' ')}`));
    };
    check('journals', [1, 7]);
    check('journals', [1, 7]);
    check('absence', [1, 7]);
    check('journals', [1, 8]);
    check('journals', [2, 8]);
    check('journals', [1, 7]);
    expect(made).toEqual([
      'journals 1 7',
      'absence 1 7',
      'journals 1 8',
      'journals 2 8',
      'journals 1 7',
    ]);
  });

  it('are made until they pass', () => {
    const unchanged = new Unchanged();
    const broken = (): void => {
      throw new Error('broken');
    };
    for (let time = 0; time < 2; time += 1) {
      expect(() => {
        unchanged.unless('journals', [1], broken);
      }).toThrow('broken');
    }
  });
});
