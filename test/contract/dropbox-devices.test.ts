import { afterAll, expect, onTestFinished, test } from 'vitest';

import type { Destination } from '../../electron/engine/destinations/contract.ts';
import { temporaryDirectory } from '../support/catalog/temporary-directory.ts';
import { decorated } from '../support/destinations/open-destination.ts';
import { openDropbox } from '../support/destinations/open-dropbox.ts';
import { startDropbox } from '../support/doubles/dropbox.ts';
import { TestDevice } from '../support/transfer/test-device.ts';

const double = await startDropbox();
afterAll(() => double.close());

async function open(folder: string): Promise<Destination> {
  const destination = decorated(await openDropbox(double, folder));
  onTestFinished(() => destination.close());
  return destination;
}

/** Photos below a folder, as Dropbox shows them. */
function photosIn(folder: string): readonly string[] {
  const own = double.account.tree.files.filter((path) => path.startsWith(`/${folder}/`));
  return own.filter((path) => !path.includes('/.cloudroll/'));
}

test('two computers whose names of one photo differ in case keep one file, and both know it', async () => {
  const one = new TestDevice(await temporaryDirectory(), 'aa');
  const two = new TestDevice(await temporaryDirectory(), 'bb');
  await one.addPhoto('photo.jpg', 'sea');
  const again = await two.addPhoto('PHOTO.JPG', 'sea');
  const [first, second] = [await open('Case'), await open('Case')];
  expect(await one.sync(first)).toMatchObject({ results: ['uploaded'], stopped: null });

  // The second one sends before it has read what the first one did.
  double.seen.length = 0;
  const outcome = await two.deliver(again, second);
  expect(outcome).toMatchObject({ result: 'alreadyBackedUp' });
  expect(outcome).toMatchObject({ key: expect.stringContaining('/photo-') as string });
  expect(double.seen.filter(({ route }) => route === 'files/download')).toEqual([]);

  for (const [device, destination] of [
    [two, second],
    [one, first],
    [two, second],
  ] as const) {
    expect(await device.sync(destination)).toMatchObject({ stopped: null, notices: [] });
    expect(photosIn('Case')).toEqual([expect.stringContaining('/photo-')]);
  }
});

test('two photos whose names differ in case only are both kept', async () => {
  const one = new TestDevice(await temporaryDirectory(), 'cc');
  const two = new TestDevice(await temporaryDirectory(), 'dd');
  await one.addPhoto('IMG_1.jpg', 'sea');
  await two.addPhoto('img_1.jpg', 'land');
  const destination = await open('Both');
  expect((await one.sync(destination)).results).toEqual(['uploaded']);
  expect((await two.sync(destination)).results).toEqual(['uploaded']);
  expect(photosIn('Both')).toHaveLength(2);
});

test('a computer that was signed out keeps what waits, and goes on after the next sign-in', async () => {
  const device = new TestDevice(await temporaryDirectory(), 'ee');
  const destination = await open('Signed out');
  await device.addPhoto('a.jpg', 'sea');
  await device.sync(destination);
  await device.addPhoto('b.jpg', 'land');
  double.account.signIn.revokeAll();
  expect((await device.sync(destination)).stopped).toMatchObject({ code: 'auth' });
  expect((await device.sync(await open('Signed out'))).results).toEqual(['uploaded']);
  expect(photosIn('Signed out')).toHaveLength(2);
});
