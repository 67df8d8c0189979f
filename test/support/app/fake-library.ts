import type {
  AssetDetails,
  DayCount,
  TimelineFilter,
  TimelineItem,
} from '../../../shared/contract/app/timeline.ts';
import { noise, pick } from './number-noise.ts';
import { sceneCount, sceneThumbHash } from './scenes.ts';

const DAY = 86_400_000;
/** Photos are spread over about this many days that have any. */
const DAYS_WITH_PHOTOS = 4000;

const SHAPES: readonly [readonly [number, number], ...(readonly [number, number])[]] = [
  [4032, 3024],
  [4032, 3024],
  [4032, 3024],
  [3024, 4032],
  [3024, 4032],
  [6000, 4000],
  [4000, 6000],
  [3840, 2160],
  [2048, 2048],
  [8000, 2400],
];
const CAMERAS = ['Apple iPhone 15 Pro', 'SM-S928N', 'FUJIFILM X-T5', 'NIKON Z 6_2'] as const;
export const albumNames = ['제주도 2024', 'Lisbon', '가족', 'Camera Uploads', 'Garden'] as const;

/**
 * A library that does not exist: any number of photos over many years, the same ones each time. Nothing is
 * kept but the days, so that a million cost no more than a thousand.
 */
export class FakeLibrary {
  readonly size: number;
  readonly days: readonly DayCount[];
  /** Index of each day's first photo. */
  readonly #first: readonly number[];
  /** Photos with these indices wait for their backup or failed at it. */
  readonly #waiting: number;
  readonly #failed: number;

  constructor(size: number, waiting = 0, failed = 0, newest = '2026-11-22') {
    this.size = size;
    this.#waiting = waiting;
    this.#failed = failed;
    const mean = Math.max(7, size / DAYS_WITH_PHOTOS);
    const days: DayCount[] = [];
    const first: number[] = [];
    let taken = 0;
    for (let back = 0; taken < size; back++) {
      const busy = noise(back, 20);
      if (busy < 0.45) continue;
      const wanted = Math.ceil(mean * 2 * noise(back, 21) ** 2 * (busy > 0.93 ? 4 : 1.2));
      const count = Math.min(Math.max(1, wanted), size - taken);
      days.push({
        day: new Date(Date.parse(newest) - back * DAY).toISOString().slice(0, 10),
        count,
      });
      first.push(taken);
      taken += count;
    }
    this.days = days;
    this.#first = first;
  }

