import { describe, expect, it } from 'vitest';

import { joinItems, slideOf } from '../../../renderer/lightbox/slides.ts';
import { FakeLibrary } from '../../support/app/fake-library.ts';

const library = new FakeLibrary(100);
const items = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, step) => library.item(from + step));
const host = { pictureUrl: (id: string, size: string) => `/${id}/${size}` };

describe('the photos around one', () => {
  it('are joined in order without any twice', () => {
    const joined = joinItems(items(10, 30), items(25, 50));
    expect(joined.map(({ id }) => id)).toEqual(items(10, 50).map(({ id }) => id));
    const before = joinItems(items(20, 40), items(5, 25));
    expect(before.map(({ id }) => id)).toEqual(items(5, 40).map(({ id }) => id));
  });

  it('start anew where they do not touch', () => {
    expect(joinItems(items(0, 5), items(50, 60))).toEqual(items(50, 60));
  });
});

describe('a slide', () => {
  it('offers sharper pictures up to the original, where a browser shows it', () => {
    const photo = {
      ...library.item(0),
      kind: 'photo' as const,
      name: 'a.JPG',
      width: 6000,
      height: 4000,
    };
    expect(slideOf(photo, 'A', host).srcSet).toEqual([
      { src: '/0/grid', width: 320, height: 213 },
      { src: '/0/preview', width: 1920, height: 1280 },
      { src: '/0/original', width: 6000, height: 4000 },
    ]);
    const raw = { ...photo, kind: 'raw' as const, name: 'a.NEF' };
    expect(slideOf(raw, 'A', host).srcSet).toHaveLength(2);
    expect(slideOf({ ...photo, name: 'a.heic' }, 'A', host).srcSet).toHaveLength(2);
  });

  it('does without sizes that are not known', () => {
    const slide = slideOf({ ...library.item(0), width: null, height: null }, 'A', host);
    expect(slide).toMatchObject({ src: '/0/preview', alt: 'A' });
    expect(slide.srcSet).toBeUndefined();
  });
});
