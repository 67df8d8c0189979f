import type { AppHandlers, AppParams, AppResult } from '../../../../shared/contract/app/methods.ts';
import type { Problem } from '../../../../shared/contract/app/status.ts';
import { fail, type Failure } from '../../../../shared/domain/failure.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { opaqueId } from '../../timeline/opaque-id.ts';
import { parseFailure } from '../../sync/report.ts';
import { deliverySection, fileSection, publicationSection } from './problem-sections.ts';
import type { ProblemSection, SectionRow } from './problem-sections.ts';

/** A destination with its row in the catalogue. */
export interface ProblemDestination {
  readonly id: string;
  readonly rowId: number;
}

export interface ProblemsPorts {
  readonly catalog: Catalog;
  /** Rows of the watched folders. */
  readonly rootIds: () => readonly number[];
  readonly destinations: () => readonly ProblemDestination[];
  /** Those that only show photos. */
  readonly publishers: () => readonly ProblemDestination[];
  /** Something waits to be tried again. */
  readonly onRetry: () => void;
  /** What needs attention has changed. */
  readonly onChange: () => void;
}

/** Entries that one retry of all takes at a time. */
const pageSize = 500;
const unknownFailure: Failure = { code: 'bug', message: 'The reason was not kept.' };

/** Photos that are not backed up, or not shown where they were to be, one by one, each with its reason. */
export class Problems {
  readonly #ports: ProblemsPorts;

  constructor(ports: ProblemsPorts) {
    this.#ports = ports;
  }

  get handlers(): Pick<AppHandlers, 'problems.page' | 'problems.retry' | 'problems.ignore'> {
    return {
      'problems.page': (params) => Promise.resolve(this.#page(params)),
      'problems.retry': ({ ids }) => {
        this.#retry(ids);
        return Promise.resolve({});
      },
      'problems.ignore': ({ ids, ignored }) => {
        this.#ignore(ids, ignored);
        return Promise.resolve({});
      },
    };
  }

  /** Files first, then the photos of each backup, then those that were not shown; a cursor says after which. */
  #page(params: AppParams<'problems.page'>): AppResult<'problems.page'> {
    const { destination, ignored, limit } = params;
    const sections = this.#sections().filter(
      (section) => destination === null || section.destination === destination,
    );
    const [from, after] = parseCursor(params.cursor);
    const problems: Problem[] = [];
    let cursor: string | null = null;
    for (const [index, section] of sections.entries()) {
      if (index < from) continue;
      const start = index === from ? after : 0;
      const rows = section.page(ignored, start, limit - problems.length);
      problems.push(...rows.map((row) => problemOf(row, section, ignored)));
      if (problems.length < limit) continue;
      cursor = `${String(index)}:${String(rows.at(-1)?.id ?? start)}`;
      break;
    }
    const total = sections.reduce((sum, section) => sum + section.count(ignored), 0);
    return { problems, cursor, total };
  }

  #sections(): ProblemSection[] {
    const { catalog, rootIds, destinations, publishers } = this.#ports;
    const scope = { rootIds: rootIds() };
    return [
      fileSection(catalog, scope),
      ...destinations().map(({ id, rowId }) => deliverySection(catalog, scope, id, rowId)),
      ...publishers().map(({ id, rowId }) => publicationSection(catalog, scope, id, rowId)),
    ];
  }

  #retry(ids: readonly string[] | null): void {
    const { catalog, onRetry } = this.#ports;
    catalog.transaction(() => {
      if (ids === null) for (const section of this.#sections()) retryAll(section);
      else for (const [section, row] of this.#named(ids)) section.retry(row);
    });
    onRetry();
  }

  #ignore(ids: readonly string[], ignored: boolean): void {
    const { catalog, onChange } = this.#ports;
    catalog.transaction(() => {
      for (const [section, row] of this.#named(ids)) section.ignore(row, ignored);
    });
    onChange();
  }

  /** Ids of destinations that were removed meanwhile name nothing any more. */
  #named(ids: readonly string[]): (readonly [ProblemSection, number])[] {
    const sections = new Map(this.#sections().map((section) => [section.name, section]));
    return ids.flatMap((id) => {
      const { section, row } = parseId(id);
      const found = sections.get(section);
      return found === undefined ? [] : [[found, row] as const];
    });
  }
}

function retryAll(section: ProblemSection): void {
  let after = 0;
  for (;;) {
    const rows = section.page(false, after, pageSize);
    for (const { id } of rows) {
      section.retry(id);
      after = id;
    }
    if (rows.length < pageSize) return;
  }
}

function problemOf(row: SectionRow, section: ProblemSection, ignored: boolean): Problem {
  return {
    id: `${section.name}-${String(row.id)}`,
    destination: section.destination,
    asset: row.assetId === null ? null : opaqueId(row.assetId),
    path: row.path,
    failure: parseFailure(row.failure) ?? unknownFailure,
    attempts: row.attempts,
    retryAtMs: row.retryMs,
    ignored,
  };
}

function parseId(id: string): { readonly section: string; readonly row: number } {
  const match = /^(f|[dp]\d{1,15})-(\d{1,15})$/u.exec(id);
  if (match === null) throw fail('invalid', `There is no problem "${id}".`);
  const [, section = '', row] = match;
  return { section, row: Number(row) };
}

function parseCursor(cursor: string | null): [section: number, after: number] {
  const match = /^(\d{1,3}):(\d{1,15})$/u.exec(cursor ?? '0:0');
  if (match === null) throw fail('invalid', 'This is no cursor of the problems.');
  return [Number(match[1]), Number(match[2])];
}
