/**
 * The catalogue at a million photos: how fast it fills, how large it is, and what the questions cost that
 * a window or a run asks all the time. `--count N` for another size, `--json` for one JSON object alone.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

import { Catalog } from '../../electron/engine/catalog/catalog.ts';
import { Database } from '../../electron/engine/catalog/database.ts';
import type { SeenFile } from '../../electron/engine/catalog/files.ts';
import type { PhotoFilter } from '../../electron/engine/catalog/photo-filter.ts';
import { checkCatalogue, copyCatalogue } from '../../electron/engine/data-directory/upkeep.ts';
import { albumsOf } from '../../electron/engine/timeline/albums.ts';
import { allDays, countDays, pageOf } from '../../electron/engine/timeline/walk.ts';
import { benchContent } from '../support/catalog/bench-content.ts';

interface Measure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'MB' | '/s' | 'bytes';
  /** At most (ms) or at least (/s); absent: no goal. */
  readonly goal?: number;
}

const filesPerDirectory = 100;
const photosPerTransaction = 500;
const pageSize = 200;
const patient = new AbortController().signal;

const { values } = parseArgs({
  options: { count: { type: 'string', default: '1000000' }, json: { type: 'boolean' } },
});
const count = Number(values.count);
const folder = mkdtempSync(path.join(tmpdir(), 'cloudroll-bench-'));
try {
  report(await measure(path.join(folder, 'catalogue.db')));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(file: string): Promise<Measure[]> {
  const database = Database.open(file);
  const catalog = new Catalog(database);
  catalog.identity.become({ id: 'bench', name: 'bench' });
  const destinations = ['file:///one', 's3://two'].map(
    (url) => catalog.deliveries.ensureDestination(url, url).id,
  );
  const root = catalog.files.ensureRoot('/photos', 'photos', 'root');
  const scope = { rootIds: [root.id] };
  const run = catalog.identity.startRun();
  const started = performance.now();
  fill(catalog, root.id, destinations, run);
  const filled = performance.now() - started;
  const { totals, deliveries } = catalog;
  const [first = 0] = destinations;
  const middle = totals.days()[Math.floor(totals.days().length / 2)]?.day ?? '';
  const measures: Measure[] = [
    { name: 'photos recorded and proven at two destinations', value: rate(filled), unit: '/s' },
    timed('timeline page, newest', () => totals.timeline(null, pageSize), 5),
    timed(
      'timeline page, middle',
      () => totals.timeline({ wall: `${middle}T12`, id: 0 }, pageSize),
      5,
    ),
    timed('status counts of a destination', () => totals.states(first), 5),
    timed('photos by day', () => totals.days(), 5),
    ...(await timelineMeasures(catalog, destinations)),
    timed('summary: found', () => totals.found(scope)),
    timed('summary: delivered at both', () => totals.delivered(scope, destinations, run)),
    timed('summary: bytes uploaded', () => totals.bytesUploaded(destinations, run)),
    timed('summary: unfinished', () => [...totals.unfinished(scope, destinations)]),
    timed('deliveries ready (none)', () => deliveries.ready(first, scope, Date.now(), 64), 5),
    timed('queue what is new (nothing)', () => deliveries.queueAll(first, scope)),
    timed('unproven elsewhere (none)', () => deliveries.openElsewhere(first, scope), 5),
    timed('unreachable deliveries (none)', () => deliveries.unreachable(first), 5),
  ];
  const closing = performance.now();
  catalog.close();
  measures.push(
    { name: 'close', value: performance.now() - closing, unit: 'ms' },
    { name: 'database', value: statSync(file).size / 1e6, unit: 'MB' },
    { name: 'database, each photo', value: statSync(file).size / count, unit: 'bytes' },
    timed('open', () => {
      Database.open(file).close();
    }),
    await timedOnce('quick_check', () => checkCatalogue(file, patient)),
    await timedOnce('backup', () => copyCatalogue(file, `${file}.backup`, patient)),
  );
  return measures;
}

/** What a window asks: the timeline and its first page under each filter. */
async function timelineMeasures(
  catalog: Catalog,
  destinations: readonly number[],
): Promise<Measure[]> {
  const { timeline } = catalog;
  const firstPage = async (filter: PhotoFilter): Promise<unknown> => {
    const query = timeline.plan(filter, destinations);
    const range = { range: allDays, offset: 0, limit: pageSize };
    return timeline.entries(await pageOf(timeline, query, range, patient), destinations);
  };
  const days = (filter: PhotoFilter): Promise<unknown> =>
    countDays(timeline, timeline.plan(filter, destinations), allDays, patient);
  const deep = { range: allDays, offset: Math.floor(count * 0.9), limit: pageSize };
  const [id = 0] = timeline.newest(timeline.plan({}, destinations), allDays, 1);
  const filters: readonly (readonly [string, PhotoFilter])[] = [
    ['a word in every name', { words: ['img'] }],
    ['a name', { words: [String(count - 1)] }],
    ['two letters', { words: ['im'] }],
    ['a word that nothing has', { words: ['제주'] }],
    ['a folder', { directoryId: 7 }],
    ['a camera', { camera: 'Camera 3' }],
    ['no such camera', { camera: 'nothing' }],
    ['videos', { kinds: ['video'] }],
    ['five stars', { rating: 5 }],
    ['with a place', { placed: true }],
    ['duplicates', { duplicates: true }],
    ['backed up', { standing: 'safe' }],
    ['waiting', { standing: 'waiting' }],
    ['failed', { standing: 'failed' }],
  ];
  const measures = [
    await timedAsync('window: days', () => days({}), 5),
    await timedAsync('window: first page', () => firstPage({}), 5),
    await timedAsync('window: page at nine tenths', async () =>
      timeline.entries(
        await pageOf(timeline, timeline.plan({}, destinations), deep, patient),
        destinations,
      ),
    ),
    timed('window: details', () => catalog.records.files(id), 5),
    timed('window: cameras', () => timeline.cameras(500), 5),
    await timedOnce('window: albums, all counted anew', () => albumsOf(catalog, patient)),
    await timedAsync('window: albums', () => albumsOf(catalog, patient), 100),
  ];
  for (const [name, filter] of filters) {
    measures.push(await timedAsync(`first page: ${name}`, () => firstPage(filter), 100));
  }
  for (const [name, filter] of filters.slice(0, 1)) {
    measures.push(await timedAsync(`days: ${name}`, () => days(filter)));
  }
  return measures;
}

function fill(
  catalog: Catalog,
  rootId: number,
  destinations: readonly number[],
  run: number,
): void {
  let directoryId = 0;
  for (let start = 0; start < count; start += photosPerTransaction) {
    catalog.transaction(() => {
      for (let index = start; index < Math.min(count, start + photosPerTransaction); index += 1) {
        if (index % filesPerDirectory === 0) {
          directoryId = catalog.files.addDirectory(rootId, directoryName(index));
        }
        addPhoto(catalog, directoryId, index, destinations, run);
      }
      for (const id of destinations) {
        const lastOutboxId = catalog.outbox.waiting(id, 100_000).at(-1)?.id ?? 0;
        const segment = { sequence: 1, bytes: new Uint8Array(), lastOutboxId };
        catalog.outbox.seal(id, segment);
        catalog.outbox.published(id, segment, 'a'.repeat(64));
      }
    });
  }
}

function addPhoto(
  catalog: Catalog,
  directoryId: number,
  index: number,
  destinations: readonly number[],
  run: number,
): void {
  const now = 1_700_000_000_000 + index;
  const content = benchContent(index);
  const seen: SeenFile = {
    name: content.name,
    role: 'media',
    describes: null,
    size: content.bytes,
    modifiedMs: now,
    bornMs: now,
    inode: index + 1,
    device: 1,
  };
  const id = catalog.files.add(directoryId, seen, now);
  if (catalog.files.sameInode(seen, id) !== null)
    throw new Error('inodes of the bench are distinct');
  const file = {
    ...seen,
    id,
    state: 'discovered' as const,
    rootPath: '/photos',
    directory: '',
    firstSeenMs: now,
    version: 0,
  };
  const recorded = catalog.recordContent(file, content, destinations, now);
  for (const destinationId of destinations) {
    const delivery = catalog.deliveries.get(recorded?.assetId ?? 0, destinationId);
    if (delivery === null) throw new Error('a delivery is missing');
    const key = `2024/05/${content.name.slice(0, -4)}-${content.hash.slice(0, 12)}.jpg`;
    const proof = { key, method: 'server-sha256' as const, tag: String(index), uploaded: true };
    catalog.recordProof(delivery, proof, run, now);
  }
}

function directoryName(index: number): string {
  return `2024/event ${String(index / filesPerDirectory)}`;
}

function rate(milliseconds: number): number {
  return (count / milliseconds) * 1000;
}

/** Median of five, after one to warm up. */
function timed(name: string, work: () => unknown, goal?: number): Measure {
  work();
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  }).sort((a, b) => a - b);
  return { name, value: times[2] ?? 0, unit: 'ms', ...(goal === undefined ? {} : { goal }) };
}

/** As {@link timed}. */
async function timedAsync(
  name: string,
  work: () => Promise<unknown>,
  goal?: number,
): Promise<Measure> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return { name, value: times[2] ?? 0, unit: 'ms', ...(goal === undefined ? {} : { goal }) };
}

async function timedOnce(name: string, work: () => Promise<unknown>): Promise<Measure> {
  const started = performance.now();
  await work();
  return { name, value: performance.now() - started, unit: 'ms' };
}

function report(measures: readonly Measure[]): void {
  const peakMemory = process.resourceUsage().maxRSS / 1000;
  const all: Measure[] = [...measures, { name: 'peak memory', value: peakMemory, unit: 'MB' }];
  console.log(JSON.stringify({ bench: 'catalog', photos: count, measures: all }));
  if (values.json === true) return;
  for (const { name, value, unit, goal } of all) {
    const verdict =
      goal === undefined ? '' : value <= goal ? `  (goal ${goal})` : `  MISSED ${goal}`;
    console.log(
      `${name.padEnd(50)} ${value.toFixed(value < 10 ? 2 : 0).padStart(9)} ${unit}${verdict}`,
    );
  }
}
