import { FileDestination } from '../../../electron/engine/destinations/file/file-destination.ts';
import type { Destination } from '../../../electron/engine/destinations/contract.ts';
import { fail, failureOf } from '../../../shared/domain/failure.ts';
import type { CataloguePool } from './catalogue-pool.ts';
import type { CatalogueDisk, EngineSession, RunEngine, RunSummary } from './engine-session.ts';
import { DestinationView } from './destination-view.ts';
import { FaultPlan } from './fault-plan.ts';
import {
  InvariantViolation,
  checkAbsence,
  checkDeviceIds,
  checkJournals,
  checkUserFiles,
  checkVerified,
} from './invariants.ts';
import { ObservedDestination, TrafficRecord } from './observed-destination.ts';
import { SimulatedScheduler } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import { SimulatedBucket } from './simulated-bucket.ts';
import { SimulatedCloud } from './simulated-cloud.ts';
import {
  SimulatedDevice,
  folderDestinationPath,
  folderMountPoint,
  folderUrl,
} from './simulated-device.ts';
import type { SharedDestination } from './simulated-device.ts';
import { SimulatedFileSystem } from './simulated-file-system.ts';
import { SimulatedMediaReader } from './simulated-media-reader.ts';
import { SimulatedClock, SimulatedTime, simulatedEpochMs } from './simulated-time.ts';
import { PowerPromises } from './power-promises.ts';
import { SimulatedVolume } from './simulated-volume.ts';
import type { SimulatedProcess } from './steps.ts';
import { Trace } from './trace.ts';
import { Unchanged } from './unchanged.ts';
import { UserActions } from './user-actions.ts';
import { WorldEvents, pickRoot } from './world-events.ts';
import type { WorldControl } from './world-events.ts';
import type { WorldOptions } from './world-options.ts';

/** Steps after which a schedule counts as one that never comes to rest. */
const maxSteps = 60_000;
/** Share of worlds in which the user made the destination folder beforehand. */
const preparedFolders = 0.5;
/** Share of the deaths of a process that are a power loss, in worlds that have them. */
const powerLosses = 0.5;
/** Times one request may be sent in one run: above the engine's own cap of attempts, below any loop. */
const maxRequestAttempts = 30;

/** Calls that change nothing a reader could see, and may be left behind when a run is cancelled. */
const looksOnly = /^(?:list|stat|readdir|realpath|open|read|inspect|sync|syncdir) /;

/** How a run of the engine ended. `null` summary: it was killed. */
export interface FinishedRun {
  readonly summary: RunSummary | null;
  readonly error: unknown;
  readonly traffic: ReadonlyMap<string, TrafficRecord>;
}

/** Everything of one schedule: devices, destinations, time, faults, and the engine's runs in it. */
export class World implements WorldControl {
  readonly options: WorldOptions;
  readonly random: SeededRandom;
  readonly time = new SimulatedTime();
  readonly trace = new Trace();
  readonly faults: FaultPlan;
  readonly events: WorldEvents;
  readonly actions: UserActions;
  readonly devices: readonly SimulatedDevice[];
  readonly destinations: readonly SharedDestination[];
  readonly views: ReadonlyMap<string, DestinationView>;
  readonly scheduler: SimulatedScheduler;
  readonly director: SimulatedProcess = { name: 'world', mortal: false, alive: true };
  readonly #runEngine: RunEngine;
  readonly #killers = new Map<SimulatedProcess, () => void>();
  readonly #checks: SeededRandom;
  readonly #power: SeededRandom;
  readonly #promises = new PowerPromises();
  readonly #unchanged = new Unchanged();
  #broken: InvariantViolation | null = null;
  #eventsEnabled = true;
  #moment: SeededRandom;

  constructor(
    options: WorldOptions,
    random: SeededRandom,
    runEngine: RunEngine,
    suppressed: { readonly faults: ReadonlySet<number>; readonly events: ReadonlySet<number> },
    catalogues: CataloguePool,
  ) {
    this.options = options;
    this.random = random;
    this.#runEngine = runEngine;
    this.#checks = random.fork('checks');
    this.#moment = random.fork('moments');
    this.#power = random.fork('power');
    const plan = { ...options.faults, suppressed: suppressed.faults };
    this.faults = new FaultPlan(random.fork('faults'), plan);
    this.actions = new UserActions(random.fork('user'), options.poolSize);
    this.devices = Array.from({ length: options.devices }, (_, index) => {
      const name = `device${String(index + 1)}`;
      return new SimulatedDevice(name, this.time, random.fork(name), index, catalogues);
    });
    this.destinations = this.#makeDestinations();
    this.views = new Map(
      this.destinations.map((place) => [urlOf(place), new DestinationView(place)]),
    );
    this.events = new WorldEvents(this, random.fork('events'), suppressed.events);
    this.scheduler = new SimulatedScheduler({
      random: random.fork('schedule'),
      time: this.time,
      trace: this.trace,
      faults: this.faults,
      mode: options.mode,
      stepMs: random.fork('speed').pick([1, 20, 400]),
      maxSteps,
      beforeStep: () => {
        this.#maybeHappen();
      },
      afterStep: () => {
        this.#afterStep();
      },
      crash: (process, label) => {
        this.trace.add(`${process.name} dies at ${label}`);
        this.#die(process);
      },
    });
    this.#populate();
  }

