import type { Catalog } from '../../catalog/catalog.ts';
import type { Scope } from '../../catalog/deliveries.ts';
import type { ProblemRow } from '../../catalog/problems.ts';

/** One entry of a section. */
export interface SectionRow extends Pick<
  ProblemRow,
  'assetId' | 'path' | 'failure' | 'attempts' | 'retryMs'
> {
  /** Of the file or the asset; unique in its section, and the order in which they are listed. */
  readonly id: number;
}

/** Problems of one sort at one place. */
export interface ProblemSection {
  /** Begins the ids of its entries. */
  readonly name: string;
  /** Null for files, which no destination has a part in. */
  readonly destination: string | null;
  count(ignored: boolean): number;
  page(ignored: boolean, after: number, limit: number): readonly SectionRow[];
  retry(id: number): void;
  ignore(id: number, ignored: boolean): void;
}

/** Files that cannot be read. */
export function fileSection({ problems }: Catalog, scope: Scope): ProblemSection {
  return {
    name: 'f',
    destination: null,
    count: (ignored) => problems.countFiles(scope, ignored),
    page: (ignored, after, limit) =>
      problems
        .files(scope, ignored, after, limit)
        .map((row) => ({ ...row, id: row.fileId ?? after })),
    retry: (id) => {
      problems.retryFiles([id]);
    },
    ignore: (id, ignored) => {
      problems.ignoreFile(id, ignored);
    },
  };
}

/** Photos that are not backed up at a destination. */
export function deliverySection(
  { problems }: Catalog,
  scope: Scope,
  destination: string,
  rowId: number,
): ProblemSection {
  return {
    name: `d${String(rowId)}`,
    destination,
    count: (ignored) => problems.countDeliveries(rowId, scope, ignored),
    page: (ignored, after, limit) =>
      problems
        .deliveries(rowId, scope, ignored, after, limit)
        .map((row) => ({ ...row, id: row.assetId ?? after })),
    retry: (id) => {
      problems.retryDeliveries(rowId, [id]);
    },
    ignore: (id, ignored) => {
      problems.ignoreDelivery(rowId, id, ignored);
    },
  };
}

/** Photos that a destination which only shows photos did not take; their backup has no part in it. */
export function publicationSection(
  { publicationProblems }: Catalog,
  scope: Scope,
  destination: string,
  rowId: number,
): ProblemSection {
  return {
    name: `p${String(rowId)}`,
    destination,
    count: (ignored) => publicationProblems.count(rowId, scope, ignored),
    page: (ignored, after, limit) =>
      publicationProblems
        .page(rowId, scope, ignored, after, limit)
        .map((row) => ({ ...row, id: row.assetId, attempts: 1, retryMs: null })),
    retry: (id) => {
      publicationProblems.retry(rowId, [id]);
    },
    ignore: (id, ignored) => {
      publicationProblems.ignore(rowId, id, ignored);
    },
  };
}
