import { createHash } from 'node:crypto';
import { failureOf, stopsDestination } from '../../../shared/domain/failure.ts';
import type { Destination } from '../destinations/contract.ts';
import { forEachBounded } from '../journal/concurrency.ts';
import type { Clock } from '../ports/clock.ts';
import { compareRead } from './compare.ts';
import type { Damage } from './compare.ts';
import type { ExpectedObject, VerifyLedger } from './ledger.ts';
import type { VerifyTally } from './verify-tally.ts';

/** Objects asked of the ledger at a time: little to repeat after an interruption. */
const pageObjects = 64;

/**
 * Reads the bytes of a part of the expected objects, those that were not read for longest first. Each is
 * recorded as it is done, so a round that was interrupted goes on where it stopped.
 *
 * @param goal objects that the whole round reads.
 * @param roundStartedMs when the round began; what was read since counts towards the goal.
 */
export async function readRound(
  destination: Destination,
  ledger: VerifyLedger,
  round: { readonly goal: number; readonly roundStartedMs: number },
  tally: VerifyTally,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const { goal, roundStartedMs } = round;
  let done = ledger.countReadSince(roundStartedMs);
  const readOne = async (object: ExpectedObject, aborted: AbortSignal) => {
    if (!tally.damaged.has(object.id)) {
      const damage = await readObject(destination, object, aborted);
      if (damage !== null) tally.damage(damage);
      tally.read += 1;
      tally.bytesRead += object.bytes;
    }
    // A clock that went back must not bring the object into this round again.
    ledger.recordRead(object.id, Math.max(clock.now(), roundStartedMs));
    done += 1;
    tally.progress('read', done, goal);
  };
  while (done < goal) {
    const page = ledger.leastLatelyRead(roundStartedMs, Math.min(pageObjects, goal - done));
    if (page.length === 0) return;
    await forEachBounded(page, destination.capabilities.concurrency.initial, readOne, signal);
  }
}

async function readObject(
  destination: Destination,
  object: ExpectedObject,
  signal: AbortSignal,
): Promise<Damage | null> {
  try {
    return compareRead(object, await hashStored(destination, object, signal));
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code === 'cancelled' || stopsDestination(failure.code)) throw error;
    if (failure.code === 'notFound') return { kind: 'missing', object };
    return { kind: 'unreadable', object, failure };
  }
}

async function hashStored(
  destination: Destination,
  { key }: ExpectedObject,
  signal: AbortSignal,
): Promise<{ sha256: string; bytes: number }> {
  if (destination.readBack !== undefined) return destination.readBack(key, signal);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of destination.open(key, null, signal)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}
