import { z } from 'zod';
import { captureTimeSources } from '../../../shared/domain/asset.ts';
import { timestampPattern } from '../../../shared/domain/hybrid-clock.ts';
import { evidenceMethods } from '../../../shared/domain/journal-entry.ts';
import type { JournalEntry } from '../../../shared/domain/journal-entry.ts';

const at = z.string().regex(timestampPattern);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const bytes = z.int().min(0);
/** Longest path of Windows and far above any other. */
const path = z.string().min(1).max(32_767);
const name = z.string().max(1024);
const key = z.string().min(1).max(1024);
/** What only describes a photo is cut or dropped where it is out of bounds: it never blocks a journal. */
const text = z
  .string()
  .transform((value) => value.slice(0, 10_000))
  .nullable()
  .catch(null);
const number = z.number().nullable().catch(null);

const description = z.object({
  type: z.object({
    kind: z.enum(['photo', 'raw', 'video', 'sidecar']),
    mime: z.string().max(255),
  }),
  captured: z.object({
    wall: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?$/),
    offset: z
      .string()
      .regex(/^[+-]\d{2}:\d{2}$/)
      .nullable(),
    utcMs: z.number().nullable(),
    source: z.enum(captureTimeSources),
    confidence: z.enum(['high', 'medium', 'low']),
  }),
  width: number,
  height: number,
  camera: text,
  lens: text,
  exposure: text,
  latitude: number,
  longitude: number,
  rating: number,
  title: text,
  durationMs: number,
  contentIdentifier: text,
});

/** One entry as it stands in a segment; fields of a newer version are dropped. */
const entrySchema: z.ZodType<JournalEntry> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('asset'), at, hash, bytes, description, name }),
  z.object({
    type: z.literal('object'),
    at,
    hash,
    key,
    bytes,
    evidence: z.enum(evidenceMethods),
    tag: z.string().max(1024).nullable().catch(null),
  }),
  z.object({
    type: z.literal('location'),
    at,
    hash,
    root: z.string().min(1).max(255),
    rootName: name,
    path,
    modifiedMs: z.number(),
    sidecarOf: hash.exactOptional(),
  }),
  z.object({ type: z.literal('absent'), at, root: z.string().min(1).max(255), path }),
  z.object({ type: z.literal('retired'), at, hash, key, inFavourOf: key }),
]);

const knownTypes = new Set(['asset', 'object', 'location', 'absent', 'retired']);
const anyEntry = z.object({ type: z.string() });

/**
 * Reads one entry.
 *
 * @returns `unknown` for a type that a newer version brought; null for what is no entry at all.
 */
export function parseEntry(value: unknown): JournalEntry | 'unknown' | null {
  const result = entrySchema.safeParse(value);
  if (result.success) return result.data;
  const other = anyEntry.safeParse(value);
  return other.success && !knownTypes.has(other.data.type) ? 'unknown' : null;
}
