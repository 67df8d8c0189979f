import { FileDestination } from '../../../electron/engine/destinations/file/file-destination.ts';
import type { Destination } from '../../../electron/engine/destinations/contract.ts';
import { failureOf } from '../../../shared/domain/failure.ts';
import type { EngineSession, RunEngine, RunSummary } from './engine-session.ts';
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
import { SimulatedVolume } from './simulated-volume.ts';
import type { SimulatedProcess } from './steps.ts';
import { Trace } from './trace.ts';
import { UserActions } from './user-actions.ts';
import { WorldEvents, pickRoot } from './world-events.ts';
import type { WorldControl } from './world-events.ts';
import type { WorldOptions } from './world-options.ts';

/** Steps after which a schedule counts as one that never comes to rest. */
const maxSteps = 60_000;
/** Share of worlds in which the user made the destination folder beforehand. */
const preparedFolders = 0.5;
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
  #broken: InvariantViolation | null = null;
  #eventsEnabled = true;
  #moment: SeededRandom;

  constructor(
    options: WorldOptions,
    random: SeededRandom,
    runEngine: RunEngine,
    suppressed: { readonly faults: ReadonlySet<number>; readonly events: ReadonlySet<number> },
    blankCatalogue?: Uint8Array,
  ) {
    this.options = options;
    this.random = random;
    this.#runEngine = runEngine;
    this.#checks = random.fork('checks');
    this.#moment = random.fork('moments');
    const plan = { ...options.faults, suppressed: suppressed.faults };
    this.faults = new FaultPlan(random.fork('faults'), plan);
    this.actions = new UserActions(random.fork('user'), options.poolSize);
    this.devices = Array.from({ length: options.devices }, (_, index) => {
      const name = `device${String(index + 1)}`;
      return new SimulatedDevice(name, this.time, random.fork(name), index, blankCatalogue);
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
        this.#killers.get(process)?.();
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
    checkUserFiles(this.devices);
    checkVerified(this.devices, this.views);
    checkJournals(this.views);
    checkAbsence(this.devices, this.actions.everVacated);
    checkDeviceIds(this.devices, this.views);
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
      destinations,
      roots: device.roots,
      confirmVanished,
    };
  }
}

interface Ended {
  readonly summary: RunSummary | null;
  readonly error: unknown;
}

/** The URL by which the engine knows a destination. */
export function urlOf(place: SharedDestination): string {
  return place.kind === 'cloud' ? 's3://simulated' : folderUrl;
}
