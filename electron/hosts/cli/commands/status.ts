import type { Failure } from '../../../../shared/domain/failure.ts';
import { deliveryStates, type DeliveryState } from '../../../../shared/domain/states.ts';
import type { Catalog } from '../../../engine/catalog/catalog.ts';
import type { DestinationRow } from '../../../engine/catalog/deliveries.ts';
import { parseFailure } from '../../../engine/sync/report.ts';
import type { Context } from '../context.ts';
import { readCatalogue } from '../session/catalogue.ts';
import { type PublisherState, publishersOf } from '../session/publishers.ts';
import type { Messages } from '../text/messages.ts';
import { tellFailure } from '../text/tell-failure.ts';

interface Reason {
  /** Null where nothing has been tried yet. */
  readonly failure: Failure | null;
  readonly count: number;
}

interface Standing {
  readonly name: string;
  readonly url: string;
  readonly states: Readonly<Record<DeliveryState, { count: number; bytes: number }>>;
  readonly lastProof: string | null;
  readonly reasons: readonly Reason[];
}

/** `cloudroll status` */
export async function statusCommand(context: Context): Promise<number> {
  const { output, messages, dataDirectory } = context;
  using catalogue = await readCatalogue(context);
  const { catalog } = catalogue;
  const rows = catalog.deliveries.destinations();
  if (rows.length === 0) output.line(messages.status.nothing(dataDirectory));
  const reasons = countReasons(catalog, rows);
  const standings = rows.map((row) => standingOf(row, catalog, reasons.get(row.id) ?? []));
  for (const standing of standings) {
    output.data({ event: 'destination', ...standing });
    for (const line of tellStanding(standing, messages)) output.line(line);
  }
  for (const { totals, ...publisher } of publishersOf(catalog)) {
    output.data({ event: 'publisher', ...publisher, ...totals });
    for (const line of tellPublisher({ totals, ...publisher }, messages)) output.line(line);
  }
  const unread = reasons.get(null) ?? [];
  const unreadCount = unread.reduce((sum, { count }) => sum + count, 0);
  if (unreadCount > 0) {
    output.line(messages.status.notQueued(unreadCount));
    for (const reason of unread) output.line(tellReason(reason, messages));
  }
  const verified = standings.reduce((sum, { states }) => sum + states.verified.count, 0);
  const all = standings.reduce(
    (sum, { states }) =>
      sum + deliveryStates.reduce((part, state) => part + states[state].count, 0),
    0,
  );
  if (all === verified && unreadCount === 0 && rows.length > 0) {
    output.line(messages.status.allSafe(), 'good');
  }
  output.data({
    event: 'summary',
    destinations: rows.length,
    verified,
    open: all - verified,
    unread: unreadCount,
  });
  return 0;
}

/** Why things are open, by destination; under null why files could not be read. */
function countReasons(
  catalog: Catalog,
  rows: readonly DestinationRow[],
): Map<number | null, Reason[]> {
  const scope = { rootIds: catalog.files.roots().map(({ id }) => id) };
  const counts = new Map<number | null, Map<string, number>>();
  const ids = rows.map(({ id }) => id);
  for (const { destinationId, failure } of catalog.totals.unfinished(scope, ids)) {
    const reasons = counts.get(destinationId) ?? new Map<string, number>();
    reasons.set(failure ?? '', (reasons.get(failure ?? '') ?? 0) + 1);
    counts.set(destinationId, reasons);
  }
  return new Map(
    [...counts].map(([id, reasons]) => [
      id,
      [...reasons]
        .map(([json, count]) => ({ failure: json === '' ? null : parseFailure(json), count }))
        .toSorted((a, b) => b.count - a.count),
    ]),
  );
}

function standingOf(row: DestinationRow, catalog: Catalog, reasons: readonly Reason[]): Standing {
  const lastMs = catalog.totals.lastProofMs(row.id);
  return {
    name: row.name,
    url: row.url,
    states: catalog.totals.states(row.id),
    lastProof: lastMs === null ? null : new Date(lastMs).toISOString(),
    reasons,
  };
}

function tellStanding(standing: Standing, messages: Messages): string[] {
  const { status, numbers } = messages;
  const lines = [`${standing.name}  ${standing.url}`];
  for (const state of ['verified', 'uploading', 'queued', 'failed'] as const) {
    const { count, bytes } = standing.states[state];
    if (count === 0 && state !== 'verified') continue;
    lines.push(`  ${status.state(state)}: ${status.files({ files: count, bytes })}`);
  }
  const last = standing.lastProof;
  const moment = last === null ? status.never : numbers.moment(Date.parse(last));
  lines.push(`  ${status.lastVerified(moment)}`);
  if (standing.reasons.length > 0) {
    lines.push(`  ${status.reasons()}`);
    for (const reason of standing.reasons) lines.push(`  ${tellReason(reason, messages)}`);
  }
  return lines;
}

function tellPublisher(publisher: PublisherState, messages: Messages): string[] {
  const { name, url, totals, reasons, ignored } = publisher;
  const lines = [`${name}  ${url}`, `  ${messages.publish.standing(totals)}`];
  if (reasons.length > 0) lines.push(`  ${messages.publish.reasons()}`);
  for (const reason of reasons) lines.push(`  ${tellReason(reason, messages)}`);
  if (ignored > 0) lines.push(`  ${messages.publish.ignored(ignored)}`);
  return lines;
}

function tellReason({ failure, count }: Reason, messages: Messages): string {
  const why = failure === null ? messages.status.notTried() : tellFailure(failure, messages);
  return `  ${messages.status.reason(count)} ${why}`;
}