  /** From now on nothing goes wrong and nobody touches anything. */
  calmDown(): void {
    this.#eventsEnabled = false;
    this.faults.stop();
  }

  kill(device: SimulatedDevice): void {
    if (device.process !== null) this.#killers.get(device.process)?.();
  }

  losePower(device: SimulatedDevice, random: SeededRandom): void {
    this.kill(device);
    const catalogue = device.catalogue;
    const promised = this.#promises.of(device);
    device.losePower(random);
    if (device.catalogue !== catalogue) this.trace.add(`${device.name} loses its latest commits`);
    this.#promises.check(device, promised);
  }

  /** Runs the engine on a device until it ends, one way or another. */
  async sync(device: SimulatedDevice, confirmVanished = false): Promise<FinishedRun> {
    device.runs += 1;
    const name = `${device.name}.${String(device.runs)}`;
    const process: SimulatedProcess = { name, mortal: true, alive: true };
    const controller = new AbortController();
    device.process = process;
    device.cancel = () => {
      controller.abort();
    };
    this.trace.add(`${name} begins`);
    const clock = new SimulatedClock(this.time, this.scheduler, process, device.wall);
    const traffic = new Map<string, TrafficRecord>();
    const session = this.#session(device, process, clock, traffic, confirmVanished);
    const killed = new Promise<Ended>((resolve) => {
      this.#killers.set(process, () => {
        process.alive = false;
        this.scheduler.forget(process);
        device.catalogue.forgetMemory();
        resolve({ summary: null, error: null });
      });
    });
    const finished = this.#runEngine(session, controller.signal).then(
      (summary): Ended => ({ summary, error: null }),
      (error: unknown): Ended => ({ summary: null, error }),
    );
    const ended = await Promise.race([killed, finished]);
    this.#afterRun(device, process, ended, traffic);
    return { ...ended, traffic };
  }

  /** Ends the schedule with this violation at its next step. */
  breakOff(violation: InvariantViolation): void {
    this.#broken ??= violation;
  }

  /** The invariants that hold at every moment. */
  check(): void {
    const { devices, views, actions } = this;
    const stored = Array.from(views.values(), (view) => view.version);
    checkUserFiles(devices);
    for (const device of devices) {
      this.#unchanged.unless(`verified ${device.name}`, [...catalogueOf(device), ...stored], () => {
        checkVerified([device], views);
      });
    }
    this.#unchanged.unless('journals', stored, () => {
      checkJournals(views);
    });
    for (const device of devices) {
      const standing = device.ownVolumes.map((volume) => volume.version);
      const versions = [...catalogueOf(device), actions.everVacated.size, ...standing];
      this.#unchanged.unless(`absence ${device.name}`, versions, () => {
        checkAbsence([device], actions.everVacated);
      });
    }
    checkDeviceIds(devices, views);
  }

  dispose(): void {
    for (const device of this.devices) device.dispose();
  }

  #afterRun(
    device: SimulatedDevice,
    process: SimulatedProcess,
    ended: Ended,
    traffic: ReadonlyMap<string, TrafficRecord>,
  ): void {
    const how = ended.error === null ? 'ends' : `fails: ${failureOf(ended.error).message}`;
    if (process.alive) this.trace.add(`${process.name} ${how}`);
    const left = this.scheduler.pendingOf(process).filter((label) => !looksOnly.test(label));
    if (process.alive && left.length > 0) {
      throw new InvariantViolation(
        'work-after-end',
        `${process.name} ended with work under way: ${left.join(', ')}.`,
      );
    }
    process.alive = false;
    this.scheduler.forget(process);
    this.#killers.delete(process);
    device.process = null;
    device.cancel = null;
    for (const record of traffic.values()) {
      const [violation] = record.violations;
      if (violation !== undefined) throw new InvariantViolation('retries', violation);
    }
    if (ended.error !== null && failureOf(ended.error).code === 'bug') {
      const stack = ended.error instanceof Error ? (ended.error.stack ?? '') : '';
      throw new InvariantViolation('no-bug', `${process.name} ended with a bug: ${stack}`);
    }
    this.check();
  }

  #die(process: SimulatedProcess): void {
    const device = this.devices.find((other) => other.process === process);
    const powerFails = this.options.powerLoss && this.#power.chance(powerLosses);
    if (device === undefined || !powerFails) {
      this.#killers.get(process)?.();
      return;
    }
    this.trace.add(`* ${device.name} loses power`);
    this.losePower(device, this.#power);
  }

  #maybeHappen(): void {
    const { maxEvents, eventRate } = this.options;
    if (!this.#eventsEnabled || this.events.count >= maxEvents) return;
    if (!this.#moment.chance(eventRate)) return;
    const what = this.events.next();
    if (what === null) return;
    this.trace.add(`* ${what}`);
    this.check();
  }

  #afterStep(): void {
    if (this.#broken !== null) throw this.#broken;
    if (this.#checks.chance(0.02)) this.check();
    else checkUserFiles(this.devices);
  }

  #populate(): void {
    const random = this.random.fork('populate');
    for (const device of this.devices) {
      for (let index = 0; index < this.options.photosAtStart; index += 1) {
        const { volume, root } = pickRoot(device, random);
        this.trace.add(`* ${this.actions.addPhoto(volume, root)}`);
      }
    }
  }

  #makeDestinations(): SharedDestination[] {
    const random = this.random.fork('destinations');
    const { cloud, folder } = this.options;
    const destinations: SharedDestination[] = [];
    if (cloud) {
      const atomic = random.chance(0.7);
      const serverHash = random.chance(0.6);
      destinations.push({
        kind: 'cloud',
        name: 'cloud',
        bucket: new SimulatedBucket('cloud'),
        options: { createOnly: atomic ? 'atomic' : 'checked', serverHash },
      });
    }
    if (folder) {
      const volume = new SimulatedVolume({
        name: 'nas',
        device: 900,
        caseSensitive: random.chance(0.7),
        normalisation: random.pick(['exact', 'exact', 'insensitive', 'nfd']),
        granularityMs: random.pick([1, 2000]),
        hardLinks: random.chance(0.8),
        capacity: random.chance(0.1) ? 3000 : 10_000_000,
        now: () => simulatedEpochMs + Math.floor(this.time.elapsed),
      });
      if (random.chance(preparedFolders)) volume.makeDirectory(['backup'], 'user');
      destinations.push({ kind: 'folder', name: 'folder', volume });
      for (const device of this.devices) device.mounts.mount(folderMountPoint, volume);
    }
    return destinations;
  }

  #session(
    device: SimulatedDevice,
    process: SimulatedProcess,
    clock: SimulatedClock,
    traffic: Map<string, TrafficRecord>,
    confirmVanished: boolean,
  ): EngineSession {
    const fileSystem = new SimulatedFileSystem(device.mounts, this.scheduler, process);
    const mediaReader = new SimulatedMediaReader(fileSystem, this.scheduler, process);
    const random = this.random.fork(`engine ${process.name}`);
    const destinations = this.destinations.map((place) => {
      const inner: Destination =
        place.kind === 'cloud'
          ? new SimulatedCloud(place.bucket, this.scheduler, process, clock, place.options)
          : new FileDestination({
              root: folderDestinationPath,
              fileSystem,
              mediaReader,
              random,
              owner: device.name,
              purpose: device.catalogue.view.marker(urlOf(place)) !== null ? 'write' : 'setUp',
            });
      const record = new TrafficRecord(clock, maxRequestAttempts);
      this.#promises.watch(device, urlOf(place), record);
      traffic.set(urlOf(place), record);
      const destination = new ObservedDestination(inner, record);
      return { url: urlOf(place), name: place.name, destination };
    });
    return {
      deviceName: device.name,
      clock,
      random,
      fileSystem,
      mediaReader,
      database: device.catalogue.connection,
      memory: device.catalogue.memory,
      catalogueDisk: this.#catalogueDisk(device, process),
      onBackedUp: (url, hash) => {
        this.#promises.told(device, url, hash);
      },
      destinations,
      roots: device.roots,
      confirmVanished,
    };
  }

  #catalogueDisk(device: SimulatedDevice, process: SimulatedProcess): CatalogueDisk {
    const { unsynced } = device.catalogue;
    return {
      begin: () => {
        if (!this.options.powerLoss) return;
        this.#promises.beforeCommit(device);
        unsynced.begin();
      },
      made: () => {
        unsynced.made();
      },
      sync: () => {
        const done = unsynced.sync();
        return this.scheduler.step({
          process,
          label: 'commit to the catalogue',
          faults: ['EIO'],
          perform: (fault) => {
            if (fault !== null) {
              // The engine asks to be started again.
              device.catalogue.forgetMemory();
              throw fail('unreadable', 'The disk of the catalogue fails.');
            }
            done();
          },
        });
      },
    };
  }
}

interface Ended {
  readonly summary: RunSummary | null;
  readonly error: unknown;
}

/** What changes when the catalogue, or the one that a device has, does. */
function catalogueOf({ catalogue, foreignCatalogue }: SimulatedDevice): readonly unknown[] {
  return [catalogue, catalogue.view.version, foreignCatalogue];
}

/** The URL by which the engine knows a destination. */
export function urlOf(place: SharedDestination): string {
  return place.kind === 'cloud' ? 's3://simulated' : folderUrl;
}
