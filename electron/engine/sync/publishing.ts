import type { PublishTotals, SyncEvent } from '../../../shared/contract/sync-events.ts';
import type { Failure } from '../../../shared/domain/failure.ts';
import type { Scope } from '../catalog/deliveries.ts';
import type { Publisher } from '../destinations/publisher.ts';
import type { EnginePorts } from '../engine-ports.ts';
import { PublishSession } from '../publish/publish-session.ts';
import { below } from '../scan/roots.ts';
import type { SyncObserver } from './observer.ts';
import { parseFailure } from './report.ts';

/** A destination that only shows photos: worked for behind the backup, and no part of it. */
export interface PublishTarget {
  readonly url: string;
  /** Short name for people and scripts. */
  readonly name: string;
  readonly publisher: Publisher;
}

export interface PublishingOptions {
  readonly targets: readonly PublishTarget[];
  readonly scope: Scope;
  readonly run: number;
  readonly retryFailed: boolean;
  readonly dryRun: boolean;
  readonly observer: SyncObserver;
}

const waiting: Failure = {
  code: 'busy',
  message: 'The photo is not shown there yet.',
  hint: 'Run the same command again.',
};

/** A run's work for the destinations that only show photos: one after the other, behind the backup. */
export class Publishing {
  readonly #ports: EnginePorts;
  readonly #options: PublishingOptions;
  readonly #onEvent: (event: SyncEvent) => void;
  readonly #sessions: readonly { id: number; target: PublishTarget; session: PublishSession }[];

  constructor(ports: EnginePorts, options: PublishingOptions, onEvent: (event: SyncEvent) => void) {
    this.#ports = ports;
    this.#options = options;
    this.#onEvent = onEvent;
    this.#sessions = options.targets.map((target) => this.#open(target));
  }

  /** One after the other, since several may belong to one account. Only cancelling rejects. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#options.dryRun) return;
    for (const { session } of this.#sessions) await session.run(signal);
  }

  /** Names every photo that is not shown, each with its reason. */
  report(): void {
    if (this.#options.dryRun) return;
    const { publications } = this.#ports.catalog;
    for (const { id, target, session } of this.#sessions) {
      for (const item of publications.unpublished(id, this.#options.scope)) {
        this.#onEvent({
          event: 'notPublished',
          destination: target.name,
          path: item.path,
          skipped: item.skipped,
          failure: parseFailure(item.failure) ?? session.stopped ?? waiting,
        });
      }
    }
  }

  /** By name; null where there is nothing to publish to. */
  totals(): Record<string, PublishTotals & { readonly error?: Failure }> | null {
    if (this.#sessions.length === 0) return null;
    const { scope, run } = this.#options;
    return Object.fromEntries(
      this.#sessions.map(({ id, target, session }) => {
        const totals = this.#ports.catalog.publications.totals(id, scope, run);
        const { published, alreadyPublished, skipped, failed } = totals;
        return [
          target.name,
          {
            ...{ published, alreadyPublished, skipped },
            failed: failed + totals.waiting,
            ...(session.stopped === null ? {} : { error: session.stopped }),
          },
        ];
      }),
    );
  }

  #open(target: PublishTarget): { id: number; target: PublishTarget; session: PublishSession } {
    const { catalog } = this.#ports;
    const { scope, run, retryFailed, observer } = this.#options;
    const { id } = catalog.publications.ensurePublisher(target.url, target.name);
    const session = new PublishSession(
      this.#ports,
      { publisherId: id, publisher: target.publisher, scope, run, retryFailed },
      {
        onPublished: ({ assetId, hash, bytes, name }) => {
          const [place] = catalog.files.locationsOf(assetId);
          const path = place === undefined ? name : below(place.rootPath, place.path);
          this.#onEvent({ event: 'published', destination: target.name, path, hash, bytes });
        },
        onProgress: () => undefined,
        onConnected: () => {
          observer.onDestination?.(target.url, null);
        },
        onStopped: (failure) => {
          observer.onDestination?.(target.url, failure);
        },
      },
    );
    return { id, target, session };
  }
}
