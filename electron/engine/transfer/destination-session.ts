import { fail, failureOf, type Failure } from '../../../shared/domain/failure.ts';
import type { Catalog, LostJournal } from '../catalog/catalog.ts';
import type { Delivery, Scope } from '../catalog/deliveries.ts';
import type { StoredObject } from '../catalog/objects.ts';
import type { Destination } from '../destinations/contract.ts';
import type { EnginePorts } from '../engine-ports.ts';
import { planContest } from '../planner/plan-contest.ts';
import type { CommitQueue } from '../flow/commit-queue.ts';
import type { Wakeup } from '../flow/wakeup.ts';
import { workThrough } from '../flow/work-through.ts';
import { claimStrays, findStrays, type StrayPorts } from './claim-strays.ts';
import { deliver, type Outcome } from './deliver.ts';
import { ensureMarker, readMarker } from './marker.ts';
import { holdsOwnTrace, ownJournal } from './own-trace.ts';
import { mergeJournals } from './merge-journals.ts';
import { prove } from './prove.ts';
import { publishSegment } from './publish-journal.ts';
import { mayBeOne, shownKey } from './shown-key.ts';

/** Journal entries that wait before a segment is written in the middle of a run. */
const entriesBeforePublishing = 1500;
/** Photos after which the waiting entries are counted again; counting has its price. */
const outcomesPerCount = 50;
/** Longest time that a proven photo stays out of the journal while a run goes on, milliseconds. */
const longestUnpublishedMs = 60_000;
/** Rounds of settling what other devices did meanwhile; more would mean that they never stop. */
const settlingRounds = 8;

export interface SessionListener {
  onOutcome(delivery: Delivery, outcome: Outcome): void;
  onProgress(assetId: number, bytes: number): void;
  onNotice(failure: Failure): void;
  /** It was reached and recognised. */
  onConnected?(): void;
  /** The destination as a whole came to a stop; `asks`: only a person can say whether it may go on. */
  onStopped?(failure: Failure, asks: boolean): void;
}

export interface SessionOptions {
  readonly destinationId: number;
  readonly destination: Destination;
  readonly scope: Scope;
  readonly run: number;
  /** Told of everything that may give this session work. */
  readonly wakeup: Wakeup;
  readonly commits: CommitQueue;
  /** Whether reading files may still bring new work. */
  readonly moreToCome: () => boolean;
  /** Whether what failed in an earlier run is tried again at once. */
  readonly retryFailed: boolean;
  /** Writes nothing at the destination. */
  readonly dryRun: boolean;
  /** The destination was checked and recognised a moment ago. */
  readonly known: boolean;
  /** The person said that the destination was emptied or replaced on purpose. */
  readonly startAnew: boolean;
}

/** One run's work with one destination: merge what others did, deliver, journal, settle, in that order. */
export class DestinationSession {
  readonly #ports: EnginePorts;
  readonly #options: SessionOptions;
  readonly #listener: SessionListener;
  readonly #catalog: Catalog;
  readonly #active = new Set<number>();
  #connected = false;
  #asks = false;
  #delivering = true;
  #stopped: Failure | null = null;
  #publishing: Promise<void> | null = null;
  #publishedAt = 0;
  #uncounted = 0;

  constructor(ports: EnginePorts, options: SessionOptions, listener: SessionListener) {
    this.#ports = ports;
    this.#options = options;
    this.#listener = listener;
    this.#catalog = ports.catalog;
  }

  /** Why the whole destination came to a stop; null while it works. */
  get stopped(): Failure | null {
    return this.#stopped;
  }

  /** Whether photos may still be found to need another look by the deliveries of this session. */
  get delivering(): boolean {
    return this.#delivering;
  }

