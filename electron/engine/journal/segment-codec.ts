import { z } from 'zod';
import { fail } from '../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../shared/domain/failure.ts';
import { devicePattern } from '../../../shared/domain/hybrid-clock.ts';
import type { JournalEntry, JournalSegment } from '../../../shared/domain/journal-entry.ts';
import { parseEntry } from './entry-schema.ts';

/** Most entries and bytes of one segment: small enough to hold a few in memory. */
export const maxSegmentEntries = 5_000;
export const maxSegmentBytes = 4 * 1024 * 1024;
/** Room for the first and the last line. */
const frameBytes = 4096;

/** A segment as read; entries of types that a newer version brought are only counted. */
export interface DecodedSegment extends JournalSegment {
  readonly unknownEntries: number;
}

const versioned = z.object({ format: z.literal('cloudroll-journal'), version: z.int().min(1) });
const headerSchema = versioned.extend({
  device: z.string().regex(devicePattern),
  deviceName: z.string().max(1024),
  sequence: z.int().min(1).max(9_999_999_999),
  previous: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});
const footerSchema = z.object({ end: z.literal(true), entries: z.int().min(0) });

/**
 * The bytes of a segment: JSON Lines (https://jsonlines.org), a header, one entry a line, and a last line
 * that counts them, so that a cut shows.
 *
 * @throws CloudrollError `bug` for more than 5,000 entries or 4 MiB (see {@link splitEntries}), or for an
 *   entry that no reader would accept.
 */
export function encodeSegment(segment: JournalSegment): Uint8Array {
  const { device, deviceName, sequence, previous, entries } = segment;
  const header = headerSchema.safeParse({
    format: 'cloudroll-journal',
    version: 1,
    device,
    deviceName,
    sequence,
    previous,
  });
  if (!header.success || entries.length > maxSegmentEntries) {
    throw fail(
      'bug',
      'A journal segment with a wrong header or too many entries was to be written.',
    );
  }
  const lines = entries.map((entry) => {
    const parsed = parseEntry(entry);
    if (parsed === null || parsed === 'unknown') {
      throw fail('bug', `A journal entry of type “${entry.type}” does not keep to the format.`);
    }
    return JSON.stringify(parsed);
  });
  const text = [
    JSON.stringify(header.data),
    ...lines,
    JSON.stringify({ end: true, entries: entries.length }),
    '',
  ].join('\n');
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > maxSegmentBytes) throw fail('bug', 'A journal segment is larger than 4 MiB.');
  return bytes;
}

/** Cuts entries, in their order, into parts that each fit one segment. */
export function* splitEntries(entries: Iterable<JournalEntry>): Generator<JournalEntry[]> {
  let part: JournalEntry[] = [];
  let bytes = frameBytes;
  for (const entry of entries) {
    const size = Buffer.byteLength(JSON.stringify(entry)) + 1;
    if (part.length === maxSegmentEntries || (part.length > 0 && bytes + size > maxSegmentBytes)) {
      yield part;
      part = [];
      bytes = frameBytes;
    }
    part.push(entry);
    bytes += size;
  }
  if (part.length > 0) yield part;
}

/**
 * Reads a segment from another device: hostile bytes until proven otherwise.
 *
 * @param key where it was found, for messages.
 * @throws CloudrollError `corrupt` for anything cut, damaged or too large; `unsupported` for a newer version.
 */
export function decodeSegment(bytes: Uint8Array, key: string): DecodedSegment {
  if (bytes.length > maxSegmentBytes) throw corrupt(key, 'is larger than 4 MiB');
  const lines = decodeText(bytes, key).split('\n');
  if (lines.pop() !== '') throw corrupt(key, 'is cut off');
  const [headerLine, ...entryLines] = lines;
  const footerLine = entryLines.pop();
  const header = readHeader(headerLine, key);
  const footer = footerSchema.safeParse(parseJson(footerLine, key));
  if (!footer.success) throw corrupt(key, 'is cut off');
  if (footer.data.entries !== entryLines.length || entryLines.length > maxSegmentEntries) {
    throw corrupt(key, 'does not hold the number of entries it says');
  }
  const entries: JournalEntry[] = [];
  for (const line of entryLines) {
    const entry = parseEntry(parseJson(line, key));
    if (entry === null) throw corrupt(key, 'holds an entry that does not keep to the format');
    if (entry !== 'unknown') entries.push(entry);
  }
  const { device, deviceName, sequence, previous } = header;
  const unknownEntries = entryLines.length - entries.length;
  return { device, deviceName, sequence, previous, entries, unknownEntries };
}

function decodeText(bytes: Uint8Array, key: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw corrupt(key, 'is not UTF-8 text');
  }
}

function readHeader(line: string | undefined, key: string): z.infer<typeof headerSchema> {
  const value = parseJson(line, key);
  const version = versioned.safeParse(value);
  if (version.success && version.data.version > 1) {
    throw fail('unsupported', `The journal segment ${key} was written by a newer Cloudroll.`, {
      hint: 'Update Cloudroll on this computer.',
    });
  }
  const header = headerSchema.safeParse(value);
  if (!header.success) throw corrupt(key, 'does not begin as a journal segment does');
  return header.data;
}

function parseJson(line: string | undefined, key: string): unknown {
  try {
    return JSON.parse(line ?? '');
  } catch {
    throw corrupt(key, 'holds a line that is not JSON');
  }
}

function corrupt(key: string, what: string): CloudrollError {
  return fail('corrupt', `The journal segment ${key} ${what}.`);
}
