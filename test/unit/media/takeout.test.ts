import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchTakeout, takeoutOwners } from '../../../shared/domain/takeout.ts';
import { parseTakeout } from '../../../shared/domain/takeout-facts.ts';

const matches = (...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(matchTakeout(names));

describe('matchTakeout', () => {
  it.each(['p.jpg.json', 'p.jpg.supplemental-metadata.json', 'p.jpg.suppl.json', 'p.jpg..json'])(
    'finds %s',
    (json) => {
      expect(matches('p.jpg', json)).toEqual({ 'p.jpg': json });
    },
  );

  it('finds the counter behind the suffix, and never mixes counters up', () => {
    const names = ['p.jpg', 'p(1).jpg', 'p.jpg.json', 'p.jpg(1).json'];
    expect(matches(...names)).toEqual({ 'p.jpg': 'p.jpg.json', 'p(1).jpg': 'p.jpg(1).json' });
    expect(matches('p(1).jpg', 'p.jpg.supplemental-metadata(1).json')).toEqual({
      'p(1).jpg': 'p.jpg.supplemental-metadata(1).json',
    });
    expect(matches('p(2).jpg', 'p.jpg.json')).toEqual({});
  });

  it('finds names cut at 46 characters', () => {
    const stem = 'a-photo-with-a-name-that-goes-on-and-on-and-on';
    const photo = `${stem}.jpg`;
    const json = `${`${photo}.supplemental-metadata`.slice(0, 46)}.json`;
    expect(matches(photo, json)).toEqual({ [photo]: json });
  });

  it.each(['p-edited.jpg', 'p-편집됨.jpg', 'p-편집됨.jpg'.normalize('NFD'), 'p-bearbeitet.jpg'])(
    'gives the edited copy %s its original’s JSON',
    (edited) => {
      expect(matches('p.jpg', edited, 'p.jpg.json')).toEqual({
        'p.jpg': 'p.jpg.json',
        [edited]: 'p.jpg.json',
      });
    },
  );

  it('gives the film of a Live Photo its still’s JSON, which travels with the still', () => {
    const names = ['IMG_1.HEIC', 'IMG_1.MP4', 'IMG_1.HEIC.json'];
    expect(matches(...names)['IMG_1.MP4']).toBe('IMG_1.HEIC.json');
    expect([...takeoutOwners(names)]).toEqual([['IMG_1.HEIC.json', 'IMG_1.HEIC']]);
  });

  it('skips an album’s metadata', () => {
    expect(matches('metadata.jpg', 'metadata.json')).toEqual({});
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (names) => {
        const all = names.flatMap((name) => [`${name}.jpg`, `${name}.json`, name]);
        for (const [photo, json] of matchTakeout(all))
          expect(all).toEqual(expect.arrayContaining([photo, json]));
      }),
    );
  });
});

describe('parseTakeout', () => {
  it('reads time, place and description', () => {
    const facts = parseTakeout(
      JSON.stringify({
        title: 'p.jpg',
        description: 'At the sea',
        photoTakenTime: { timestamp: '1715914800', formatted: '…' },
        geoData: { latitude: 37.5, longitude: 127, altitude: 1 },
      }),
    );
    expect(facts).toEqual({
      takenMs: 1_715_914_800_000,
      latitude: 37.5,
      longitude: 127,
      description: 'At the sea',
    });
  });

  it('takes 0, 0 for no place', () => {
    const facts = parseTakeout(
      '{"title":"p","photoTakenTime":{"timestamp":"1"},"geoData":{"latitude":0,"longitude":0}}',
    );
    expect(facts).toMatchObject({ latitude: null, longitude: null });
  });

  it.each(['', '{', 'null', '[]', '{"title":"Album"}', '{"name":"package"}'])(
    'refuses %j',
    (content) => {
      expect(parseTakeout(content)).toBeNull();
    },
  );

  it('never throws', () => {
    fc.assert(fc.property(fc.json(), (content) => parseTakeout(content) === null));
  });
});
