import { createHash } from 'node:crypto';

import type { CaptureTime } from '../../../../shared/domain/asset.ts';
import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import { extensionOf } from '../../../../shared/domain/media-types.ts';
import { bytesOfSource, provenBytes } from '../common/source-bytes.ts';
import type {
  LivePhotoHalf,
  PhotoFacts,
  PutOptions,
  PutResult,
  ReopenableSource,
} from '../contract.ts';
import type { OpenContext } from '../open-context.ts';
import { bulkCheckSchema } from './answers.ts';
import type { ImmichAsset } from './answers.ts';
import { photoKey } from './keys.ts';
import { anyAsset, photoInfo } from './library.ts';
import type { LivePhotos } from './live-photos.ts';
import { damaged, discard, heldBytes, sha1Of, upload } from './put.ts';
import type { PutTools } from './put.ts';

export interface PhotoTools extends PutTools {
  readonly livePhotos: LivePhotos;
  readonly logger: OpenContext['logger'];
  /** Told of every asset that was made here. */
  readonly onMade: (id: string) => void;
}

/**
 * Brings a photo or video into the library. Immich holds each content once: what is there already, from whatever
 * device, is found by its SHA-1 and not sent. Whoever calls has to read the bytes back: the SHA-1 was made of what
 * Immich received, not of what its disk kept.
 */
export async function putPhoto(
  tools: PhotoTools,
  job: { readonly key: string; readonly source: ReopenableSource; readonly options: PutOptions },
  signal: AbortSignal,
): Promise<PutResult> {
  const { source, options } = job;
  const facts = options.photo?.();
  const name = nameFor(facts?.name ?? job.key.slice(job.key.lastIndexOf('/') + 1), source, tools);
  const held = source.bytes <= heldBytes ? await bytesOfSource(source, signal) : undefined;
  const sha1 = held === undefined ? await sha1OfSource(source, signal) : sha1Of(held);
  const there = await find(tools, sha1, signal);
  if (there !== null) return finished(tools, there, { facts, existed: true }, signal);
  const { modifiedMs, bytes } = source;
  const motion = motionFor(tools, facts);
  const { id, created } = await upload(
    tools,
    {
      name,
      sha1,
      modifiedMs,
      createdMs: facts === undefined ? modifiedMs : momentOf(facts.captured, modifiedMs),
      file: held ?? { bytes, chunks: provenBytes(source, options.onProgress, signal) },
      ...(motion === null ? {} : { livePhotoVideoId: motion }),
    },
    signal,
  );
  const asset = await usable(tools, id, signal);
  if (created) tools.onMade(id);
  if (asset.checksum !== Buffer.from(sha1, 'hex').toString('base64')) {
    if (created) await discard(tools, id, signal);
    throw damaged();
  }
  options.onProgress?.(bytes);
  return finished(tools, asset, { facts, existed: !created }, signal);
}

/** What Immich holds of this content; null where it is to be sent. */
async function find(
  tools: PhotoTools,
  sha1: string,
  signal: AbortSignal,
): Promise<ImmichAsset | null> {
  const { results } = await tools.connection.post(
    bulkCheckSchema,
    '/assets/bulk-upload-check',
    { assets: [{ id: '1', checksum: sha1 }] },
    signal,
  );
  const [result] = results;
  if (result?.action === 'accept') return null;
  if (result?.assetId !== undefined) return usable(tools, result.assetId, signal);
  throw fail('unsupported', 'Immich does not take this file.', {
    hint: 'Keep it at another destination as well.',
  });
}

/** An asset that Immich says it has of this content, where it is there to stay. */
async function usable(
  { connection, server }: PhotoTools,
  id: string,
  signal: AbortSignal,
): Promise<ImmichAsset> {
  const asset = await anyAsset(connection, id, signal);
  if (asset?.ownerId !== server.owner) {
    throw fail('unsupported', 'Immich has this photo where Cloudroll cannot see it.', {
      hint: 'It may lie in the locked folder: move it out of there, or leave this photo out of the backup.',
    });
  }
  if (asset.isTrashed) {
    throw fail('unsupported', 'This photo lies in the trash of Immich, which empties itself.', {
      hint: 'Restore it there; or delete it there for good, then it is uploaded again.',
    });
  }
  if (asset.isOffline) {
    throw fail('unsupported', 'Immich knows this photo, but its file is missing there.', {
      hint: 'Bring the file back to the server, or remove the photo there: then it is uploaded again.',
    });
  }
  return asset;
}

async function finished(
  tools: PhotoTools,
  asset: ImmichAsset,
  { facts, existed }: { readonly facts: PhotoFacts | undefined; readonly existed: boolean },
  signal: AbortSignal,
): Promise<PutResult> {
  const half = facts?.livePhoto ?? null;
  if (half !== null) await join(tools, half, asset, signal);
  return { ...photoInfo(photoKey(asset), asset), evidence: null, existed };
}

/** The video that belongs to a still which is about to be sent, where it is there already. */
function motionFor({ livePhotos }: PhotoTools, facts: PhotoFacts | undefined): string | null {
  const half = facts?.livePhoto;
  return half?.half === 'still' ? livePhotos.known(half).motion : null;
}

/** Makes one Live Photo of two halves. Immich does so by itself as well, when it has read both files. */
async function join(
  { connection, livePhotos, logger }: PhotoTools,
  half: LivePhotoHalf,
  asset: ImmichAsset,
  signal: AbortSignal,
): Promise<void> {
  const { still, motion } = livePhotos.arrived(half, asset.id);
  if (still === null || motion === null) return;
  if (asset.id === still && asset.livePhotoVideoId === motion) return;
  try {
    const path = `/assets/${still}`;
    await connection.command('PUT', path, { livePhotoVideoId: motion }, signal);
  } catch (error) {
    const { code } = failureOf(error);
    if (code === 'cancelled') throw error;
    // Both halves are safe; that they are shown as one is not worth failing for.
    logger.warn('Live Photo not joined', { code });
  }
}

/** A name by which Immich takes the file; what it takes by no name is `unsupported`. */
function nameFor(name: string, { mime }: ReopenableSource, { server }: PutTools): string {
  const takes = (extension: string): boolean => server.extensions.has(`.${extension}`);
  const extension = extensionOf(name);
  if (takes(extension)) return name;
  const usual = usualExtensions.get(mime);
  if (usual !== undefined && takes(usual)) return `${name}.${usual}`;
  const what = extension === '' ? mime : `.${extension}`;
  throw fail('unsupported', `Immich does not take files of the type ${what}.`, {
    hint: 'Keep it at another destination as well.',
  });
}

/** For files whose name does not say what they are. */
const usualExtensions: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', 'jpg'],
  ['image/png', 'png'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
  ['image/heic', 'heic'],
  ['image/heif', 'heif'],
  ['image/avif', 'avif'],
  ['image/tiff', 'tiff'],
  ['image/jxl', 'jxl'],
  ['video/mp4', 'mp4'],
  ['video/quicktime', 'mov'],
]);

async function sha1OfSource(source: ReopenableSource, signal: AbortSignal): Promise<string> {
  const sha1 = createHash('sha1');
  for await (const chunk of provenBytes(source, undefined, signal)) sha1.update(chunk);
  return sha1.digest('hex');
}

/** Where the zone is unknown the wall time is told as UTC: Immich then shows the time of the camera's clock. */
function momentOf({ utcMs, wall }: CaptureTime, otherwise: number): number {
  const moment = utcMs ?? Date.parse(`${wall}Z`);
  return Number.isNaN(moment) ? otherwise : moment;
}
