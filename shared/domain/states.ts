/**
 * The one state table: the engine's transitions, the catalogue's CHECK constraints and the tests
 * all read it. A photo walks `discovered → hashed → prepared → queued → uploading → verified`;
 * the first two are states of a file on disk, the rest of an asset at one destination (a delivery).
 */
export const fileStates = [
  'discovered',
  'hashed',
  'ignored',
  'failed',
  'unknown',
  'absent',
] as const;
/**
 * `discovered`: seen, its content is not known yet. `hashed`: its content is an asset.
 * `ignored`: its bytes were looked at and are no photo, video or sidecar.
 * `failed`: cannot be read, with a reason. `unknown`: not seen lately for a reason that proves nothing
 * (unmounted drive, permission). `absent`: its folder was listed and it was not there.
 */
export type FileState = (typeof fileStates)[number];

export const deliveryStates = ['queued', 'uploading', 'verified', 'failed'] as const;
/**
 * `queued`: prepared, with its key at the destination fixed. `uploading`: bytes may be on their way.
 * `verified`: the destination's own evidence matched the content hash. `failed`: with where, why,
 * attempts and the time of the next attempt.
 */
export type DeliveryState = (typeof deliveryStates)[number];

/** For each state, the states that may follow it. */
export const fileTransitions: Readonly<Record<FileState, readonly FileState[]>> = {
  discovered: ['hashed', 'ignored', 'failed', 'unknown', 'absent', 'discovered'],
  ignored: ['discovered', 'hashed', 'unknown', 'absent'],
  hashed: ['discovered', 'unknown', 'absent', 'failed', 'hashed'],
  failed: ['discovered', 'hashed', 'unknown', 'absent', 'failed'],
  unknown: ['discovered', 'hashed', 'failed', 'absent', 'unknown'],
  absent: ['discovered', 'hashed', 'failed', 'unknown'],
};

/** A `verified` delivery leaves that state only when the destination shows that the object is gone or wrong. */
export const deliveryTransitions: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  queued: ['uploading', 'verified', 'failed'],
  uploading: ['verified', 'failed', 'queued'],
  verified: ['queued'],
  failed: ['queued', 'uploading', 'verified'],
};
