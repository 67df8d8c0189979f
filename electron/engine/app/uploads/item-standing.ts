import type { UploadItem } from '../../../../shared/contract/app/uploads.ts';
import type { Failure } from '../../../../shared/domain/failure.ts';
import type {
  UploadBatchRow,
  UploadedDelivery,
  UploadedFile,
  UploadItemRow,
} from '../../catalog/uploads.ts';
import { opaqueId } from '../../timeline/opaque-id.ts';
import { parseFailure } from '../../sync/report.ts';

/** What the catalogue knows of an item's file. */
export interface ItemFacts {
  readonly file: UploadedFile | null;
  /** How its content stands at each destination of the batch; null where it is not meant for it yet. */
  readonly deliveries: readonly (UploadedDelivery | null)[];
  /** Parts of it that the destinations have taken, 0 to 1, in their order. */
  readonly taken: readonly number[];
  /** Part of it that has been received, 0 to 1; null where it is not being received. */
  readonly received: number | null;
  /** Why it cannot go on for now, where that is not its own doing. */
  readonly held: Failure | null;
}

type Standing = Pick<UploadItem, 'state' | 'progress' | 'asset' | 'failure'>;

/** States that nothing but the person changes any more. */
const finalStates: readonly UploadItem['state'][] = [
  'backedUp',
  'alreadyBackedUp',
  'ignored',
  'failed',
  'cancelled',
];

export function isFinal(state: UploadItem['state']): boolean {
  return finalStates.includes(state);
}

/** How an item stands, from what is recorded and nothing else. Pure. */
export function standingOf(
  item: UploadItemRow,
  batch: Pick<UploadBatchRow, 'startedMs'>,
  facts: ItemFacts,
): Standing {
  const fated = ownFate(item);
  if (fated !== null) return fated;
  if (item.path === null) return receiving(facts);
  return fileStanding(facts) ?? deliveryStanding(batch, facts);
}

function ownFate(item: UploadItemRow): Standing | null {
  if (item.fate === null) return null;
  const asset = item.assetId === null ? null : opaqueId(item.assetId);
  const failure = parseFailure(item.failure);
  return { state: item.fate, progress: item.fate === 'alreadyBackedUp' ? 1 : 0, asset, failure };
}

function receiving({ received }: ItemFacts): Standing {
  return received === null ? plain('waiting', 0) : plain('receiving', received);
}

/** Null: its content is known. */
function fileStanding({ file, held }: ItemFacts): Standing | null {
  switch (file?.state) {
    case undefined:
      return { ...plain('waiting', 0), failure: held };
    case 'discovered':
      return plain('reading', 0);
    case 'ignored':
      return plain('ignored', 0);
    case 'failed':
      return { ...plain('failed', 0), failure: parseFailure(file.failure) };
    case 'unknown':
    case 'absent':
      return { ...plain('failed', 0), failure: gone };
    case 'hashed':
      return null;
  }
}

function deliveryStanding(
  { startedMs }: Pick<UploadBatchRow, 'startedMs'>,
  { file, deliveries, taken, held }: ItemFacts,
): Standing {
  const asset = file?.assetId == null ? null : opaqueId(file.assetId);
  const made = deliveries.filter((delivery) => delivery?.state === 'verified');
  if (made.length === deliveries.length && made.length > 0) {
    const sentNow = made.some((one) => one?.sent === true && (one.verifiedMs ?? 0) >= startedMs);
    return { ...plain(sentNow ? 'backedUp' : 'alreadyBackedUp', 1), asset };
  }
  const given = deliveries.find((one) => one?.state === 'failed' && one.retryMs === null);
  if (given !== undefined) {
    return { ...plain('failed', 0), asset, failure: parseFailure(given?.failure ?? null) };
  }
  const sum = deliveries.reduce(
    (parts, delivery, index) => parts + (delivery?.state === 'verified' ? 1 : (taken[index] ?? 0)),
    0,
  );
  const progress = deliveries.length === 0 ? 0 : Math.min(1, sum / deliveries.length);
  const moving = progress > 0 || deliveries.some((one) => one?.state === 'uploading');
  return { ...plain(moving ? 'uploading' : 'waiting', progress), asset, failure: held };
}

const gone: Failure = {
  code: 'notFound',
  message: 'The file is not there any more.',
  hint: 'Drop it again from where it is now.',
};

function plain(state: UploadItem['state'], progress: number): Standing {
  return { state, progress, asset: null, failure: null };
}
