import type { ContentHash, MediaKind } from '../../../shared/domain/asset.ts';
import type { Failure } from '../../../shared/domain/failure.ts';
import type { PutOptions, ReopenableSource } from './contract.ts';

/** A photo or video, as far as a publisher needs to know it. */
export interface PublishableAsset {
  readonly hash: ContentHash;
  readonly bytes: number;
  readonly kind: MediaKind;
  readonly mime: string;
  /** File name for people. */
  readonly name: string;
}

/** Where photos are shown, such as an album. */
export interface ShowPlace {
  /** The provider's own id. */
  readonly id: string;
  /** How many items the provider counts there; null where it does not say. */
  readonly items: number | null;
}

/** An item of this product that is shown. */
export interface ShownItem {
  /** The provider's own id. */
  readonly id: string;
  /** First digits of the SHA-256 of the bytes that were handed over, read from the name that it was given. */
  readonly hashPrefix: string;
}

/** Bytes that were uploaded and wait to be shown. */
export interface UploadedAsset extends Pick<PublishableAsset, 'hash' | 'name'> {
  /** What {@link Publisher.upload} gave. */
  readonly token: string;
}

/** What became of one asset that was to be shown. */
export type ShowResult =
  /** The id is null where the provider says that it shows it already, but not as which item. */
  | { readonly shown: true; readonly id: string | null }
  | { readonly shown: false; readonly failure: Failure };

/**
 * A service that shows photos to people and cannot prove what it keeps: no hash and no original bytes come back.
 * It is no `Destination` and never stands in for one, so nothing that is done here can count as backed up.
 *
 * Every method rejects with a `CloudrollError` and nothing else; an aborted signal rejects with `cancelled`.
 */
export interface Publisher {
  /** Most assets that {@link show} takes at once. */
  readonly batchSize: number;
  /** Uploads at once. */
  readonly uploadsAtOnce: number;
  /** For how long an upload token can be used, milliseconds. */
  readonly tokenLifeMs: number;
  /** After a reply was lost, how long the service may take until {@link shown} tells the truth, milliseconds. */
  readonly settleMs: number;
  /** Why it never takes such a photo (format, size); null where it does. Asks nobody. */
  refusal(asset: PublishableAsset): Failure | null;
  /** Reaches the service and signs in; makes nothing. */
  check(signal: AbortSignal): Promise<void>;
  /**
   * Signs in and finds the place to show photos at, or makes it.
   * @param remembered the id that an earlier call gave; null the first time
   */
  open(remembered: string | null, signal: AbortSignal): Promise<ShowPlace>;
  /** Everything of this product at the place, in no particular order. */
  shown(place: string, signal: AbortSignal): AsyncIterable<ShownItem>;
  /** Uploads the bytes; nobody sees them yet. Safe to repeat: what is not shown is forgotten by the service. */
  upload(
    asset: PublishableAsset,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<string>;
  /**
   * Shows what was uploaded; one result for each asset, in their order. Sent once and never repeated by itself:
   * after `offline`, `timeout`, `serverError` or `cancelled` nobody knows whether it happened, and
   * {@link shown} has to be asked before it is tried again. Any other failure means that nothing happened.
   * Never called twice at the same time for one account.
   */
  show(
    place: string,
    assets: readonly UploadedAsset[],
    signal: AbortSignal,
  ): Promise<readonly ShowResult[]>;
  close(): Promise<void>;
}
