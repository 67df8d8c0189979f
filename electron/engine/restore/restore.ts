import { fail, failureOf } from '../../../shared/domain/failure.ts';
import type { Failure } from '../../../shared/domain/failure.ts';
import { markerKey } from '../destinations/contract.ts';
import type { Destination } from '../destinations/contract.ts';
import { forEachBounded } from '../journal/concurrency.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { MediaReader } from '../ports/media-reader.ts';
import type { Random } from '../ports/random.ts';
import { collectAssets } from './collect-assets.ts';
import { fetchObject, stopsRestore } from './fetch-object.ts';
import type { NamePlatform } from './local-name.ts';
import { planRestore } from './plan-restore.ts';
import type { RestoreItem, RestoreTarget } from './plan-restore.ts';
import { RestoreFolder } from './restore-folder.ts';
import { RestoreTally } from './restore-tally.ts';

export interface RestoreRequest {
  readonly destination: Destination;
  /** Absolute path of the folder to restore into; made if it is not there. */
  readonly into: string;
  readonly platform: NamePlatform;
}

export interface RestorePorts {
  readonly fileSystem: FileSystem;
  readonly reader: MediaReader;
  readonly clock: Clock;
  readonly random: Random;
}

/** What happens meanwhile, as data. */
export type RestoreEvent =
  | { readonly event: 'journal'; readonly device: string; readonly sequence: number }
  /** A journal that is damaged or newer; what it would have said is restored as far as the rest tells. */
  | { readonly event: 'problem'; readonly failure: Failure }
  | { readonly event: 'planned'; readonly assets: number; readonly bytes: number }
  | {
      readonly event: 'progress';
      readonly assets: number;
      readonly done: number;
      /** Bytes fetched so far, and of all assets together. */
      readonly bytes: number;
      readonly totalBytes: number;
    }
  | {
      readonly event: 'restored' | 'alreadyThere';
      readonly hash: string;
      readonly paths: readonly string[];
    }
  | {
      readonly event: 'failed';
      readonly hash: string;
      readonly paths: readonly string[];
      readonly failure: Failure;
    };

/** `assets` = `restored` + `alreadyThere` + `failed`. */
export interface RestoreSummary {
  readonly event: 'summary';
  /** Distinct contents. */
  readonly assets: number;
  /** Contents of which at least one file was made. */
  readonly restored: number;
  readonly alreadyThere: number;
  /** Contents that are not, or not at every path, in the folder; each was named unless `stopped` says why. */
  readonly failed: number;
  /** Bytes fetched. */
  readonly bytes: number;
  readonly seconds: number;
  /** Journals that could not be read to their end. */
  readonly journalProblems: number;
  /** Why the work ended before its time: disk full, offline, …; null when everything was tried. */
  readonly stopped: Failure | null;
}

/** Folder destinations and disks gain nothing from more. */
const maxConcurrency = 8;

/**
 * Brings everything that a destination holds back into a folder: original folders, names and times, every
 * byte proven by its SHA-256. Needs nothing but the destination. Files that are there are never touched;
 * run again after an interruption it goes on where it stopped.
 *
 * @throws CloudrollError when the destination or the folder cannot be used at all, `notFound` where there is
 *   no backup, or `cancelled`.
 */
export async function restore(
  request: RestoreRequest,
  ports: RestorePorts,
  onEvent: (event: RestoreEvent) => void,
  signal: AbortSignal,
): Promise<RestoreSummary> {
  const { destination, into, platform } = request;
  const started = ports.clock.monotonic();
  const token = Buffer.from(ports.random.bytes(6)).toString('hex');
  const folder = new RestoreFolder(into, ports, platform, token);
  await destination.check(signal);
  let journalProblems = 0;
  const collected = await collectAssets(
    destination,
    {
      segment: (device, sequence) => {
        onEvent({ event: 'journal', device, sequence });
      },
      problem: (failure) => {
        journalProblems += 1;
        onEvent({ event: 'problem', failure });
      },
    },
    signal,
  );
  const assets = collected.assets.length;
  if (assets === 0) await requireBackup(destination, signal);
  await folder.prepare();
  onEvent({ event: 'planned', assets, bytes: collected.bytes });
  const tally = new RestoreTally(assets, collected.bytes, ports.clock, onEvent);
  const work = async (item: RestoreItem, aborted: AbortSignal) => {
    try {
      const { event, paths } = await restoreItem(
        item,
        { destination, folder, ports, tally },
        aborted,
      );
      tally.settled(event);
      onEvent({ event, hash: item.hash, paths });
    } catch (error) {
      const failure = failureOf(error);
      if (stopsRestore(failure)) throw error;
      tally.settled('failed');
      onEvent({
        event: 'failed',
        hash: item.hash,
        paths: item.targets.map(({ path }) => path),
        failure,
      });
    }
  };
  const concurrency = Math.min(destination.capabilities.concurrency.initial, maxConcurrency);
  let stopped: Failure | null = null;
  try {
    await forEachBounded(planRestore(collected.assets, { platform }), concurrency, work, signal);
  } catch (error) {
    stopped = failureOf(error);
    if (signal.aborted || !stopsRestore(stopped)) throw error;
  }
  // When the disk is full, that is the failure to tell.
  if (stopped === null) await folder.finish();
  else await folder.finish().catch(() => undefined);
  const seconds = (ports.clock.monotonic() - started) / 1000;
  return { event: 'summary', ...tally.summary(), seconds, journalProblems, stopped };
}

/** An empty backup is fine; a place that is none is a wrong address. */
async function requireBackup(destination: Destination, signal: AbortSignal): Promise<void> {
  if ((await destination.stat(markerKey, signal)) !== null) return;
  throw fail('notFound', 'There is no backup at this destination.', {
    hint: 'Check the address: it is the folder that holds “.cloudroll”.',
  });
}

interface ItemContext {
  readonly destination: Destination;
  readonly folder: RestoreFolder;
  readonly ports: RestorePorts;
  readonly tally: RestoreTally;
}

/** Makes the files of one content that are not there yet. */
async function restoreItem(
  item: RestoreItem,
  context: ItemContext,
  signal: AbortSignal,
): Promise<{ event: 'restored' | 'alreadyThere'; paths: string[] }> {
  const { destination, folder, ports, tally } = context;
  const paths: string[] = [];
  const missing: RestoreTarget[] = [];
  for (const target of item.targets) {
    const place = await folder.place(target.path, item, signal);
    if (place.state === 'alreadyThere') paths.push(place.path);
    else missing.push(target);
  }
  if (missing.length === 0) return { event: 'alreadyThere', paths };
  const original = folder.temporary();
  const fetched = (count: number) => {
    tally.fetched(count);
  };
  await fetchObject(destination, ports.fileSystem, item, original, fetched, signal);
  try {
    for (const [index, target] of missing.entries()) {
      const last = index === missing.length - 1;
      const temporary = last ? original : folder.temporary();
      if (!last) await ports.fileSystem.copy(original, temporary, signal);
      paths.push(await folder.publish(temporary, target, item, signal));
    }
  } catch (error) {
    await ports.fileSystem.remove(original).catch(() => undefined);
    throw error;
  }
  return { event: 'restored', paths };
}
