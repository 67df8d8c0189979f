import { sha256Of } from './destination-view.ts';
import type { DestinationView } from './destination-view.ts';
import { readSegments } from './journal-reader.ts';
import type { ReadSegment } from './journal-reader.ts';
import { driveMountPoint } from './simulated-device.ts';
import type { SimulatedDevice } from './simulated-device.ts';

/**
 * A file that is merely out of reach (drive away, folder not readable) is never called absent: only what
 * the user took away from its place is.
 */
export function checkAbsence(
  devices: readonly SimulatedDevice[],
  vacated: ReadonlySet<string>,
): void {
  for (const device of devices) {
    if (device.foreignCatalogue) continue;
    const standing = new Set<string>();
    for (const volume of device.ownVolumes) {
      const prefix = volume === device.drive ? driveMountPoint : '';
      for (const { path } of volume.files()) {
        const place = path.join('/');
        if (!vacated.has(`${volume.options.name}:/${place}`)) standing.add(`${prefix}/${place}`);
      }
    }
    for (const { path, state } of device.catalogue.view.files) {
      if (state !== 'absent' || !standing.has(path)) continue;
      throw new InvariantViolation(
        'absence',
        `${device.name} calls ${path} absent, which was there all the time.`,
      );
    }
  }
}

/** A device takes a new id only when its catalogue was lost, restored or copied. */
export function checkDeviceIds(
  devices: readonly SimulatedDevice[],
  views: ReadonlyMap<string, DestinationView>,
): void {
  let allowed = devices.length;
  for (const device of devices) allowed += 2 * device.catalogueChanges;
  const ids = new Set<string>();
  for (const view of views.values()) {
    for (const { device } of readSegments(view)) ids.add(device);
  }
  if (ids.size <= allowed) return;
  throw new InvariantViolation(
    'device-ids',
    `There are journals of ${String(ids.size)} devices where ${String(allowed)} can be explained.`,
  );
}

type Retirements = ReadonlyMap<string, readonly string[]>;

/** A promise that was broken; `name` is stable, so that the shrinker can tell one from another. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
  readonly invariant: string;

  constructor(invariant: string, message: string) {
    super(message);
    this.invariant = invariant;
  }
}

/** No user file is modified or deleted by the engine, and nothing is added to the user's disks. */
export function checkUserFiles(devices: readonly SimulatedDevice[]): void {
  for (const device of devices) {
    for (const volume of device.ownVolumes) {
      const [violation] = volume.violations;
      if (violation !== undefined) throw new InvariantViolation('user-files', violation);
    }
  }
}

/**
 * "Backed up" implies that the destination's durable bytes hash to the recorded content: at the recorded
 * key or, where the object was retired in favour of another one, at that one.
 */
export function checkVerified(
  devices: readonly SimulatedDevice[],
  views: ReadonlyMap<string, DestinationView>,
): void {
  const retirements = new Map<string, Retirements>();
  for (const device of devices) {
    for (const { url, hash, key, state } of device.catalogue.view.deliveries) {
      if (state !== 'verified') continue;
      const view = views.get(url);
      if (view === undefined || key === null || view.holds(key, hash)) continue;
      let retired = retirements.get(url);
      if (retired === undefined) {
        retired = retiredKeys(readSegments(view));
        retirements.set(url, retired);
      }
      if (holdsWinner(view, retired, key, hash)) continue;
      throw new InvariantViolation(
        'verified-is-durable',
        `${device.name} calls ${hash.slice(0, 12)} backed up at ${url} as ${key}, which ${describe(view, key)}.`,
      );
    }
  }
}

/** A journal names only durable objects, its segments follow each other without a gap and by hash. */
export function checkJournals(views: ReadonlyMap<string, DestinationView>): void {
  for (const [url, view] of views) {
    const segments = readSegments(view);
    const retired = retiredKeys(segments);
    for (const { storedAs, entries } of segments) {
      for (const { type, hash, key } of entries) {
        if (type !== 'object' || hash === undefined || key === undefined) continue;
        if (view.holds(key, hash) || holdsWinner(view, retired, key, hash)) continue;
        throw new InvariantViolation(
          'journal-names-durable',
          `${storedAs} at ${url} names ${key}, which ${describe(view, key)}.`,
        );
      }
    }
    checkChains(segments);
  }
}

function checkChains(segments: readonly ReadSegment[]): void {
  const byKey = new Map(segments.map((segment) => [segment.storedAs, segment]));
  for (const { device, sequence, previous, storedAs } of segments) {
    const before = `.cloudroll/journal/${device}/${String(sequence - 1).padStart(10, '0')}.jsonl`;
    const expected = sequence === 1 ? null : byKey.get(before)?.sha256;
    if (expected !== previous) {
      throw new InvariantViolation(
        'journal-chain',
        `${storedAs} does not follow ${sequence === 1 ? 'nothing' : before}.`,
      );
    }
  }
}

/** For each retired key the keys in whose favour it went. */
function retiredKeys(segments: readonly ReadSegment[]): Retirements {
  const retired = new Map<string, string[]>();
  for (const { entries } of segments) {
    for (const { type, key, inFavourOf } of entries) {
      if (type === 'retired' && key !== undefined && inFavourOf !== undefined) {
        retired.set(key, [...(retired.get(key) ?? []), inFavourOf]);
      }
    }
  }
  return retired;
}

function holdsWinner(
  view: DestinationView,
  retired: Retirements,
  key: string,
  hash: string,
): boolean {
  const seen = new Set([key]);
  for (const reached of seen) {
    for (const winner of retired.get(reached) ?? []) {
      if (view.holds(winner, hash)) return true;
      seen.add(winner);
    }
  }
  return false;
}

function describe(view: DestinationView, key: string): string {
  const bytes = view.objects().get(key);
  if (bytes === undefined) return 'is not there';
  if (view.durable(key) === null) return 'is not durable';
  return `holds ${sha256Of(bytes).slice(0, 12)}`;
}
