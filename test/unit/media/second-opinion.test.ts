import { join } from 'node:path';
import { ExifTool } from 'exiftool-vendored';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ExifToolMetadata } from '../../../electron/engine/media/exiftool-metadata.ts';
import { WorkerMediaReader } from '../../../electron/engine/media/worker-media-reader.ts';
import type { AssetDescription } from '../../../shared/domain/asset.ts';
import { describe as describeAsset } from '../../../shared/domain/describe.ts';
import {
  haveSharedPhotos,
  sharedPhotoNames,
  sharedPhotos,
} from '../../support/media/shared-photos.ts';

/**
 * ExifTool's opinion on capture time and size of every shared photo that our own readers read. Each
 * disagreement stands here with its reason; one that is new, or gone, fails the test.
 */
const explained: Readonly<Record<string, string>> = {
  'exifr/BonTonARTSTORplusIPTC.jpg time':
    'ours is IPTC’s and XMP’s date created, which the MWG puts before xmp:CreateDate; ExifTool names it apart',
  'exifr/png/IMG_20180725_163423-2.png time':
    'ours is photoshop:DateCreated with its parts of a second; ExifTool’s is xmp:CreateDate, rounded up',
  'exiftool/CasioQVCI.jpg time':
    'a maker’s segment of 1998 that only ExifTool reads; there is no EXIF',
  'exiftool/ExifTool.jpg time':
    'a file with every kind of metadata at once: ExifTool prefers Canon’s CIFF segment, we prefer EXIF',
  'exiftool/FujiFilm.raf size':
    'ExifTool gives the size of the embedded preview, we that of the RAW picture',
};

const answerSchema = z.object({
  SubSecDateTimeOriginal: z.string().optional(),
  DateTimeOriginal: z.string().optional(),
  CreateDate: z.string().optional(),
  ModifyDate: z.string().optional(),
  ImageWidth: z.number().optional(),
  ImageHeight: z.number().optional(),
  Orientation: z.number().optional(),
  Rotation: z.number().optional(),
});
type Answer = z.infer<typeof answerSchema>;

const never = new AbortController().signal;
const perlMissing = await new ExifToolMetadata().read(join(sharedPhotos, 'none'), never).then(
  () => false,
  (error: unknown) => String(error).includes('Perl'),
);
const reason = haveSharedPhotos ? 'Perl is not installed' : 'the shared photos are not here';
const runnable = haveSharedPhotos && !perlMissing;

describe.skipIf(!runnable)(
  `ExifTool’s second opinion${runnable ? '' : ` (skipped: ${reason})`}`,
  () => {
    const tool = new ExifTool({ maxProcs: 1, useMWG: false, geolocation: false });
    const reader = new WorkerMediaReader({ threads: 1 });
    afterAll(async () => {
      await Promise.all([tool.end(), reader.close()]);
    });

    it('differs only where it is explained', { timeout: 180_000 }, async () => {
      const disagreements: Record<string, string> = {};
      let compared = 0;
      for (const name of sharedPhotoNames()) {
        const path = join(sharedPhotos, name);
        const { type, tags, metadataFailure } = await reader.inspect(path, never);
        if (type === null || type.kind === 'sidecar' || metadataFailure !== null) continue;
        const facts = { fileName: 'photo', modifiedMs: 1, bornMs: null };
        const ours = describeAsset({ type, tags }, facts);
        const readArgs = [
          '-fast',
          '-n',
          ...Object.keys(answerSchema.shape).map((tag) => `-${tag}`),
        ];
        const answer = answerSchema.parse(await tool.readRaw(path, { readArgs }));
        compared += 1;
        const time = [wallOf(ours), wallOfAnswer(answer)];
        if (time[0] !== time[1]) disagreements[`${name} time`] = time.join(' / ');
        const size = [sizeOf(ours), sizeOfAnswer(answer)];
        if (size[0] !== size[1]) disagreements[`${name} size`] = size.join(' / ');
      }
      expect(compared).toBeGreaterThan(100);
      console.table(
        Object.entries(disagreements).map(([what, values]) => ({
          what,
          'ours / ExifTool’s': values,
        })),
      );
      expect(Object.keys(disagreements).sort()).toEqual(Object.keys(explained).sort());
    });
  },
);

function wallOf({ captured }: AssetDescription): string {
  return captured.source === 'filesystem' ? 'none' : captured.wall.slice(0, 19);
}

function wallOfAnswer(answer: Answer): string {
  const usable = [
    answer.SubSecDateTimeOriginal,
    answer.DateTimeOriginal,
    answer.CreateDate,
    answer.ModifyDate,
  ].find((text) => text !== undefined && /^(?!0000)\d{4}:\d{2}:\d{2} \d{2}:\d{2}/u.test(text));
  if (usable === undefined) return 'none';
  const [date = '', time = ''] = usable.slice(0, 19).split(' ');
  return `${date.replaceAll(':', '-')}T${time.length === 5 ? `${time}:00` : time.slice(0, 8)}`;
}

function sizeOf({ width, height }: AssetDescription): string {
  return width === null ? 'none' : `${String(width)}x${String(height)}`;
}

function sizeOfAnswer({ ImageWidth, ImageHeight, Orientation, Rotation }: Answer): string {
  if (ImageWidth === undefined || ImageHeight === undefined) return 'none';
  const turned = (Orientation ?? 1) >= 5 || Rotation === 90 || Rotation === 270;
  const [width, height] = turned ? [ImageHeight, ImageWidth] : [ImageWidth, ImageHeight];
  return `${String(width)}x${String(height)}`;
}
