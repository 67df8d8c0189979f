import { segmentsOf } from './mount-table.ts';
import { driveMountPoint, folderMountPoint } from './simulated-device.ts';
import type { SharedDestination, SimulatedDevice } from './simulated-device.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Segments, SimulatedVolume } from './simulated-volume.ts';
import type { UserActions } from './user-actions.ts';

/** What the events may do to the world beyond the parts they hold. */
export interface WorldControl {
  readonly devices: readonly SimulatedDevice[];
  readonly destinations: readonly SharedDestination[];
  readonly actions: UserActions;
  readonly options: { readonly clones: boolean; readonly powerLoss: boolean };
  /** Ends the device's engine at once. */
  kill(device: SimulatedDevice): void;
  /** The same, and what was not durable yet may be lost. */
  losePower(device: SimulatedDevice, random: SeededRandom): void;
}

type Event = (world: WorldControl, random: SeededRandom) => string | null;

const weighted: readonly (readonly [number, Event])[] = [
  [14, userActs],
  [1, emptiesFolder],
  [2, togglesDrive],
  [2, togglesPermission],
  [2, clockJumps],
  [5, powerFails],
  [1, isKilled],
  [1, cancels],
  [1, losesCatalogue],
  [1, restoresBackup],
  [1, clonesDevice],
  [2, folderServerFails],
  [2, cloudConditionsChange],
];
const deck: readonly Event[] = weighted.flatMap(([weight, event]) =>
  Array.from({ length: weight }, () => event),
);

const cloningDeck: readonly Event[] = [
  ...deck,
  ...Array.from({ length: 8 }, () => [clonesDevice, restoresBackup, losesCatalogue]).flat(),
];

/**
 * What happens in the world by itself: people, drives, clocks, power, clouds. One stream of randomness
 * per event, so that leaving one out leaves the others as they are.
 */
export class WorldEvents {
  readonly #world: WorldControl;
  readonly #random: SeededRandom;
  readonly #suppressed: ReadonlySet<number>;
  readonly #made: { readonly ordinal: number; readonly what: string }[] = [];
  #ordinal = 0;

  constructor(world: WorldControl, random: SeededRandom, suppressed: ReadonlySet<number>) {
    this.#world = world;
    this.#random = random;
    this.#suppressed = suppressed;
  }

  get count(): number {
    return this.#ordinal;
  }

  /** Events that took place, in order. */
  get made(): readonly { readonly ordinal: number; readonly what: string }[] {
    return this.#made;
  }

