import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CliResult } from '../support/cli/run-cli.ts';
import { hashesBelow, jpeg } from '../support/cli/workspace.ts';
import { freshPlace, kindsOfPlaces, putFile, runWithKeys } from '../support/e2e/places.ts';

const shared = 9;
const own = 3;

let scratch = '';
beforeAll(async () => {
  scratch = await mkdtemp(join(await realpath(tmpdir()), 'cloudroll-two-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

interface Computer {
  readonly name: string;
  readonly folder: string;
  readonly data: string;
}

/** The photos that both have stand under a name of its own on each. */
async function makeComputer(root: string, name: string, firstOwn: number): Promise<Computer> {
  const folder = join(root, name, 'Pictures');
  const seeds = Array.from({ length: shared + own }, (_, index) =>
    index < shared ? index : firstOwn + index,
  );
  for (const seed of seeds) await putFile(join(folder, `${name} ${seed}.jpg`), await jpeg(seed));
  return { name, folder, data: join(root, name, 'data') };
}

test.each(kindsOfPlaces())(
  'two computers at one %s destination keep one object of each photo and one timeline',
  async (kind) => {
    const root = await mkdtemp(join(scratch, `${kind}-`));
    const place = await freshPlace(kind, root);
    const first = await makeComputer(root, 'desktop', 20);
    const second = await makeComputer(root, 'laptop', 40);
    const sync = ({ name, folder, data }: Computer): Promise<CliResult> =>
      runWithKeys(
        ...['sync', folder, '--to', place.url, '--data', data],
        ...['--device-name', name, '--no-previews'],
      );
    const syncBoth = (): Promise<CliResult[]> => Promise.all([sync(first), sync(second)]);
    const everything = { photos: shared + own, alreadyBackedUp: shared + own, uploaded: 0 };

    for (const { status, stdout, stderr } of await syncBoth()) {
      expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: '' });
    }
    // The one that ended first has not seen what the other did after it.
    for (const { status, last } of await syncBoth()) {
      expect(status).toBe(0);
      expect(last()).toMatchObject(everything);
    }
    const contents = new Set([
      ...(await hashesBelow(first.folder)).values(),
      ...(await hashesBelow(second.folder)).values(),
    ]);
    expect(contents.size).toBe(shared + 2 * own);
    expect([...(await place.objects()).values()].toSorted()).toEqual([...contents].toSorted());
    expect(await timelineOf(first)).toEqual(contents);
    expect(await timelineOf(second)).toEqual(contents);

    await rm(first.data, { recursive: true });
    const rebuilt = await sync(first);
    expect(rebuilt.status).toBe(0);
    expect(rebuilt.last()).toMatchObject(everything);
    expect(await timelineOf(first)).toEqual(contents);
    expect((await place.objects()).size).toBe(contents.size);
  },
);

async function timelineOf({ data }: Computer): Promise<Set<unknown>> {
  const { json } = await runWithKeys('list', '--data', data);
  return new Set(json().flatMap(({ event, hash }) => (event === undefined ? [hash] : [])));
}
