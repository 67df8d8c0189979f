import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { ExifTool } from 'exiftool-vendored';
import { z } from 'zod';
import { fail } from '../../../shared/domain/failure.ts';
import type { MetadataTags } from '../../../shared/domain/metadata-tags.ts';
import { toNativePath } from '../scan/raw-path.ts';

/** Another program for the metadata that the built-in readers cannot read; never on the hot path. */
export interface MetadataFallback {
  /** Tags of a file; rejects with a failure that says why there are none. */
  read(path: string, signal: AbortSignal): Promise<MetadataTags>;
  close(): Promise<void>;
}

const taskTimeoutMs = 5_000;
const wantedTags = [
  'DateTimeOriginal',
  'SubSecTimeOriginal',
  'OffsetTimeOriginal',
  'CreateDate',
  'SubSecTimeDigitized',
  'OffsetTimeDigitized',
  'ModifyDate',
  'OffsetTime',
  'GPSDateStamp',
  'GPSTimeStamp',
  'CreationDate',
  'ImageWidth',
  'ImageHeight',
  'Orientation',
  'Rotation',
  'Make',
  'Model',
  'LensModel',
  'ExposureTime',
  'FNumber',
  'ISO',
  'FocalLength',
  'GPSLatitude',
  'GPSLongitude',
  'Rating',
  'Title',
  'Duration',
  'ContentIdentifier',
] as const;

/**
 * ExifTool (exiftool.org, in the package `exiftool-vendored`) as a fallback: one process, started with the
 * first file that needs it and killed when a file takes too long. Outside Windows it needs `perl`.
 */
export class ExifToolMetadata implements MetadataFallback {
  #tool: Promise<ExifTool> | null = null;
  #available: Promise<boolean> | null = null;

  async read(path: string, signal: AbortSignal): Promise<MetadataTags> {
    if (typeof toNativePath(path) !== 'string' || /[\r\n]/u.test(path)) {
      throw fail('unsupported', "ExifTool cannot be given this file's name.", {
        hint: 'Rename the file to see its metadata.',
      });
    }
    this.#available ??= hasInterpreter();
    if (!(await this.#available)) {
      throw fail('unsupported', 'Metadata of this file type needs Perl, which is not installed.', {
        hint: 'Install Perl to see when such files were taken.',
      });
    }
    if (signal.aborted) throw fail('cancelled', 'The work was cancelled.');
    this.#tool ??= startTool();
    const answer = await abortable(readWith(await this.#tool, path), signal);
    return tagsOf(answer);
  }

  async close(): Promise<void> {
    const tool = this.#tool;
    this.#tool = null;
    await (await tool)?.end(false);
  }
}

/** Loading it takes as long as all the rest of a run over a thousand unchanged photos. */
async function startTool(): Promise<ExifTool> {
  const { ExifTool } = await import('exiftool-vendored');
  return new ExifTool({
    maxProcs: 1,
    taskTimeoutMillis: taskTimeoutMs,
    taskRetries: 0,
    maxIdleMsPerProcess: 20_000,
    useMWG: false,
    geolocation: false,
    ignoreMinorErrors: true,
  });
}

async function readWith(tool: ExifTool, path: string): Promise<unknown> {
  try {
    const readArgs = ['-fast', '-n', ...wantedTags.map((tag) => `-${tag}`)];
    return await tool.readRaw(path, { readArgs });
  } catch (error) {
    throw fail('corrupt', 'The metadata could not be read.', { cause: error });
  }
}

/** Settles with the work or rejects at the abort, whichever comes first. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(fail('cancelled', 'The work was cancelled.'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}

async function hasInterpreter(): Promise<boolean> {
  if (process.platform === 'win32') return true;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of folders) {
    try {
      await access(join(folder, 'perl'), constants.X_OK);
      return true;
    } catch {
      continue;
    }
  }
  return false;
}

const text = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);
const number = z.number().optional().catch(undefined);
const answerSchema = z.object({
  DateTimeOriginal: text,
  SubSecTimeOriginal: text,
  OffsetTimeOriginal: text,
  CreateDate: text,
  SubSecTimeDigitized: text,
  OffsetTimeDigitized: text,
  ModifyDate: text,
  OffsetTime: text,
  GPSDateStamp: text,
  GPSTimeStamp: text,
  CreationDate: text,
  ImageWidth: number,
  ImageHeight: number,
  Orientation: number,
  Rotation: number,
  Make: text,
  Model: text,
  LensModel: text,
  ExposureTime: number,
  FNumber: number,
  ISO: number,
  FocalLength: number,
  GPSLatitude: number,
  GPSLongitude: number,
  Rating: number,
  Title: text,
  Duration: number,
  ContentIdentifier: text,
} satisfies Record<(typeof wantedTags)[number], z.ZodType>);

const orientationOfDegrees: ReadonlyMap<number, number> = new Map([
  [90, 6],
  [180, 3],
  [270, 8],
]);

function tagsOf(answer: unknown): MetadataTags {
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) throw fail('corrupt', 'The metadata could not be read.');
  const { data } = parsed;
  const turned = data.Rotation === undefined ? undefined : orientationOfDegrees.get(data.Rotation);
  return withoutUndefined({
    dateTimeOriginal: data.DateTimeOriginal,
    subSecTimeOriginal: data.SubSecTimeOriginal,
    offsetTimeOriginal: data.OffsetTimeOriginal,
    createDate: data.CreateDate,
    subSecTimeDigitized: data.SubSecTimeDigitized,
    offsetTimeDigitized: data.OffsetTimeDigitized,
    modifyDate: data.ModifyDate,
    offsetTime: data.OffsetTime,
    gpsDate: data.GPSDateStamp,
    gpsTime: data.GPSTimeStamp,
    quickTimeCreationDate: data.CreationDate,
    width: data.ImageWidth,
    height: data.ImageHeight,
    orientation: data.Orientation ?? turned,
    // With -n a maker that ExifTool knows by number alone stays a number.
    make: /^\d+$/u.test(data.Make ?? '') ? undefined : data.Make,
    model: data.Model,
    lens: data.LensModel,
    exposureTime: data.ExposureTime,
    fNumber: data.FNumber,
    iso: data.ISO,
    focalLength: data.FocalLength,
    latitude: data.GPSLatitude,
    longitude: data.GPSLongitude,
    rating: data.Rating,
    title: data.Title,
    durationMs: data.Duration === undefined ? undefined : Math.round(data.Duration * 1000),
    contentIdentifier: data.ContentIdentifier,
  });
}

type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };

function withoutUndefined(tags: Loose<MetadataTags>): MetadataTags {
  return Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== undefined));
}
