import { describe, expect, it } from 'vitest';

import { timelineFilterSchema } from '../../../shared/contract/app/timeline.ts';
import { EMPTY_SEARCH, filterOf } from '../../../renderer/search/search-filter.ts';

describe('a search', () => {
  it('asks for nothing while nothing is filled in', () => {
    expect(filterOf(EMPTY_SEARCH)).toEqual({});
    expect(filterOf({ ...EMPTY_SEARCH, text: '   ' })).toEqual({});
  });

  it('becomes a filter that the engine takes', () => {
    const filter = filterOf({
      text: ' lisbon ',
      from: '2024-01-01',
      to: '2024-12-31',
      kind: 'raw',
      state: 'failed',
      rating: '3',
      camera: 'X-T5',
      album: 'a1',
      placed: true,
      duplicates: true,
    });
    expect(filter).toEqual({
      text: 'lisbon',
      from: '2024-01-01',
      to: '2024-12-31',
      kinds: ['raw'],
      state: 'failed',
      rating: 3,
      camera: 'X-T5',
      album: 'a1',
      placed: true,
      duplicates: true,
    });
    expect(timelineFilterSchema.parse(filter)).toEqual(filter);
  });

  it('takes days in either order, and only whole ones', () => {
    expect(filterOf({ ...EMPTY_SEARCH, from: '2024-12-31', to: '2024-01-01' })).toEqual({
      from: '2024-01-01',
      to: '2024-12-31',
    });
    expect(filterOf({ ...EMPTY_SEARCH, from: '12024-12-31' })).toEqual({});
  });

  it('never asks with more text than the engine takes', () => {
    const filter = filterOf({ ...EMPTY_SEARCH, text: 'x'.repeat(1000) });
    expect(timelineFilterSchema.safeParse(filter).success).toBe(true);
  });
});
