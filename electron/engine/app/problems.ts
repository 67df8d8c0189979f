import type { AppHandlers, AppParams, AppResult } from '../../../shared/contract/app/methods.ts';
import type { Problem } from '../../../shared/contract/app/status.ts';
import { fail, type Failure } from '../../../shared/domain/failure.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { ProblemRow } from '../catalog/problems.ts';
import { opaqueId } from '../timeline/opaque-id.ts';
import { parseFailure } from '../sync/report.ts';

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
  /** Something waits to be tried again. */
  readonly onRetry: () => void;
  /** What needs attention has changed. */
  readonly onChange: () => void;
}

/** Entries that one retry of all takes at a time. */
const pageSize = 500;
const unknownFailure: Failure = { code: 'bug', message: 'The reason was not kept.' };

/** Photos that are not backed up, one by one, each with its reason. */
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

  /** Files first, then each destination's photos; a cursor says which of these and after what. */
  #page(params: AppParams<'problems.page'>): AppResult<'problems.page'> {
    const { destination, ignored, limit } = params;
    const sections = this.#sections(destination);
    const scope = { rootIds: this.#ports.rootIds() };
    const [from, after] = parseCursor(params.cursor);
    const problems: Problem[] = [];
    let cursor: string | null = null;
    for (let index = from; index < sections.length; index += 1) {
      const section = sections[index] ?? null;
      const start = index === from ? after : 0;
      const wanted = limit - problems.length;
      const rows = this.#rows(section, scope.rootIds, ignored, start, wanted);
      problems.push(...rows.map((row) => problemOf(row, section, ignored)));
      if (problems.length < limit) continue;
      const last = rows.at(-1);
      cursor = `${String(index)}:${String(last?.fileId ?? last?.assetId ?? start)}`;
      break;
    }
    const total = sections.reduce((sum, section) => sum + this.#count(section, ignored), 0);
    return { problems, cursor, total };
  }

  /** Null stands for the files that cannot be read. */
  #sections(destination: string | null): (ProblemDestination | null)[] {
    const destinations = this.#ports.destinations();
    if (destination === null) return [null, ...destinations];
    return destinations.filter(({ id }) => id === destination);
  }

  #rows(
    section: ProblemDestination | null,
    rootIds: readonly number[],
    ignored: boolean,
    after: number,
    limit: number,
  ): ProblemRow[] {
    const { problems } = this.#ports.catalog;
    return section === null
      ? problems.files({ rootIds }, ignored, after, limit)
      : problems.deliveries(section.rowId, { rootIds }, ignored, after, limit);
  }

  #count(section: ProblemDestination | null, ignored: boolean): number {
    const { problems } = this.#ports.catalog;
    const scope = { rootIds: this.#ports.rootIds() };
    return section === null
      ? problems.countFiles(scope, ignored)
      : problems.countDeliveries(section.rowId, scope, ignored);
  }

  #retry(ids: readonly string[] | null): void {
    const { catalog, onRetry } = this.#ports;
    catalog.transaction(() => {
      if (ids === null) this.#retryAll();
      else for (const id of ids) this.#retryOne(parseId(id));
    });
    onRetry();
  }

  #retryAll(): void {
    for (const section of this.#sections(null)) {
      let after = 0;
      for (;;) {
        const rows = this.#rows(section, this.#ports.rootIds(), false, after, pageSize);
        for (const row of rows) {
          this.#retryOne(row);
          after = row.fileId ?? row.assetId ?? after;
        }
        if (rows.length < pageSize) break;
      }
    }
  }

  #retryOne({ fileId, assetId, destinationId }: Named): void {
    const { problems } = this.#ports.catalog;
    if (fileId !== null) problems.retryFiles([fileId]);
    if (assetId === null || destinationId === null) return;
    problems.retryDeliveries(destinationId, [assetId]);
  }

  #ignore(ids: readonly string[], ignored: boolean): void {
    const { catalog, onChange } = this.#ports;
    catalog.transaction(() => {
      for (const { fileId, assetId, destinationId } of ids.map(parseId)) {
        if (fileId !== null) catalog.problems.ignoreFile(fileId, ignored);
        if (assetId === null || destinationId === null) continue;
        catalog.problems.ignoreDelivery(destinationId, assetId, ignored);
      }
    });
    onChange();
  }
}

type Named = Pick<ProblemRow, 'fileId' | 'assetId' | 'destinationId'>;

function problemOf(row: ProblemRow, section: ProblemDestination | null, ignored: boolean): Problem {
  return {
    id: idOf(row),
    destination: section?.id ?? null,
    asset: row.assetId === null ? null : opaqueId(row.assetId),
    path: row.path,
    failure: parseFailure(row.failure) ?? unknownFailure,
    attempts: row.attempts,
    retryAtMs: row.retryMs,
    ignored,
  };
}

function idOf({ fileId, assetId, destinationId }: Named): string {
  return fileId === null ? `d${String(destinationId)}-${String(assetId)}` : `f${String(fileId)}`;
}

function parseId(id: string): Named {
  const match = /^(?:f(\d{1,15})|d(\d{1,15})-(\d{1,15}))$/u.exec(id);
  if (match === null) throw fail('invalid', `There is no problem "${id}".`);
  const [, file, destination, asset] = match;
  const numberOf = (digits: string | undefined): number | null =>
    digits === undefined ? null : Number(digits);
  return {
    fileId: numberOf(file),
    destinationId: numberOf(destination),
    assetId: numberOf(asset),
  };
}

function parseCursor(cursor: string | null): [section: number, after: number] {
  const match = /^(\d{1,3}):(\d{1,15})$/u.exec(cursor ?? '0:0');
  if (match === null) throw fail('invalid', 'This is no cursor of the problems.');
  return [Number(match[1]), Number(match[2])];
}
