import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { hashesBelow } from '../cli/workspace.ts';
import type { Holdings } from './holdings.ts';
import { breachesAtAnyMoment, breachesAtTheEnd, objectsOf } from './invariants.ts';
import { runObserved, summaryOf, type ObservedRun } from './observed-command.ts';
import { sha256, type PhotoTree } from './photo-tree.ts';
import { readCatalogue } from './read-catalogue.ts';
import type { Step, Strike } from './strike.ts';

const restoreScript = fileURLToPath(new URL('../../../build/scripts/restore.mjs', import.meta.url));

/** A fresh destination, and how to look at it without the product. */
export interface Site {
  readonly url: string;
  /** The destination's folder; null where it is none. */
  readonly folder: string | null;
  readonly environment: Readonly<Record<string, string>>;
  holdings(): Promise<Holdings>;
  /** Numbers of the parts that each unfinished upload holds. */
  unfinishedUploads(): Promise<number[][]>;
  remove(): Promise<void>;
}

/** What came of one strike. */
export interface Trial {
  readonly strike: Strike;
  /** Whether the process got to the step at all: its order may differ from run to run. */
  readonly struck: boolean;
  readonly breaches: readonly string[];
  /** Parts that the server had after the strike, which the second run did not send. */
  readonly partsSpared: number;
  /** Uploads that the second run left unfinished at the server. */
  readonly uploadsLeft: number;
  /** Small objects of the app's own that stayed behind. */
  readonly litter: number;
}

/** Runs a sync that nobody strikes, for its steps. */
export async function undisturbed(
  tree: PhotoTree,
  site: Site,
  scratch: string,
): Promise<ObservedRun> {
  await mkdir(scratch, { recursive: true });
  const run = await runSync('undisturbed', null, tree, site, scratch);
  if (run.status !== 0) throw new Error(`the sync failed: ${describe(run)}`);
  const breaches = await breachesAfterSuccess(tree, site, scratch);
  if (breaches.length > 0) throw new Error(breaches.join('\n'));
  return run;
}

/** Strikes a sync at a step, looks at what it left, runs it again and looks once more. */
export async function trial(
  strike: Strike,
  tree: PhotoTree,
  site: Site,
  scratch: string,
): Promise<Trial> {
  await mkdir(scratch, { recursive: true });
  const first = await runSync('first', strike, tree, site, scratch);
  const left = await site.holdings();
  const parts = (await site.unfinishedUploads()).flat();
  const catalogue = await readCatalogue(join(scratch, 'data'), join(scratch, 'left'));
  const second = await runSync('second', null, tree, site, scratch);
  const breaches = [
    ...breachesOfEnding(first, strike),
    ...breachesAtAnyMoment(left, catalogue).map((breach) => `after the strike: ${breach}`),
    ...(second.status === 0 ? [] : [`the second run: ${describe(second)}`]),
    ...breachesOfCounting(second, left, tree),
    ...breachesOfSending([...first.steps, ...second.steps]),
    ...sentAgain(second.steps, left, parts),
    ...(await breachesAfterSuccess(tree, site, scratch)),
    ...(await breachesOfRestoring(tree, site, scratch)),
  ];
  const kept = await site.holdings();
  const uploadsLeft = (await site.unfinishedUploads()).length;
  await site.remove();
  await rm(scratch, { recursive: true, force: true });
  return {
    strike,
    struck: first.struck,
    breaches: breaches.map((breach) => `${strike.step} #${strike.occurrence}: ${breach}`),
    partsSpared: parts.length,
    uploadsLeft,
    litter: [...kept.keys()].filter((key) => key.startsWith('.cloudroll/probe/')).length,
  };
}

