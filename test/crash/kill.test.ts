import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inParallel } from '../support/crash/in-parallel.ts';
import { strikesAt } from '../support/crash/observed-command.ts';
import { makePhotoTree, type PhotoTree } from '../support/crash/photo-tree.ts';
import { bucketSite, folderSite } from '../support/crash/sites.ts';
import type { Strike } from '../support/crash/strike.ts';
import { trial, undisturbed, type Site, type Trial } from '../support/crash/trial.ts';
import { freshBucket, s3Client, s3Service } from '../support/services/s3.ts';

const atOnce = 3;
/** A busy machine takes several times as long as the two or three minutes of a free one. */
const patienceMs = 20 * 60_000;
let scratch = '';

beforeAll(async () => {
  scratch = await mkdtemp(join(await realpath(tmpdir()), 'cloudroll-crash-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

/**
 * A process that dies before a step leaves what it would have left after the step before; one that dies does
 * not lose what the kernel has, so making it durable changes nothing. What is left are the ends of changes,
 * and the middle of a request, when it is unknown whether the server has it all.
 */
function changesWhatIsLeft({ step }: Strike): boolean {
  if (process.env['CLOUDROLL_TEST_EVERY_STEP'] !== undefined) return true;
  return /^after (?!GET|HEAD|sync|write data)|^while (?:PUT \d|PUT .cloudroll.journal|POST)/u.test(
    step,
  );
}

/** Strikes a sync once at each of its steps that are `wanted`, each time at a fresh destination. */
async function strikeEverywhere(
  name: string,
  tree: PhotoTree,
  siteOf: (name: string) => Promise<Site>,
  wanted: (strike: Strike) => boolean,
): Promise<Trial[]> {
  const started = performance.now();
  const counting = await undisturbed(
    tree,
    await siteOf('counting'),
    join(scratch, name, 'counting'),
  );
  const all = strikesAt(counting.steps);
  const strikes = all.filter(wanted);
  const trials = await inParallel(strikes, atOnce, async (strike, index) =>
    trial(strike, tree, await siteOf(`site-${index}`), join(scratch, name, String(index))),
  );
  const missed = trials.filter(({ struck }) => !struck).map(({ strike }) => strike);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(
    `${name}: killed at ${trials.length - missed.length} of ${all.length} steps in ${seconds} s; ` +
      `${all.length - strikes.length} left out, ${missed.length} not reached again; ` +
      `${total(trials, 'partsSpared')} parts not sent again, ` +
      `${total(trials, 'uploadsLeft')} unfinished uploads and ${total(trials, 'litter')} probes left behind`,
  );
  return trials;
}

function total(trials: readonly Trial[], what: 'partsSpared' | 'uploadsLeft' | 'litter'): number {
  return trials.reduce((sum, one) => sum + one[what], 0);
}

function expectSound(trials: readonly Trial[]): void {
  expect(trials.flatMap(({ breaches }) => breaches)).toEqual([]);
  // Steps of transfers that run side by side come in any order, but most come again.
  const struck = trials.filter((one) => one.struck).length;
  expect(struck).toBeGreaterThan(0.8 * trials.length);
}

test('a sync to a folder may be killed at every step', { timeout: patienceMs }, async () => {
  const tree = await makePhotoTree(join(scratch, 'folder', 'Pictures'), false);
  const trials = await strikeEverywhere(
    'folder',
    tree,
    (name) => folderSite(join(scratch, 'folder', name, 'backup')),
    changesWhatIsLeft,
  );
  expectSound(trials);
});

const service = s3Service();
describe.skipIf('skipReason' in service)('a sync to an S3 server', () => {
  if ('skipReason' in service) return;
  const client = s3Client(service);
  afterAll(() => {
    client.destroy();
  });

  test('may be killed at every step that changes something', { timeout: patienceMs }, async () => {
    const tree = await makePhotoTree(join(scratch, 's3', 'Pictures'), false);
    const bucket = await freshBucket();
    const trials = await strikeEverywhere(
      's3',
      tree,
      (name) => Promise.resolve(bucketSite(client, service, bucket, name)),
      changesWhatIsLeft,
    );
    expectSound(trials);
  });

  test('goes on with a film where it was killed', { timeout: patienceMs }, async () => {
    const tree = await makePhotoTree(join(scratch, 's3-film', 'Pictures'), true);
    const bucket = await freshBucket();
    const trials = await strikeEverywhere(
      's3-film',
      tree,
      (name) => Promise.resolve(bucketSite(client, service, bucket, name)),
      (strike) => changesWhatIsLeft(strike) && /film|resume_token|verified/u.test(strike.step),
    );
    expectSound(trials);
    expect(total(trials, 'partsSpared')).toBeGreaterThan(0);
  });
});
