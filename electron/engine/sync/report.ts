import { z } from 'zod';

import type { SyncEvent, SyncSummary, SyncTotals } from '../../../shared/contract/sync-events.ts';
import { failureCodes, type Failure } from '../../../shared/domain/failure.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Scope } from '../catalog/deliveries.ts';
import type { DeliveredEverywhere } from '../catalog/totals.ts';
import { planDelivery } from '../planner/plan-delivery.ts';
import { below } from '../scan/roots.ts';

/** A destination at the end of a run. */
export interface ReportedDestination {
  readonly id: number;
  readonly name: string;
  /** Why the whole destination came to a stop. */
  readonly stopped: Failure | null;
}

const failureSchema = z.object({
  code: z.enum(failureCodes),
  message: z.string(),
  hint: z.string().optional(),
  retryAt: z.number().optional(),
});

const waiting: Failure = {
  code: 'busy',
  message: 'The photo has not been backed up yet.',
  hint: 'Run the same command again.',
};

/** Reads a failure that the catalogue kept. */
export function parseFailure(json: string | null): Failure | null {
  if (json === null) return null;
  const parsed = failureSchema.safeParse(JSON.parse(json));
  if (!parsed.success) return null;
  const { code, message, hint, retryAt } = parsed.data;
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(retryAt === undefined ? {} : { retryAt }),
  };
}

/** Names every photo that is not backed up, each with its reason. */
export function reportUnfinished(
  catalog: Catalog,
  scope: Scope,
  destinations: readonly ReportedDestination[],
  onEvent: (event: SyncEvent) => void,
): void {
  const byId = new Map(destinations.map((destination) => [destination.id, destination]));
  for (const item of catalog.totals.unfinished(scope, [...byId.keys()])) {
    const destination = item.destinationId === null ? undefined : byId.get(item.destinationId);
    onEvent({
      event: 'failed',
      destination: destination?.name ?? null,
      path: item.path,
      failure: parseFailure(item.failure) ?? destination?.stopped ?? waiting,
    });
  }
}

/** Names every photo that a real run would send; returns the number of distinct photos. */
export function reportWouldUpload(
  catalog: Catalog,
  scope: Scope,
  destinations: readonly ReportedDestination[],
  onEvent: (event: SyncEvent) => void,
): number {
  const photos = new Set<number>();
  for (const destination of destinations) {
    let after = 0;
    for (;;) {
      const page = catalog.deliveries.open(destination.id, scope, after, 500);
      for (const delivery of page) {
        after = delivery.assetId;
        const plan = planDelivery(
          delivery,
          catalog.objects.ofAsset(delivery.assetId, destination.id),
        );
        if (plan.action === 'adopt') continue;
        if (catalog.assets.byId(delivery.assetId).description.type.kind !== 'sidecar') {
          photos.add(delivery.assetId);
        }
        const [place] = catalog.files.locationsOf(delivery.assetId);
        onEvent({
          event: 'wouldUpload',
          destination: destination.name,
          path: place === undefined ? delivery.name : below(place.rootPath, place.path),
          key: plan.key,
          bytes: delivery.bytes,
        });
      }
      if (page.length === 0) break;
    }
  }
  return photos.size;
}

/** The figures of a run, which add up. */
export function summarise(run: {
  readonly catalog: Catalog;
  readonly scope: Scope;
  readonly run: number;
  readonly destinations: readonly ReportedDestination[];
  readonly ignored: number;
  readonly seconds: number;
  /** Null outside a dry run. */
  readonly wouldUpload: number | null;
}): SyncSummary {
  const { catalog, scope, destinations } = run;
  const { totals } = catalog;
  const ids = destinations.map(({ id }) => id);
  const found = totals.found(scope);
  const delivered = totals.allBackedUpBefore(ids, run.run)
    ? backedUpBefore(found.photos, ids.length)
    : totals.delivered(scope, ids, run.run);
  const worst: SyncTotals = {
    ...delivered.worst,
    bytesUploaded: totals.bytesUploaded(ids, run.run),
  };
  return {
    event: 'summary',
    ...found,
    ...(run.wouldUpload === null ? worst : planned(worst, found.photos, run.wouldUpload)),
    ignored: run.ignored + totals.ignored(scope),
    seconds: run.seconds,
    destinations: Object.fromEntries(
      destinations.map(({ id, name, stopped }, position) => [
        name,
        {
          ...(delivered.each[position] ?? delivered.worst),
          bytesUploaded: totals.bytesUploaded([id], run.run),
          ...(stopped === null ? {} : { error: stopped }),
        },
      ]),
    ),
  };
}

function backedUpBefore(photos: number, destinations: number): DeliveredEverywhere {
  const all = { uploaded: 0, alreadyBackedUp: destinations === 0 ? 0 : photos, failed: 0 };
  return { worst: all, each: Array.from({ length: destinations }, () => all) };
}

function planned(
  totals: SyncTotals,
  photos: number,
  wouldUpload: number,
): SyncTotals & { wouldUpload: number } {
  return { ...totals, alreadyBackedUp: photos - wouldUpload, failed: 0, wouldUpload };
}
