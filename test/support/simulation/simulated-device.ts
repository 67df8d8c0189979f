import type { SimulatedBucket } from './simulated-bucket.ts';
import type { CataloguePool } from './catalogue-pool.ts';
import { CatalogueStore } from './catalogue-store.ts';
import type { CloudOptions } from './simulated-cloud.ts';
import { MountTable } from './mount-table.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimulatedTime } from './simulated-time.ts';
import { simulatedEpochMs } from './simulated-time.ts';
import type { SimulatedProcess } from './steps.ts';
import { SimulatedVolume } from './simulated-volume.ts';

/** A place that all devices back up to. */
export type SharedDestination =
  | {
      readonly kind: 'cloud';
      readonly name: string;
      readonly bucket: SimulatedBucket;
      readonly options: CloudOptions;
    }
  | { readonly kind: 'folder'; readonly name: string; readonly volume: SimulatedVolume };

/** Where folder destinations stand on every device. */
export const folderMountPoint = '/nas';
/** The folder destination itself, on the mounted volume. */
export const folderDestinationPath = '/nas/backup';
/** The URL by which the engine knows it. */
export const folderUrl = `file://${folderDestinationPath}`;
/** Where the removable drive of a device stands. */
export const driveMountPoint = '/drive';

/** One computer: what outlives its processes. */
export class SimulatedDevice {
  readonly name: string;
  readonly disk: SimulatedVolume;
  readonly drive: SimulatedVolume | null;
  /** The user's folder on the drive; empty: the whole drive. */
  readonly driveFolder: readonly string[];
  readonly mounts: MountTable;
  /** Volumes with the user's own files. */
  readonly ownVolumes: readonly SimulatedVolume[];
  /** Folders that the user asked to back up. */
  readonly roots: readonly string[];
  readonly wall: { offsetMs: number };
  catalogue: CatalogueStore;
  readonly #pool: CataloguePool;
  /** The engine that runs now, if any. */
  process: SimulatedProcess | null = null;
  /** Cancels the run that goes on now. */
  cancel: (() => void) | null = null;
  runs = 0;
  /** How often this computer's catalogue was replaced: each may cost it one new device id. */
  catalogueChanges = 0;
  /** Whether a catalogue of another computer, which speaks of files as they are there, ever came here. */
  foreignCatalogue = false;
  #backup: CatalogueStore | null = null;

  constructor(
    name: string,
    time: SimulatedTime,
    random: SeededRandom,
    index: number,
    pool: CataloguePool,
  ) {
    this.name = name;
    this.#pool = pool;
    this.catalogue = new CatalogueStore(pool);
    this.wall = { offsetMs: random.chance(0.2) ? random.between(-400, 400) * 86_400_000 : 0 };
    const now = (): number => simulatedEpochMs + Math.floor(time.elapsed) + this.wall.offsetMs;
    this.disk = makeVolume(`${name}-disk`, 10 + index * 10, random, now, true);
    this.mounts = new MountTable(this.disk);
    this.disk.makeDirectory(['photos'], 'user');
    const roots = ['/photos'];
    this.drive = random.chance(0.4)
      ? makeVolume(`${name}-drive`, 11 + index * 10, random, now)
      : null;
    this.driveFolder = random.chance(0.5) ? ['camera'] : [];
    if (this.drive !== null) {
      this.mounts.mount(driveMountPoint, this.drive);
      this.drive.makeDirectory(['camera'], 'user');
      roots.push([driveMountPoint, ...this.driveFolder].join('/'));
    }
    this.ownVolumes = this.drive === null ? [this.disk] : [this.disk, this.drive];
    this.roots = roots;
  }

  /** Whether this computer's catalogue has set up the folder destination. */
  get knowsFolder(): boolean {
    return this.catalogue.view.marker(folderUrl) !== null;
  }

  loseCatalogue(): void {
    this.#replaceCatalogue(new CatalogueStore(this.#pool));
  }

  /** A catalogue of another computer: two computers with one device id from now on. */
  takeCatalogueOf(other: SimulatedDevice): void {
    this.#replaceCatalogue(other.catalogue.copy());
    this.foreignCatalogue = true;
  }

  /** Brings back the copy that was put aside, or puts one aside (false). */
  restoreBackup(): boolean {
    if (this.#backup === null) {
      this.#backup = this.catalogue.copy();
      return false;
    }
    this.#replaceCatalogue(this.#backup);
    this.#backup = null;
    return true;
  }

  /** Takes away what was not durable yet, on its disks and in its catalogue; its engine is dead already. */
  losePower(random: SeededRandom): void {
    for (const volume of this.ownVolumes) volume.losePower(random);
    const left = this.catalogue.afterPowerLoss(random);
    if (left === this.catalogue) return;
    this.catalogue.dispose();
    this.catalogue = left;
  }

  dispose(): void {
    this.catalogue.dispose();
    this.#backup?.dispose();
  }

  #replaceCatalogue(store: CatalogueStore): void {
    this.catalogue.dispose();
    this.catalogue = store;
    this.catalogueChanges += 1;
  }
}

function makeVolume(
  name: string,
  device: number,
  random: SeededRandom,
  now: () => number,
  systemRoot = false,
): SimulatedVolume {
  const kind = random.below(4);
  return new SimulatedVolume({
    name,
    device,
    caseSensitive: kind < 2,
    normalisation: kind === 2 ? 'insensitive' : kind === 3 ? 'nfd' : 'exact',
    granularityMs: random.pick([0.001, 1, 1000, 2000]),
    hardLinks: true,
    personal: true,
    systemRoot,
    inodes: systemRoot || random.chance(0.6),
    capacity: 1_000_000,
    now,
  });
}
