import type { PublishTotals } from '../../../../shared/contract/sync-events.ts';
import type { Failure } from '../../../../shared/domain/failure.ts';
import type { Catalog } from '../../../engine/catalog/catalog.ts';
import { parseFailure } from '../../../engine/sync/report.ts';

/** No run has it: what was shown in any run was shown before. */
const noRun = -1;

export interface PublisherState {
  readonly name: string;
  readonly url: string;
  readonly totals: PublishTotals;
  /** Why photos are not shown that were tried; the most frequent first. */
  readonly reasons: readonly { readonly failure: Failure | null; readonly count: number }[];
  /** Photos among these whose reason a person does not want to hear of any more. */
  readonly ignored: number;
}

/** Destinations that only show photos, each with what it shows of all folders. */
export function publishersOf(catalog: Catalog): PublisherState[] {
  const scope = { rootIds: catalog.files.roots().map(({ id }) => id) };
  return catalog.publications.publishers().map(({ id, name, url }) => {
    const { waiting, failed, ...totals } = catalog.publications.totals(id, scope, noRun);
    const reasons = catalog.publicationProblems
      .reasons(id, scope)
      .map((reason) => ({ failure: parseFailure(reason.failure), count: reason.count }));
    const ignored = catalog.publicationProblems.count(id, scope, true);
    return { name, url, totals: { ...totals, failed: failed + waiting }, reasons, ignored };
  });
}
