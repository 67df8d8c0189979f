import type { Catalog } from '../catalog/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import { publishSegment } from '../transfer/publish-journal.ts';
import type { SyncTarget } from './run-sync.ts';

/**
 * Writes what was proven into the journals of the destinations, after a run was cut off: within the time of
 * the signal, or else the next run does it. Never rejects.
 */
export async function publishProven(
  targets: readonly SyncTarget[],
  ports: { readonly catalog: Catalog; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const rows = ports.catalog.deliveries.destinations();
  await Promise.allSettled(
    targets.map(async ({ url, destination }) => {
      const row = rows.find((one) => one.url === url);
      if (row?.marker == null) return;
      const journal = { ...ports, destination, destinationId: row.id };
      while ((await publishSegment(journal, signal)) === 'published');
    }),
  );
}
