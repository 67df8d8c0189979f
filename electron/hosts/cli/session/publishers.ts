import type { PublishTotals } from '../../../../shared/contract/sync-events.ts';
import type { Catalog } from '../../../engine/catalog/catalog.ts';

/** No run has it: what was shown in any run was shown before. */
const noRun = -1;

/** Destinations that only show photos, each with what it shows of all folders. */
export function publishersOf(
  catalog: Catalog,
): { readonly name: string; readonly url: string; readonly totals: PublishTotals }[] {
  const scope = { rootIds: catalog.files.roots().map(({ id }) => id) };
  return catalog.publications.publishers().map(({ id, name, url }) => {
    const { waiting, failed, ...totals } = catalog.publications.totals(id, scope, noRun);
    return { name, url, totals: { ...totals, failed: failed + waiting } };
  });
}
