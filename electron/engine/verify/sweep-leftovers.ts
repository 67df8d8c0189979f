import { isAssetKey } from '../../../shared/domain/object-key.ts';
import { failureOf } from '../../../shared/domain/failure.ts';
import type { Destination, UnfinishedUpload } from '../destinations/contract.ts';
import type { Logger } from '../logging/logger.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import { bytesSource } from '../transfer/bytes-source.ts';

export interface SweepPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** What a sweep removed. */
export interface Swept {
  readonly probes: number;
  readonly uploads: number;
}

const probeFolder = '.cloudroll/probe/';
const checkFolder = '.cloudroll/check/';
/** What any destination calls its probes: 12 random bytes, and what they are for (build/docs/destination-format.md). */
const probeName = /^\.cloudroll\/probe\/[0-9a-f]{24}(?:-[a-z]{1,16}| 100%41\.txt)?$/u;
/** Where `validate` works: 8 random bytes, and the number of the case. */
const checkName = /^\.cloudroll\/check\/[0-9a-f]{16}\/\d{1,3}\//u;
const hour = 60 * 60 * 1000;
/** A probe lasts seconds, a check minutes. */
const probeAgeMs = 24 * hour;
/** As long as providers' own rules give an upload, and the longest that a device may be away in the middle of one. */
const uploadAgeMs = 7 * 24 * hour;
/** Clocks that are further apart say nothing of how old anything is. */
const mostClockDifferenceMs = hour;
/** The rest is for the next time. */
const mostProbes = 1000;

/**
 * Removes what any device of this destination left behind when it was cut off: probes and what `check` wrote when
 * they are older than a day, and multipart uploads of photos that nobody went on with for a week, where the destination can tell of them. Age is
 * told by the destination's own clock, from an object that is written for that; where that clock and ours are an
 * hour apart nothing is touched. Without leftovers nothing is written. Nothing rejects: what fails is for the next time.
 *
 * @param openForWriting a destination of the same place, which the caller releases
 */
export async function sweepLeftovers(
  reader: Destination,
  openForWriting: () => Promise<Destination>,
  ports: SweepPorts,
  signal: AbortSignal,
): Promise<Swept> {
  const sweep = new Sweep(reader, openForWriting, ports);
  try {
    await sweep.run(signal);
  } catch (error) {
    const { code, message } = failureOf(error);
    ports.logger.info('leftovers stay', { code, message });
  }
  if (sweep.probes + sweep.uploads > 0) {
    ports.logger.info('leftovers removed', { probes: sweep.probes, uploads: sweep.uploads });
  }
  return { probes: sweep.probes, uploads: sweep.uploads };
}

class Sweep {
  probes = 0;
  uploads = 0;
  readonly #reader: Destination;
  readonly #openForWriting: () => Promise<Destination>;
  readonly #ports: SweepPorts;
  #writer: Promise<Destination> | undefined;
  #serverNow: Promise<number | null> | undefined;

  constructor(reader: Destination, openForWriting: () => Promise<Destination>, ports: SweepPorts) {
    this.#reader = reader;
    this.#openForWriting = openForWriting;
    this.#ports = ports;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { list, remove } = this.#reader.capabilities;
    if (!list || !remove) return;
    const keys: string[] = [];
    for (const [folder, name] of [
      [probeFolder, probeName],
      [checkFolder, checkName],
    ] as const) {
      for await (const { key, modifiedMs } of this.#reader.list(folder, signal)) {
        if (!name.test(key) || modifiedMs === null || keys.length >= mostProbes) continue;
        if (await this.#isOlder(modifiedMs, probeAgeMs, signal)) keys.push(key);
      }
    }
    for (const key of keys) {
      await (await this.#write()).remove(key, signal);
      this.probes += 1;
    }
    if (this.#reader.endUploads === undefined) return;
    this.uploads = await this.#reader.endUploads(
      ({ key, activeMs }: UnfinishedUpload) =>
        isAssetKey(key) === null
          ? Promise.resolve(false)
          : this.#isOlder(activeMs, uploadAgeMs, signal),
      signal,
    );
  }

  /** By our clock first, since asking for the destination's means writing. */
  async #isOlder(thenMs: number, ageMs: number, signal: AbortSignal): Promise<boolean> {
    if (this.#ports.clock.now() - thenMs <= ageMs) return false;
    const now = await (this.#serverNow ??= this.#askServerClock(signal));
    return now !== null && now - thenMs > ageMs;
  }

  /** Null where it is in doubt. */
  async #askServerClock(signal: AbortSignal): Promise<number | null> {
    const { clock, random } = this.#ports;
    const key = `${probeFolder}${Buffer.from(random.bytes(12)).toString('hex')}-clock`;
    const writer = await this.#write();
    try {
      // A destination that keeps the time it is given has none of its own to tell.
      const bytes = new TextEncoder().encode('What time is it?\n');
      await writer.put(key, bytesSource(bytes, 'text/plain', 0), {}, signal);
      const now = (await writer.stat(key, signal))?.modifiedMs ?? null;
      if (now === null || Math.abs(now - clock.now()) > mostClockDifferenceMs) return null;
      return now;
    } finally {
      await writer.remove(key, signal);
    }
  }

  #write(): Promise<Destination> {
    return (this.#writer ??= this.#openForWriting());
  }
}
