import type { DestinationStatus } from '../../../../shared/contract/app/destinations.ts';
import type { AppHandlers } from '../../../../shared/contract/app/methods.ts';
import { parseDestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail, failureOf, type Failure } from '../../../../shared/domain/failure.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Destination } from '../../destinations/contract.ts';
import type { Engine } from '../../runtime/engine.ts';
import type { Finding } from '../../verify/compare.ts';
import type { ReadingRounds } from '../../verify/reading-rounds.ts';
import { sweepLeftovers } from '../../verify/sweep-leftovers.ts';
import { verifyDestination } from '../../verify/verify-destination.ts';
import type { VerifyEvent, VerifySummary } from '../../verify/verify-tally.ts';
import type { History } from '../history.ts';
import type { StoredDestination } from '../settings/stored-settings.ts';

type Progress = NonNullable<DestinationStatus['verifying']>;

export interface VerificationPorts {
  readonly engine: Engine;
  readonly catalog: Catalog;
  readonly history: History;
  readonly rounds: ReadingRounds;
  /** @throws `notFound` */
  readonly stored: (id: string) => StoredDestination;
  /** Runs while no sync does. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>;
  readonly onProgress: () => void;
  /** Something may have to be uploaded again. */
  readonly onLoss: () => void;
}

/** Looks after what destinations hold: compares it with what is recorded, and records it anew. */
export class Verification {
  readonly #ports: VerificationPorts;
  readonly #running = new Map<string, Progress>();
  readonly #works = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(ports: VerificationPorts) {
    this.#ports = ports;
  }

  get handlers(): Pick<AppHandlers, 'destinations.verify' | 'destinations.rebuild'> {
    return {
      'destinations.verify': ({ id, readPercent }) => {
        this.#start(this.#backup(id), readPercent);
        return Promise.resolve({});
      },
      'destinations.rebuild': async ({ id }, signal) => {
        await this.#rebuild(this.#backup(id), signal);
        return {};
      },
    };
  }

  /** @throws `invalid` for a place that only shows photos: there is nothing to compare or to rebuild from */
  #backup(id: string): StoredDestination {
    const stored = this.#ports.stored(id);
    this.#ports.engine.registry.backupKind(parseDestinationUrl(stored.url));
    return stored;
  }

  /** How far the verification of a destination is; null where none is running. */
  progress(id: string): Progress | null {
    return this.#running.get(id) ?? null;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled([...this.#works]);
  }

  #start(stored: StoredDestination, percent: number): void {
    if (this.#running.has(stored.id)) {
      throw fail('busy', `${stored.name} is being verified already.`);
    }
    this.#running.set(stored.id, { done: 0, total: 0 });
    this.#ports.onProgress();
    const work = this.#verify(stored, percent === 0 ? null : percent).finally(() => {
      this.#running.delete(stored.id);
      this.#works.delete(work);
      this.#ports.onProgress();
    });
    this.#works.add(work);
  }

  async #verify(stored: StoredDestination, percent: number | null): Promise<void> {
    const { history, engine, onLoss } = this.#ports;
    let losses = 0;
    let failure: Failure | null = null;
    let summary: VerifySummary | null = null;
    try {
      summary = await this.#compare(stored, percent, () => {
        losses += 1;
      });
      if (losses > 0) failure = lost(losses);
    } catch (error) {
      failure = failureOf(error);
      if (failure.code === 'cancelled') return;
      engine.logger.warn('not verified', { code: failure.code });
    }
    history.add('verified', {
      destination: stored.id,
      photos: summary?.intact ?? 0,
      bytes: summary?.bytesRead ?? 0,
      ...(failure === null ? {} : { failure }),
    });
    if (losses > 0) onLoss();
  }

  async #compare(
    stored: StoredDestination,
    percent: number | null,
    onLoss: () => void,
  ): Promise<VerifySummary> {
    const { engine, catalog, rounds } = this.#ports;
    const { url, name, id } = stored;
    const ledger = catalog.ledger(catalog.deliveries.ensureDestination(url, name).id);
    const destination = await engine.open(parseDestinationUrl(url), 'read');
    const opened = [destination];
    try {
      await destination.check(this.#stop.signal);
      const onEvent = (event: VerifyEvent): void => {
        if (event.event === 'progress') {
          this.#running.set(id, { done: event.done, total: event.total ?? event.done });
          this.#ports.onProgress();
        } else if (isLoss(event.finding)) {
          ledger.recordLoss({ key: event.finding.object.key });
          onLoss();
        }
      };
      const summary = await verifyDestination(
        {
          destination,
          ledger,
          readData: percent === null ? null : { percent, order: 'oldest-first' },
          resume: await this.#roundOf(url, percent),
        },
        { clock: engine.clock, onEvent },
        this.#stop.signal,
      );
      await rounds.end(url);
      const forWriting = async (): Promise<Destination> => {
        const writer = await engine.open(parseDestinationUrl(url), 'write');
        opened.push(writer);
        return writer;
      };
      await sweepLeftovers(destination, forWriting, engine, this.#stop.signal);
      return summary;
    } finally {
      for (const one of opened) await engine.release(one);
    }
  }

  /** A round of reading that was broken off goes on where it stopped. */
  async #roundOf(url: string, percent: number | null): Promise<{ roundStartedMs: number } | null> {
    if (percent === null) return null;
    const { rounds, engine } = this.#ports;
    const begun = await rounds.find(url, percent);
    const roundStartedMs = begun ?? engine.clock.now();
    if (begun === null) await rounds.begin(url, percent, roundStartedMs);
    return { roundStartedMs };
  }

  /**
   * Forgets what is recorded of a destination; the next run reads it from the journals again and proves every
   * photo before it counts. Only while the destination is there: an empty place must not be set up anew.
   */
  async #rebuild(stored: StoredDestination, signal: AbortSignal): Promise<void> {
    const { engine, catalog, exclusively, history } = this.#ports;
    const { id } = catalog.deliveries.ensureDestination(stored.url, stored.name);
    const either = AbortSignal.any([signal, this.#stop.signal]);
    await exclusively(async () => {
      const destination = await engine.open(parseDestinationUrl(stored.url), 'write');
      try {
        await destination.check(either);
        catalog.forgetDestination(id);
      } finally {
        await engine.release(destination);
      }
    });
    history.add('changed', { destination: stored.id });
  }
}

/** Findings that take back that something is backed up: the next run sends it again. */
function isLoss(
  finding: Finding,
): finding is Extract<Finding, { kind: 'missing' | 'wrongSize' | 'corrupt' }> {
  return ['missing', 'wrongSize', 'corrupt'].includes(finding.kind);
}

function lost(count: number): Failure {
  return {
    code: 'corrupt',
    message: `${String(count)} ${count === 1 ? 'file is' : 'files are'} missing or damaged at the destination.`,
    hint: 'They are uploaded again as long as they are on this computer.',
  };
}
