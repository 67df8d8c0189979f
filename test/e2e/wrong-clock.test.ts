import { mkdir, mkdtemp, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { CliResult } from '../support/cli/run-cli.ts';
import { hashesBelow, jpeg } from '../support/cli/workspace.ts';
import { freshPlace, kindsOfPlaces, putFile, runWithKeysIn } from '../support/e2e/places.ts';

const yearMs = 366 * 86_400_000;
const preload = new URL('../support/cli/shifted-clock.ts', import.meta.url).href;

let scratch = '';
beforeAll(async () => {
  scratch = await mkdtemp(join(await realpath(tmpdir()), 'cloudroll-clock-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

/** Runs a command on a computer whose clock is wrong by so much. */
function runAt(shiftMs: number, ...args: string[]): Promise<CliResult> {
  const environment = {
    NODE_OPTIONS: `--import=${preload}`,
    CLOUDROLL_TEST_CLOCK_SHIFT_MS: String(shiftMs),
  };
  return runWithKeysIn(environment, ...args);
}

/*
 * With clocks a year ahead and a year behind, and one that is put right in between: every photo is backed up
 * once and proven, both computers show one timeline with the true capture times, what was said later counts
 * although its clock is earlier, and everything comes back as it was.
 */
test.each(kindsOfPlaces())('a clock a year off does no harm to a backup at %s', async (kind) => {
  const root = await mkdtemp(join(scratch, `${kind}-`));
  const place = await freshPlace(kind, root);
  const folders = { ahead: join(root, 'ahead'), behind: join(root, 'behind') };
  const sync = (name: 'ahead' | 'behind', shiftMs: number): Promise<CliResult> =>
    runAt(
      shiftMs,
      ...['sync', folders[name], '--to', place.url, '--data', join(root, `${name}-data`)],
      ...['--device-name', name, '--no-previews'],
    );
  for (const seed of [1, 2, 3]) {
    await putFile(join(folders.ahead, `a${String(seed)}.jpg`), await jpeg(seed));
    await putFile(join(folders.behind, `b${String(seed)}.jpg`), await jpeg(seed + 1));
  }

  const first = await sync('ahead', yearMs);
  expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 0, stderr: '' });
  expect(first.last()).toMatchObject({ photos: 3, uploaded: 3 });
  const second = await sync('behind', -yearMs);
  expect(second.status).toBe(0);
  expect(second.last()).toMatchObject({ photos: 3, uploaded: 1, alreadyBackedUp: 2 });

  // The clock is put right: a year earlier than what it said before.
  await rename(join(folders.ahead, 'a1.jpg'), join(folders.ahead, 'renamed.jpg'));
  await putFile(join(folders.ahead, 'a9.jpg'), await jpeg(9));
  expect((await sync('ahead', 0)).last()).toMatchObject({ photos: 4, uploaded: 1 });
  expect((await sync('behind', 0)).last()).toMatchObject({ photos: 3, uploaded: 0, failed: 0 });
  expect((await sync('ahead', 0)).last()).toMatchObject({ photos: 4, uploaded: 0, failed: 0 });

  const sources = new Map([
    ...(await hashesBelow(folders.ahead)),
    ...(await hashesBelow(folders.behind)),
  ]);
  const contents = [...new Set(sources.values())].toSorted();
  expect(contents).toHaveLength(5);
  expect([...(await place.objects()).values()].toSorted()).toEqual(contents);

  const timelines = [];
  for (const name of ['ahead', 'behind']) {
    const { json } = await runAt(0, 'list', '--data', join(root, `${name}-data`));
    timelines.push(
      json().flatMap(({ event, hash, capturedAt }) =>
        event === undefined ? [{ hash, capturedAt }] : [],
      ),
    );
  }
  expect(timelines[0]?.map(({ hash }) => hash).toSorted()).toEqual(contents);
  expect(timelines[1]).toEqual(timelines[0]);
  for (const { capturedAt } of timelines.flat()) expect(capturedAt).toMatch(/^2024-05-/);

  const verified = await runAt(yearMs, 'verify', '--read-data', '--data', join(root, 'ahead-data'));
  expect(verified.status).toBe(0);

  const into = join(root, 'restored');
  await mkdir(into);
  const restored = await runAt(-yearMs, 'restore', '--from', place.url, '--into', into);
  expect(restored.status).toBe(0);
  const back = await hashesBelow(into);
  const names = [...back.keys()].map((path) => path.split(/[/\\]/u).at(-1) ?? '');
  expect(names.toSorted()).toEqual([...sources.keys()].toSorted());
  for (const [path, hash] of back) {
    const name = path.split(/[/\\]/u).at(-1) ?? '';
    expect(hash).toBe(sources.get(name));
    const source = join(name.startsWith('b') ? folders.behind : folders.ahead, name);
    expect((await stat(join(into, path))).mtimeMs).toBe((await stat(source)).mtimeMs);
    expect((await readFile(join(into, path))).equals(await readFile(source))).toBe(true);
  }
});