  /** Lets the next event take place; gives what happened, or null. */
  next(): string | null {
    const ordinal = this.#ordinal;
    this.#ordinal += 1;
    if (this.#suppressed.has(ordinal)) return null;
    const random = this.#random.fork(String(ordinal));
    const what = random.pick(this.#world.options.clones ? cloningDeck : deck)(this.#world, random);
    if (what !== null) this.#made.push({ ordinal, what });
    return what;
  }
}

/** Everything that events can have taken away comes back: drives, permissions, the cloud. */
export function restoreOrder(world: WorldControl): void {
  for (const device of world.devices) {
    if (device.drive !== null) device.mounts.mount(driveMountPoint, device.drive);
    device.mounts.denied.clear();
  }
  for (const destination of world.destinations) {
    if (destination.kind === 'cloud') {
      const { conditions } = destination.bucket;
      conditions.offline = false;
      conditions.authRevoked = false;
      conditions.quota = Number.POSITIVE_INFINITY;
    } else {
      destination.volume.readOnly = false;
      destination.volume.capacity = Number.MAX_SAFE_INTEGER;
      for (const device of world.devices) device.mounts.mount(folderMountPoint, destination.volume);
    }
  }
}

/** The folder of a device that the user works in. */
export function pickRoot(
  device: SimulatedDevice,
  random: SeededRandom,
): { volume: SimulatedVolume; root: Segments } {
  return device.drive !== null && random.chance(0.4)
    ? { volume: device.drive, root: device.driveFolder }
    : { volume: device.disk, root: ['photos'] };
}

function userActs(world: WorldControl, random: SeededRandom): string {
  const device = random.pick(world.devices);
  const { volume, root } = pickRoot(device, random);
  return world.actions.act(volume, root);
}

function emptiesFolder(world: WorldControl, random: SeededRandom): string {
  const { volume, root } = pickRoot(random.pick(world.devices), random);
  return world.actions.empty(volume, root);
}

function togglesDrive(world: WorldControl, random: SeededRandom): string | null {
  const device = random.pick(world.devices);
  if (device.drive === null) return null;
  if (device.mounts.isMounted(device.drive)) {
    const leavesFolder = random.chance(0.5);
    device.mounts.unmount(driveMountPoint, leavesFolder);
    // Only by its inode does another folder with something in it show as another one.
    const tellsFolders = device.drive.options.inodes !== false;
    if (leavesFolder && tellsFolders && random.chance(0.5)) fillMountPoint(device.disk);
    return `${device.name} loses its drive`;
  }
  if (random.chance(0.3)) device.drive.device += 100;
  device.mounts.mount(driveMountPoint, device.drive);
  return `${device.name} gets its drive back`;
}

/** Somebody wrote to the place of a drive while that was away. */
function fillMountPoint(disk: SimulatedVolume): void {
  const path = [...segmentsOf(driveMountPoint), 'notes.txt'];
  if (disk.find(path) === undefined) disk.createFile(path, 'user', new Uint8Array(1));
}

function togglesPermission(world: WorldControl, random: SeededRandom): string {
  const device = random.pick(world.devices);
  const { denied } = device.mounts;
  if (denied.size > 0) {
    denied.clear();
    return `${device.name} may read everything again`;
  }
  const files = [...device.disk.files()].map(({ path }) => `/${path.join('/')}`);
  const path = random.pick(['/photos', '/photos/trip', ...files]);
  denied.add(path);
  return `${device.name} may not read ${path}`;
}

function clockJumps(world: WorldControl, random: SeededRandom): string {
  const device = random.pick(world.devices);
  const by = random.pick([-3_600_000, 3_600_000, -5_000, 5_000, -31_536_000_000, 31_536_000_000]);
  device.wall.offsetMs += by;
  return `the clock of ${device.name} jumps by ${String(by)} ms`;
}

function powerFails(world: WorldControl, random: SeededRandom): string | null {
  if (!world.options.powerLoss) return null;
  const device = random.pick(world.devices);
  world.losePower(device, random);
  return `${device.name} loses power`;
}

function isKilled(world: WorldControl, random: SeededRandom): string | null {
  const device = random.pick(world.devices);
  if (device.process === null) return null;
  world.kill(device);
  return `${device.name}'s engine is killed`;
}

function cancels(world: WorldControl, random: SeededRandom): string | null {
  const device = random.pick(world.devices);
  if (device.cancel === null) return null;
  device.cancel();
  return `the user of ${device.name} presses Ctrl-C`;
}

function losesCatalogue(world: WorldControl, random: SeededRandom): string | null {
  const device = random.pick(world.devices);
  if (!mayReplaceCatalogue(device)) return null;
  device.loseCatalogue();
  return `${device.name} loses its catalogue`;
}

/** Not while the engine runs, and not while an empty mount point could be taken for a new destination. */
function mayReplaceCatalogue(device: SimulatedDevice): boolean {
  return device.process === null && device.mounts.isMountedAt(folderMountPoint);
}

function restoresBackup(world: WorldControl, random: SeededRandom): string | null {
  const device = random.pick(world.devices);
  if (!mayReplaceCatalogue(device)) return null;
  return device.restoreBackup()
    ? `${device.name} gets an old catalogue back`
    : `${device.name} keeps a copy of its catalogue`;
}

function clonesDevice(world: WorldControl, random: SeededRandom): string | null {
  const device = random.pick(world.devices);
  const other = random.pick(world.devices);
  if (device === other || !mayReplaceCatalogue(device)) return null;
  device.takeCatalogueOf(other);
  return `${device.name} becomes a clone of ${other.name}`;
}

function folderServerFails(world: WorldControl, random: SeededRandom): string | null {
  const folder = world.destinations.find((destination) => destination.kind === 'folder');
  if (folder === undefined) return null;
  const device = random.pick(world.devices);
  switch (random.below(4)) {
    case 0:
      folder.volume.losePower(random);
      return 'the folder server loses power';
    case 1:
      folder.volume.readOnly = !folder.volume.readOnly;
      return `the folder server is ${folder.volume.readOnly ? 'read-only' : 'writable again'}`;
    case 2:
      if (!device.mounts.isMounted(folder.volume)) return null;
      // Where nothing was set up yet, an empty mount point is simply the folder that the user asked for.
      device.mounts.unmount(folderMountPoint, device.knowsFolder && random.chance(0.5));
      return `${device.name} loses the folder server`;
    default:
      device.mounts.mount(folderMountPoint, folder.volume);
      return `${device.name} has the folder server`;
  }
}

function cloudConditionsChange(world: WorldControl, random: SeededRandom): string | null {
  const cloud = world.destinations.find((destination) => destination.kind === 'cloud');
  if (cloud === undefined) return null;
  const { conditions } = cloud.bucket;
  switch (random.below(3)) {
    case 0:
      conditions.offline = !conditions.offline;
      return `the cloud is ${conditions.offline ? 'offline' : 'online'}`;
    case 1:
      conditions.authRevoked = !conditions.authRevoked;
      return `the cloud ${conditions.authRevoked ? 'refuses' : 'accepts'} the sign-in`;
    default:
      conditions.quota = Number.isFinite(conditions.quota) ? Number.POSITIVE_INFINITY : 600;
      return `the cloud takes ${String(conditions.quota)} bytes`;
  }
}
