import { fail, failureOf } from '../../../shared/domain/failure.ts';
import type { Destination, ReopenableSource } from '../destinations/contract.ts';
import { prove } from './prove.ts';

/**
 * Creates one of the app's own small objects (a journal segment, the marker) and proves it. An object that
 * turns out to hold other bytes than were sent is taken away again.
 * @returns `exists` where something stands under the key already, whatever it is
 * @throws `corrupt` where the destination stored other bytes
 */
export async function putProven(
  destination: Destination,
  key: string,
  source: ReopenableSource,
  signal: AbortSignal,
): Promise<'stored' | 'exists'> {
  try {
    const result = await destination.put(key, source, {}, signal);
    if (result.evidence !== null) return 'stored';
  } catch (error) {
    if (failureOf(error).code === 'conflict') return 'exists';
    throw error;
  }
  const expected = { hash: source.sha256, bytes: source.bytes, tag: null };
  const verdict = await prove(destination, key, expected, signal);
  if (verdict.holds) return 'stored';
  await destination.remove(key, signal);
  throw fail('corrupt', 'The destination gave back other bytes than were sent.', {
    hint: 'It is sent again; if this goes on, the connection or the destination is faulty.',
  });
}