  /**
   * Works until nothing is left that this run can do; may be called again when more came up. A failure of
   * the destination as a whole ends up in {@link stopped}; only cancelling and bugs reject.
   */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#stopped !== null) return;
    try {
      if (!this.#connected) {
        await this.#connect(signal);
        this.#connected = true;
        this.#listener.onConnected?.();
      }
      if (!this.#options.dryRun) await this.#work(signal);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'cancelled' && signal.aborted) throw error;
      this.#stop(failure);
      if (failure.code === 'bug') throw error;
    } finally {
      // Nothing of this run may still be under way when it has ended.
      await this.#publishing;
      this.#delivering = false;
      this.#options.wakeup.notify();
    }
  }

  /** Whether the run left something that could be done now. */
  get hasWork(): boolean {
    return this.#stopped === null && !this.#options.dryRun && this.#ready(1).length > 0;
  }

  async #work(signal: AbortSignal): Promise<void> {
    for (let round = 0; round < settlingRounds; round += 1) {
      this.#delivering = true;
      await this.#deliverAll(signal);
      this.#delivering = false;
      this.#options.wakeup.notify();
      if (this.#stopped !== null) return;
      await this.#dropUnreachable(signal);
      await this.#publishAll(signal);
      await this.#merge(signal);
      await this.#settleContests(signal);
      await this.#publishAll(signal);
      await this.#removeRetired(signal);
      if (!this.hasWork) return;
    }
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const { destination, destinationId, scope } = this.#options;
    this.#publishedAt = this.#ports.clock.monotonic();
    this.#catalog.deliveries.requeueUnfinished(destinationId, this.#options.retryFailed);
    this.#catalog.deliveries.queueAll(destinationId, scope);
    if (this.#options.known) return;
    await destination.check(signal);
    let merged = await this.#recognise(signal);
    const own = this.#ownId;
    if (!this.#options.dryRun && (await ownJournal(this.#journalPorts, signal)) === 'lost') {
      this.#becomeNewDevice({ destinationId, device: own });
      merged = false;
    }
    if (merged) await claimStrays(this.#journalPorts, signal);
    else await this.#merge(signal);
  }

  /**
   * The destination must be the one that the catalogue's claims are about.
   * @returns whether the journals of others were merged on the way
   */
  async #recognise(signal: AbortSignal): Promise<boolean> {
    const { destination, destinationId, dryRun, startAnew } = this.#options;
    const { deliveries } = this.#catalog;
    const remembered = deliveries.destination(destinationId).marker;
    const found =
      remembered === null && !dryRun
        ? await ensureMarker(destination, this.#ports, signal)
        : await readMarker(destination, signal);
    const differs = remembered !== null && found !== remembered;
    if (differs && !(await holdsOwnTrace(this.#journalPorts, signal))) {
      if (!startAnew) {
        this.#asks = true;
        throw fail(
          'offline',
          found === null
            ? 'The destination does not hold the backup that was made there.'
            : 'The destination holds another backup than the one that was made there.',
          {
            hint: 'Connect the right drive or name the right folder. If you emptied or replaced it on purpose, add --start-anew: everything is uploaded again.',
          },
        );
      }
      this.#catalog.forgetDestination(destinationId);
    }
    if (dryRun) return false;
    const marker = found ?? (await ensureMarker(destination, this.#ports, signal));
    const isNew = deliveries.destination(destinationId).marker === null;
    if (isNew) {
      await this.#merge(signal);
      await findStrays(this.#journalPorts, signal);
    }
    deliveries.rememberMarker(destinationId, marker);
    return isNew;
  }

  get #journalPorts(): StrayPorts {
    const { destination, destinationId } = this.#options;
    return { catalog: this.#catalog, clock: this.#ports.clock, destination, destinationId };
  }

  /**
   * What was edited or deleted before it could be backed up; unless its upload had come through after all,
   * which makes it an old version that is kept.
   */
  async #dropUnreachable(signal: AbortSignal): Promise<void> {
    const { destination, destinationId, run } = this.#options;
    for (const delivery of this.#catalog.deliveries.unreachable(destinationId)) {
      const { key } = delivery;
      const verdict =
        key === null ? null : await prove(destination, key, { ...delivery, tag: null }, signal);
      if (key === null || verdict?.holds !== true) {
        this.#catalog.deliveries.drop(delivery);
        continue;
      }
      const { method, tag } = verdict;
      const shown = await shownKey(destination, key, signal);
      const proof = { key: shown, method, tag, uploaded: false };
      this.#catalog.recordProof(delivery, proof, run, this.#ports.clock.now());
    }
  }

  async #merge(signal: AbortSignal): Promise<void> {
    const merged = await mergeJournals(this.#journalPorts, signal);
    for (const { failure } of merged.problems) this.#listener.onNotice(failure);
    if (this.#options.dryRun) return;
    if (merged.cloned !== null) {
      this.#leaveToClone(merged.cloned);
      await mergeJournals(this.#journalPorts, signal);
      // What the catalogue forgot when it was set back may lie there unnamed.
      await findStrays(this.#journalPorts, signal);
    }
    await claimStrays(this.#journalPorts, signal);
  }

  get #ownId(): string {
    return this.#catalog.identity.device()?.id ?? '';
  }

  /** Somebody else writes under an id: it is theirs, unless that was noticed at another destination before. */
  #leaveToClone(id: string): void {
    if (this.#ownId === id) this.#becomeNewDevice(null);
  }

  /** `lost`: what that journal told at this destination has to be told again. */
  #becomeNewDevice(lost: LostJournal | null): void {
    const { clock, random } = this.#ports;
    const name = this.#catalog.identity.device()?.name ?? '';
    const id = Buffer.from(random.bytes(8)).toString('hex');
    this.#catalog.becomeNewDevice({ id, name }, clock.now(), lost);
  }

  #ready(limit: number): Delivery[] {
    const { destinationId, scope } = this.#options;
    return this.#catalog.deliveries
      .ready(destinationId, scope, this.#ports.clock.now(), limit + this.#active.size)
      .filter((delivery) => !this.#active.has(delivery.assetId));
  }

  /** Keeps as many transfers going as the destination makes sense of, until no work is left or to come. */
  async #deliverAll(signal: AbortSignal): Promise<void> {
    const { wakeup, moreToCome, destination } = this.#options;
    const { max } = destination.capabilities.concurrency;
    await workThrough<Delivery>(
      {
        // Half of them wait for a turn, so that no transfer waits for the catalogue.
        atOnce: 2 * max,
        next: () => this.#ready(4 * max),
        keyOf: (delivery) => delivery.assetId,
        inHand: this.#active,
        perform: (delivery, aborted) => this.#deliverOne(delivery, aborted),
        moreToCome,
        stopped: () => this.#stopped !== null,
        wakeup,
      },
      signal,
    );
  }

  async #deliverOne(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const { destination, run } = this.#options;
    const outcome = await deliver(
      delivery,
      {
        ...this.#ports,
        destination,
        commits: this.#options.commits,
        run,
        onProgress: (assetId, bytes) => {
          this.#listener.onProgress(assetId, bytes);
        },
      },
      signal,
    );
    if (outcome.result === 'failed' && outcome.plan.stopDestination) this.#stop(outcome.failure);
    this.#listener.onOutcome(delivery, outcome);
    this.#publishInBackground(signal);
  }

  #stop(failure: Failure): void {
    if (this.#stopped === null) {
      this.#stopped = failure;
      this.#listener.onStopped?.(failure, this.#asks);
    }
    this.#options.wakeup.notify();
  }

  #publishInBackground(signal: AbortSignal): void {
    if (this.#publishing !== null || this.#stopped !== null) return;
    const overdue = this.#ports.clock.monotonic() - this.#publishedAt > longestUnpublishedMs;
    this.#uncounted += 1;
    if (!overdue && this.#uncounted < outcomesPerCount) return;
    this.#uncounted = 0;
    const waiting = this.#catalog.outbox.countWaiting(this.#options.destinationId);
    if (waiting < entriesBeforePublishing && !(overdue && waiting > 0)) return;
    this.#publishing = this.#publishOne(signal)
      .then(() => undefined)
      .catch((error: unknown) => {
        // Publishing is repeated, and its failure reported, at the end of the run.
        this.#ports.logger.warn('journal not published', { code: failureOf(error).code });
      })
      .finally(() => {
        this.#publishing = null;
      });
  }

  async #publishOne(signal: AbortSignal): Promise<boolean> {
    this.#publishedAt = this.#ports.clock.monotonic();
    const own = this.#ownId;
    const published = await publishSegment(this.#journalPorts, signal);
    if (published === 'foreign') this.#leaveToClone(own);
    return published !== 'nothing';
  }

  async #publishAll(signal: AbortSignal): Promise<void> {
    await this.#publishing;
    while (await this.#publishOne(signal));
  }

  /**
   * Where devices raced, the object that does not stay is given up, once the other one is proven: by its
   * bytes, since an unchanged version tag is not enough to let go of what may be the only sound copy.
   */
  async #settleContests(signal: AbortSignal): Promise<void> {
    const { destinationId } = this.#options;
    const { objects, assets } = this.#catalog;
    for (const assetId of objects.contested(destinationId)) {
      const contest = planContest(objects.ofAsset(assetId, destinationId));
      if (contest === null) {
        objects.settle(destinationId, assetId);
        continue;
      }
      const { hash } = assets.byId(assetId);
      await this.#settle(contest.winner, contest.losers, hash, signal);
    }
  }

  async #settle(
    winner: StoredObject,
    losers: readonly StoredObject[],
    hash: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { destination, destinationId } = this.#options;
    const verdict = await prove(destination, winner.key, { ...winner, hash, tag: null }, signal);
    if (!verdict.holds) {
      this.#catalog.recordLoss(winner);
      return;
    }
    if (!destination.capabilities.remove) {
      this.#catalog.objects.settle(destinationId, winner.assetId);
      return;
    }
    for (const loser of losers) {
      if (await this.#areOne(winner.key, loser.key, signal)) continue;
      const now = this.#ports.clock.now();
      this.#catalog.recordRetirement(loser, winner, hash, verdict.method, now);
    }
    this.#catalog.objects.settle(destinationId, winner.assetId);
  }

  /** The removal was announced in the journal before; the bytes go only while another object holds them, proven. */
  async #removeRetired(signal: AbortSignal): Promise<void> {
    const { destination, destinationId } = this.#options;
    const { objects, assets } = this.#catalog;
    for (const object of objects.retiring(destinationId)) {
      const { hash } = assets.byId(object.assetId);
      const [winner] = objects.ofAsset(object.assetId, destinationId);
      const verdict =
        winner === undefined
          ? null
          : await prove(destination, winner.key, { ...winner, hash, tag: null }, signal);
      if (winner !== undefined && verdict?.holds === true) {
        if (!(await this.#areOne(winner.key, object.key, signal))) {
          await destination.remove(object.key, signal);
        }
        objects.setState(destinationId, object.key, 'retired');
      } else {
        if (winner !== undefined) this.#catalog.recordLoss(winner);
        this.#catalog.reinstate(object, hash, this.#ports.clock.now());
      }
    }
  }

  /** Whether two keys lead to one object, which must not go: the destination takes them for one name. */
  async #areOne(key: string, other: string, signal: AbortSignal): Promise<boolean> {
    if (!mayBeOne(key, other)) return false;
    const { destination } = this.#options;
    for (const one of [key, other]) {
      if ((await shownKey(destination, one, signal)) === one) continue;
      if ((await destination.stat(one, signal)) !== null) return true;
    }
    return false;
  }
}
