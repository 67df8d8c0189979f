import { z } from 'zod';

import { fail, failureOf } from '../../../shared/domain/failure.ts';
import { markerKey, type Destination } from '../destinations/contract.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import { journalPrefix } from '../journal/segment-key.ts';
import { bytesSource } from './bytes-source.ts';
import { readBack } from './prove.ts';
import { putProven } from './put-proven.ts';

const largestMarkerBytes = 4096;

const markerSchema = z.object({
  format: z.literal('cloudroll-destination'),
  version: z.int().min(1),
  id: z.string().regex(/^[0-9a-f]{32}$/),
});

/** The id that a destination carries in its marker; null where it has none. */
export async function readMarker(
  destination: Destination,
  signal: AbortSignal,
): Promise<string | null> {
  if ((await destination.stat(markerKey, signal)) === null) return null;
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of destination.open(markerKey, null, signal)) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > largestMarkerBytes) break;
  }
  return parseMarker(text);
}

/**
 * The destination's id; makes one where there is none. Two devices that do so at once agree on the first. A
 * marker that cannot be read is what a first run left that was cut off, if there is no journal yet.
 */
export async function ensureMarker(
  destination: Destination,
  ports: { clock: Clock; random: Random },
  signal: AbortSignal,
): Promise<string> {
  const existing = await readMarker(destination, signal).catch(async (error: unknown) => {
    if (failureOf(error).code !== 'corrupt' || (await hasJournal(destination, signal))) throw error;
    // An empty one may be filled by another device at this moment; writing ours takes care of that.
    if ((await destination.stat(markerKey, signal))?.bytes === 0) return null;
    await destination.remove(markerKey, signal);
    return null;
  });
  if (existing !== null) {
    // Whoever made it may have died before it was durable; what is remembered of it must last.
    await readBack(destination, markerKey, signal);
    return existing;
  }
  const id = Buffer.from(ports.random.bytes(16)).toString('hex');
  const text = JSON.stringify({ format: 'cloudroll-destination', version: 1, id });
  const bytes = new TextEncoder().encode(`${text}\n`);
  const source = bytesSource(bytes, 'application/json', ports.clock.now());
  if ((await putProven(destination, markerKey, source, signal)) === 'exists') {
    await readBack(destination, markerKey, signal);
  } else if (destination.capabilities.createOnly === 'atomic') {
    return id;
  }
  const made = await readMarker(destination, signal);
  if (made === null) throw fail('corrupt', 'The destination does not show what was just written.');
  return made;
}

async function hasJournal(destination: Destination, signal: AbortSignal): Promise<boolean> {
  if (!destination.capabilities.list) return true;
  for await (const { key } of destination.list(journalPrefix, signal)) {
    if (key !== '') return true;
  }
  return false;
}

function parseMarker(text: string): string {
  const hint = `The file ${markerKey} at the destination is not Cloudroll's; move it away or choose another folder.`;
  try {
    const marker = markerSchema.parse(JSON.parse(text));
    if (marker.version > 1) {
      throw fail('unsupported', 'The destination was set up by a newer version of Cloudroll.', {
        hint: 'Update Cloudroll on this computer.',
      });
    }
    return marker.id;
  } catch (error) {
    if (failureOf(error).code === 'unsupported') throw error;
    throw fail('corrupt', 'The destination carries a marker that cannot be read.', {
      hint,
      cause: error,
    });
  }
}
