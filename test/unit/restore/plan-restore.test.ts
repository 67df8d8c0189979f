import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRestore } from '../../../electron/engine/restore/plan-restore.ts';
import type {
  RestorableAsset,
  RestorableLocation,
} from '../../../electron/engine/restore/plan-restore.ts';
import type { NamePlatform } from '../../../electron/engine/restore/local-name.ts';
import { sha256 } from '../../support/journal/entries.ts';

function location(path: string, changes: Partial<RestorableLocation> = {}): RestorableLocation {
  return {
    device: 'laptop',
    deviceName: 'Laptop',
    root: 'r1',
    rootName: 'Pictures',
    path,
    modifiedMs: 1,
    present: true,
    at: '000000000000001-000000-laptop',
    ...changes,
  };
}

function asset(content: string, ...locations: RestorableLocation[]): RestorableAsset {
  return { hash: sha256(content), bytes: 1, keys: [`2024/05/${content}-x.jpg`], locations };
}

/** Every folder that a path leads through. */
function foldersAbove(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

const desk = { device: 'desk', deviceName: 'Desk', root: 'r2' };
const later = '000000000000009-000000-desk';
const short = (content: string) => sha256(content).slice(0, 8);

function paths(
  assets: readonly RestorableAsset[],
  platform: NamePlatform = 'linux',
): Record<string, string[]> {
  const items = [...planRestore(assets, { platform })];
  const byContent: Record<string, string[]> = {};
  for (const { keys, targets } of items) {
    const [content = ''] = (keys[0] ?? '').slice(8).split('-');
    byContent[content] = targets.map((target) => target.path).sort();
  }
  return byContent;
}

describe('planRestore', () => {
  it('restores folder and path, at every place', () => {
    expect(
      paths([
        asset('a', location('2024/a.jpg'), location('copy of a.jpg')),
        asset('b', location('b.jpg', { rootName: 'Camera', root: 'r3' })),
      ]),
    ).toEqual({ a: ['Pictures/2024/a.jpg', 'Pictures/copy of a.jpg'], b: ['Camera/b.jpg'] });
  });

  it('makes one file of the same content at the same path of two devices', () => {
    expect(paths([asset('a', location('a.jpg'), location('a.jpg', desk))])).toEqual({
      a: ['Pictures/a.jpg'],
    });
  });

  it('tells different contents at one path apart: the latest keeps the name', () => {
    const assets = [
      asset('a', location('x/a.jpg')),
      asset('b', location('x/a.jpg', { ...desk, at: later })),
    ];
    const expected = { a: ['Pictures/x/a (Laptop).jpg'], b: ['Pictures/x/a.jpg'] };
    expect(paths(assets)).toEqual(expected);
    expect(paths(assets.toReversed())).toEqual(expected);
  });

  it('takes digits of the hash where the device does not tell them apart', () => {
    expect(
      paths([
        asset('a', location('a.jpg', { root: 'r9' })),
        asset('b', location('a.jpg', { at: later })),
      ]),
    ).toEqual({ a: [`Pictures/a (${short('a')}).jpg`], b: ['Pictures/a.jpg'] });
  });

  it('brings older versions and deleted files back without taking a name from a present one', () => {
    const gone = { present: false, at: later };
    expect(
      paths([
        asset('old', location('a.jpg', gone)),
        asset('new', location('a.jpg')),
        asset('deleted', location('b.jpg', gone), location('c.jpg', { present: false })),
        asset('moved', location('d.jpg', gone), location('e.jpg')),
      ]),
    ).toEqual({
      old: [`Pictures/a (${short('old')}).jpg`],
      new: ['Pictures/a.jpg'],
      deleted: ['Pictures/b.jpg'],
      moved: ['Pictures/e.jpg'],
    });
  });

  it('never takes the name of another original for a moved one', () => {
    expect(
      paths([
        asset('a', location('a.jpg')),
        asset('b', location('a.jpg', { ...desk, at: later })),
        asset('c', location('a (Laptop).jpg')),
      ]),
    ).toEqual({
      a: [`Pictures/a (${short('a')}).jpg`],
      b: ['Pictures/a.jpg'],
      c: ['Pictures/a (Laptop).jpg'],
    });
  });

  it('gives way to a folder of the same name', () => {
    expect(paths([asset('a', location('x')), asset('b', location('x/b.jpg', desk))])).toEqual({
      a: ['Pictures/x (Laptop)'],
      b: ['Pictures/x/b.jpg'],
    });
  });

  it('recovers what has no path by its key', () => {
    expect(paths([asset('a')])).toEqual({ a: ['Recovered/2024/05/a-x.jpg'] });
  });

  it.each<[NamePlatform, string, string]>([
    ['linux', '../../etc/passwd', 'Pictures/%2E%2E/%2E%2E/etc/passwd'],
    ['linux', '/etc/passwd', 'Pictures/etc/passwd'],
    ['linux', 'a/./b\0c', 'Pictures/a/%2E/b%00c'],
    ['linux', '/', 'Pictures/unnamed'],
    ['linux', 'C:\\x "y"?.jpg', 'Pictures/C:\\x "y"?.jpg'],
    ['linux', 'raw\uefff.jpg', 'Pictures/raw\uefff.jpg'],
    ['linux', 'half\ud800.jpg', 'Pictures/half%ED%A0%80.jpg'],
    ['darwin', 'raw\uefff.jpg', 'Pictures/raw%EE%BF%BF.jpg'],
    ['darwin', 'a:b.jpg', 'Pictures/a:b.jpg'],
    ['win32', 'C:\\x/..\\y.jpg', 'Pictures/C%3A%5Cx/%2E.%5Cy.jpg'],
    ['win32', 'aux.jpg', 'Pictures/%61ux.jpg'],
    ['win32', 'trip. /a.jpg', 'Pictures/trip.%20/a.jpg'],
    ['win32', '100% 사진.jpg', 'Pictures/100% 사진.jpg'],
  ])('on %s keeps %j inside as %j', (platform, path, expected) => {
    expect(paths([asset('a', location(path))], platform)).toEqual({ a: [expected] });
  });

  it('keeps a hostile folder or device name inside as well', () => {
    const hostile = { rootName: '../..', deviceName: '../../x' };
    expect(
      paths([
        asset('a', location('a.jpg', hostile)),
        asset('b', location('a.jpg', { ...desk, at: later, rootName: '../..' })),
      ]),
    ).toEqual({ a: ['%2E.%2F.%2E/a (%2E.%2F..%2Fx).jpg'], b: ['%2E.%2F.%2E/a.jpg'] });
  });

  it('sees names that differ in case or form as one where the system does', () => {
    const assets = [
      asset('a', location('각.JPG')),
      asset('b', location('각.jpg'.normalize('NFD'), { ...desk, at: later })),
    ];
    expect(paths(assets, 'linux')).toEqual({
      a: ['Pictures/각.JPG'],
      b: [`Pictures/${'각'.normalize('NFD')}.jpg`],
    });
    expect(paths(assets, 'darwin')).toMatchObject({ a: ['Pictures/각 (Laptop).JPG'] });
  });

  it('loses no content, gives no path twice and never leaves the folder, whatever the journals say', () => {
    const part = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          'a',
          'A',
          'b',
          '..',
          '.',
          '',
          'a (Laptop)',
          'C:',
          'x\0',
          'con',
          'n. ',
          '\ud800',
        ),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
    );
    const path = fc.array(part, { maxLength: 4 }).map((parts) => parts.join('/'));
    const place = fc.record({
      device: fc.constantFrom('laptop', 'desk'),
      deviceName: fc.constantFrom('Laptop', 'Desk', '', '../x', 'é'.repeat(300)),
      root: fc.constantFrom('r1', 'r2'),
      rootName: fc.oneof(fc.constantFrom('Pictures', 'pictures', 'Recovered'), part),
      path,
      modifiedMs: fc.nat(),
      present: fc.boolean(),
      at: fc.constantFrom('1', '2', '3'),
    });
    const assets = fc
      .array(fc.array(place, { maxLength: 4 }), { maxLength: 12 })
      .map((all) => all.map((places, index) => asset(String(index), ...places)));
    const platform = fc.constantFrom<NamePlatform>('linux', 'darwin', 'win32');
    fc.assert(
      fc.property(assets, platform, (all, on) => {
        const items = [...planRestore(all, { platform: on })];
        expect(items.map(({ hash }) => hash)).toEqual(all.map(({ hash }) => hash));
        const files = items.flatMap(({ targets }) => targets.map((target) => target.path));
        const folded = files.map((file) =>
          on === 'linux' ? file : file.normalize('NFC').toLowerCase(),
        );
        expect(new Set(folded).size).toBe(files.length);
        expect(items.filter(({ targets }) => targets.length === 0)).toEqual([]);
        expect(files.filter((file) => !file.includes('/'))).toEqual([]);
        const unsafe = on === 'win32' ? /[<>:"\\|?*]|[. ]$/ : /^$/;
        const names = new Set(files.flatMap((file) => file.split('/')));
        for (const name of names) {
          if (/^(?:\.{0,2})$|\0/.test(name) || unsafe.test(name) || name.length > 255) {
            expect.unreachable(`${JSON.stringify(name)} is no name on ${on}`);
          }
        }
        const folders = new Set(folded.flatMap(foldersAbove));
        expect(folded.filter((file) => folders.has(file))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