function runSync(
  name: string,
  strike: Strike | null,
  tree: PhotoTree,
  site: Site,
  scratch: string,
): Promise<ObservedRun> {
  const args = ['sync', tree.root, '--to', site.url, '--data', join(scratch, 'data'), '--json'];
  return runObserved([...args, '--no-previews'], {
    log: join(scratch, `${name}.jsonl`),
    watched: [join(scratch, 'data'), ...(site.folder === null ? [] : [site.folder])],
    environment: site.environment,
    ...(strike === null ? {} : { strike }),
  });
}

function breachesOfEnding(run: ObservedRun, strike: Strike): string[] {
  if (run.struck) return run.signal === strike.signal ? [] : [`it survived: ${describe(run)}`];
  return run.status === 0 ? [] : [`without being struck: ${describe(run)}`];
}

/** What stood at the destination after the strike was not uploaded again, and the figures add up. */
function breachesOfCounting(run: ObservedRun, left: Holdings, tree: PhotoTree): string[] {
  if (run.status !== 0) return [];
  const { photos, uploaded, alreadyBackedUp, failed } = summaryOf(run);
  const stood = objectsOf(left).filter(([, bytes]) => tree.photos.has(sha256(bytes))).length;
  const adds =
    photos === tree.photos.size &&
    failed === 0 &&
    Number(uploaded) + Number(alreadyBackedUp) === photos &&
    // A server may still have been storing what the struck process had sent.
    Number(alreadyBackedUp) >= stood;
  if (adds) return [];
  return [
    `${stood} photos stood, ${String(uploaded)} uploaded, ${String(alreadyBackedUp)} already`,
  ];
}

/** No server took the body of one object twice. */
function breachesOfSending(steps: readonly Step[]): string[] {
  const taken = steps
    .filter(({ name, status }) => status === 200 && /^after (?:PUT|POST) \d{4}\//u.test(name))
    .map(({ name }) => name)
    .filter((name) => !name.includes('uploads') && !name.includes('part='));
  return [...new Set(taken)]
    .filter((name) => taken.filter((other) => other === name).length > 1)
    .map((name) => `twice: ${name}`);
}

/** What the destination has is looked up, not sent again. */
function sentAgain(steps: readonly Step[], left: Holdings, parts: readonly number[]): string[] {
  return steps.flatMap(({ name }) => {
    const [, key = '', part] = /^before PUT (\d{4}\/.*?)(?: upload part=(\d+))?$/u.exec(name) ?? [];
    const stood = left.has(key) || (part !== undefined && parts.includes(Number(part)));
    return stood ? [`sent again: ${name}`] : [];
  });
}

async function breachesAfterSuccess(
  tree: PhotoTree,
  site: Site,
  scratch: string,
): Promise<string[]> {
  const catalogue = await readCatalogue(join(scratch, 'data'), join(scratch, 'end'));
  const touched = await tree.changes();
  return [
    ...breachesAtTheEnd(await site.holdings(), catalogue, tree),
    ...touched.map((path) => `the person's file ${path} was touched`),
  ].map((breach) => `at the end: ${breach}`);
}

/** The script that restores a folder without the product gives every byte back. */
async function breachesOfRestoring(
  tree: PhotoTree,
  site: Site,
  scratch: string,
): Promise<string[]> {
  if (site.folder === null) return [];
  const into = join(scratch, 'restored');
  const { status, stderr } = await runScript([restoreScript, site.folder, into]);
  if (status !== 0) return [`restoring fails: ${stderr}`];
  const restored = await hashesBelow(join(into, basename(tree.root)));
  const wrong = [...tree.files].filter(([path, hash]) => restored.get(path) !== hash);
  const more = restored.size === tree.files.size ? [] : ['other files came with them'];
  return [...wrong.map(([path]) => `${path} is not restored`), ...more];
}

async function runScript(args: readonly string[]): Promise<{ status: number; stderr: string }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode ?? -1, stderr };
}

function describe({ status, signal, output, errors }: ObservedRun): string {
  const ending = signal ?? `status ${String(status)}`;
  return `ended with ${ending}: ${errors.slice(-1500)} ${output.slice(-1500)}`;
}
