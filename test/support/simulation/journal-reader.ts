import { isSystemKey, sha256Of } from './destination-view.ts';
import type { DestinationView } from './destination-view.ts';

/** What a segment says of objects, as far as the invariants ask. */
export interface ReadEntry {
  readonly type: string;
  readonly hash?: string;
  readonly key?: string;
  readonly inFavourOf?: string;
}

export interface ReadSegment {
  readonly storedAs: string;
  readonly device: string;
  readonly sequence: number;
  readonly previous: string | null;
  readonly sha256: string;
  readonly entries: readonly ReadEntry[];
}

const read = new WeakMap<ReadonlyMap<string, Uint8Array>, readonly ReadSegment[]>();
const parsed = new WeakMap<Uint8Array, Omit<ReadSegment, 'storedAs'> | null>();

/**
 * Reads a journal with nothing but the description of the format: an independent check of the engine's own
 * reader and writer. The same objects are read once.
 */
export function readSegments(view: DestinationView): readonly ReadSegment[] {
  const objects = view.objects();
  let segments = read.get(objects);
  if (segments === undefined) {
    segments = segmentsAmong(objects);
    read.set(objects, segments);
  }
  return segments;
}

function segmentsAmong(objects: ReadonlyMap<string, Uint8Array>): ReadSegment[] {
  const segments: ReadSegment[] = [];
  for (const [key, bytes] of objects) {
    if (!/^\.cloudroll\/journal\/[^/]+\/\d{10}\.jsonl$/.test(key)) continue;
    // Where there are no hard links a name is reserved by an empty file before the segment takes it.
    if (bytes.length === 0) continue;
    let segment = parsed.get(bytes);
    if (segment === undefined) {
      segment = parseOrSkip(bytes);
      parsed.set(bytes, segment);
    }
    if (segment !== null) segments.push({ storedAs: key, ...segment });
  }
  return segments;
}

/** Key of a good copy of each content that the journals name, found by the journals alone. */
export function restoreAll(view: DestinationView): Map<string, string> {
  const objects = view.objects();
  const restored = new Map<string, string>();
  for (const { entries } of readSegments(view)) {
    for (const { type, hash, key } of entries) {
      if (type !== 'object' || hash === undefined || key === undefined) continue;
      const bytes = objects.get(key);
      if (bytes !== undefined && sha256Of(bytes) === hash && !isSystemKey(key)) {
        restored.set(hash, key);
      }
    }
  }
  return restored;
}

/** Keys of all objects that any journal names. */
export function namedKeys(view: DestinationView): Set<string> {
  const keys = new Set<string>();
  for (const { entries } of readSegments(view)) {
    for (const { type, key } of entries) {
      if (type === 'object' && key !== undefined) keys.add(key);
    }
  }
  return keys;
}

/** Null for a segment that the destination damaged while storing it: every reader leaves that journal there. */
function parseOrSkip(bytes: Uint8Array): Omit<ReadSegment, 'storedAs'> | null {
  try {
    return parseSegment(bytes);
  } catch {
    return null;
  }
}

function parseSegment(bytes: Uint8Array): Omit<ReadSegment, 'storedAs'> {
  const lines = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split('\n');
  if (lines.pop() !== '') throw new Error('a journal segment is cut off');
  const values = lines.map((line): Record<string, unknown> => {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) throw new Error('a journal line is no object');
    return { ...value };
  });
  const [header, ...rest] = values;
  const footer = rest.pop();
  if (header === undefined || footer?.['end'] !== true || footer['entries'] !== rest.length) {
    throw new Error('a journal segment is not complete');
  }
  const { device, sequence, previous } = header;
  if (typeof device !== 'string' || typeof sequence !== 'number') {
    throw new Error('a journal segment has a wrong header');
  }
  return {
    device,
    sequence,
    previous: typeof previous === 'string' ? previous : null,
    sha256: sha256Of(bytes),
    entries: rest.map(entryOf),
  };
}

function entryOf(value: Record<string, unknown>): ReadEntry {
  const text = (name: string): Record<string, string> => {
    const field = value[name];
    return typeof field === 'string' ? { [name]: field } : {};
  };
  return {
    type: String(value['type']),
    ...text('hash'),
    ...text('key'),
    ...text('inFavourOf'),
  };
}