  /** The photo of an index, 0 being the newest. */
  item(index: number): TimelineItem {
    const dayIndex = this.#dayOf(index);
    const { day, count } = this.days[dayIndex] ?? { day: '2000-01-01', count: 1 };
    const within = index - (this.#first[dayIndex] ?? 0);
    // Within a day the newest comes first, from the evening back to the morning.
    const seconds = Math.floor(79_000 - (within / count) * 50_000);
    const [width, height] = pick(SHAPES, index, 30);
    const kind = kindOf(index);
    return {
      id: index.toString(36),
      wall: `${day}T${new Date(seconds * 1000).toISOString().slice(11, 19)}`,
      name: `${kind === 'video' ? 'MOV' : 'IMG'}_${String(index).padStart(4, '0')}.${extension(kind)}`,
      kind,
      width,
      height,
      durationMs: kind === 'video' ? 3000 + noise(index, 32) * 200_000 : null,
      thumbHash: sceneThumbHash(sceneOfPhoto(index)),
      picture: 'made',
      live: kind === 'photo' && noise(index, 33) < 0.08,
      copies: noise(index, 34) < 0.02 ? 2 : 1,
      state: this.#stateOf(index),
    };
  }

  indexOf(id: string): number | null {
    const index = Number.parseInt(id, 36);
    return Number.isInteger(index) && index < this.size ? index : null;
  }

  /** Indices of the photos of a range of days, oldest and newest included. */
  range(newest: string, oldest: string): { readonly from: number; readonly to: number } {
    const from = this.days.findIndex(({ day }) => day <= newest);
    if (from === -1) return { from: 0, to: 0 };
    const after = this.days.findIndex(({ day }) => day < oldest);
    return { from: this.#first[from] ?? 0, to: this.#first[after] ?? this.size };
  }

  matches(index: number, filter: TimelineFilter): boolean {
    const item = this.item(index);
    const day = item.wall.slice(0, 10);
    const words = (filter.text ?? '').toLowerCase().split(/\s+/u);
    const text = `${item.name} ${this.camera(index)} ${this.album(index)} ${day}`.toLowerCase();
    return (
      words.every((word) => text.includes(word)) &&
      (filter.from === undefined || day >= filter.from) &&
      (filter.to === undefined || day <= filter.to) &&
      (filter.kinds === undefined || filter.kinds.includes(item.kind)) &&
      (filter.state === undefined || item.state === filter.state) &&
      (filter.camera === undefined || this.camera(index) === filter.camera) &&
      (filter.album === undefined || this.album(index) === filter.album) &&
      (filter.duplicates !== true || item.copies > 1) &&
      (filter.placed !== true || isPlaced(index))
    );
  }

  camera(index: number): string {
    return pick(CAMERAS, Math.floor(index / 60), 35);
  }

  album(index: number): string {
    return pick(albumNames, Math.floor(index / 90), 36);
  }

  paths(index: number): readonly string[] {
    const { name, copies } = this.item(index);
    const here = `/home/mina/Pictures/${this.album(index)}/${name}`;
    return copies > 1 ? [here, `/home/mina/Downloads/${name}`] : [here];
  }

  details(index: number): AssetDetails {
    const item = this.item(index);
    const placed = isPlaced(index);
    return {
      item,
      film: item.live ? index.toString(36) : null,
      hash: Array.from({ length: 8 }, (_, part) =>
        Math.floor(noise(index, 40 + part) * 0xffff_ffff)
          .toString(16)
          .padStart(8, '0'),
      ).join(''),
      bytes: Math.round(2_000_000 + noise(index, 37) * 9_000_000),
      mime: { photo: 'image/jpeg', raw: 'image/x-nikon-nef', video: 'video/mp4' }[item.kind],
      captured: { wall: item.wall, offset: '+09:00', source: 'exif', confidence: 'high' },
      camera: this.camera(index),
      lens: 'XF 23mm F1.4 R LM WR',
      exposure: '1/250 s f/2.8 ISO 160 23 mm',
      latitude: placed ? 33.4996 : null,
      longitude: placed ? 126.5312 : null,
      rating: noise(index, 38) < 0.1 ? 4 : null,
      title: null,
      pictureFailure: null,
      files: this.paths(index).map((path) => ({ path, state: 'here' })),
      sidecars: [],
      versions: index % 10 === 3 && index > 0 ? [this.item(index - 1)] : [],
      destinations: [
        {
          destination: 'd1',
          name: 'Backup drive',
          state: item.state === 'safe' ? 'verified' : item.state === 'failed' ? 'failed' : 'queued',
          key: `${item.wall.slice(0, 4)}/${item.wall.slice(5, 7)}/${item.name}`,
          evidence: item.state === 'safe' ? 'read-back' : null,
          verifiedMs: item.state === 'safe' ? Date.parse(`${item.wall}Z`) + DAY : null,
          failure:
            item.state === 'failed' ? { code: 'quota', message: 'The drive is full.' } : null,
        },
      ],
    };
  }

  #dayOf(index: number): number {
    let low = 0;
    let high = this.#first.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#first[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #stateOf(index: number): TimelineItem['state'] {
    if (index < this.#failed) return 'failed';
    return index < this.#failed + this.#waiting ? 'waiting' : 'safe';
  }
}

/** Which generated picture a photo shows. */
export function sceneOfPhoto(index: number): number {
  return Math.floor(noise(index, 39) * sceneCount);
}

function kindOf(index: number): TimelineItem['kind'] {
  const share = noise(index, 31);
  if (share < 0.07) return 'raw';
  return share < 0.14 ? 'video' : 'photo';
}

function isPlaced(index: number): boolean {
  return noise(index, 50) < 0.4;
}

function extension(kind: TimelineItem['kind']): string {
  return { photo: 'JPG', raw: 'NEF', video: 'MP4' }[kind];
}
