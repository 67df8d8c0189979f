import { failureOf } from '../../../../shared/domain/failure.ts';
import type { Destination, Quota } from '../../destinations/contract.ts';
import type { Logger } from '../../logging/logger.ts';
import type { Clock } from '../../ports/clock.ts';

/** Between two questions to one destination at least, milliseconds. */
const shortestGapMs = 10 * 60_000;

export interface QuotaPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** A destination told something new. */
  readonly onChange: () => void;
}

/** A destination while the loop has it open. */
interface Session {
  readonly destination: Destination;
  readonly stop: AbortController;
  asking: boolean;
  /** Something happened while it was asked. */
  again: boolean;
}

interface Place {
  quota: Quota | null;
  /** Monotonic; null before the first question. */
  askedAtMs: number | null;
  session: Session | null;
}

/**
 * Knows how full the destinations are. They are asked beside the work that goes on, seldom, and nobody waits
 * for the answer; what was told last holds until it is told anew.
 */
export class QuotaKeeper {
  readonly #ports: QuotaPorts;
  readonly #places = new Map<string, Place>();

  constructor(ports: QuotaPorts) {
    this.#ports = ports;
  }

  /** Null where it is not known. */
  of(url: string): Quota | null {
    return this.#places.get(url)?.quota ?? null;
  }

  /** The destination can be asked until it is {@link released}. */
  opened(url: string, destination: Destination): void {
    const place = this.#places.get(url) ?? { quota: null, askedAtMs: null, session: null };
    const stop = new AbortController();
    place.session = { destination, stop, asking: false, again: false };
    this.#places.set(url, place);
  }

  released(url: string): void {
    const place = this.#places.get(url);
    place?.session?.stop.abort();
    if (place !== undefined) place.session = null;
  }

  /** The destination was reached, or its content changed: it is asked now, or when it may be asked again. */
  look(url: string): void {
    const place = this.#places.get(url);
    const session = place?.session;
    if (place === undefined || !session) return;
    if (session.asking) session.again = true;
    else void this.#ask(place, session);
  }

  lookAtAll(): void {
    for (const url of this.#places.keys()) this.look(url);
  }

  /** The destination is there no more. */
  forget(url: string): void {
    this.released(url);
    this.#places.delete(url);
  }

  async #ask(place: Place, session: Session): Promise<void> {
    const { clock, logger, onChange } = this.#ports;
    const { destination, stop } = session;
    if (destination.quota === undefined) return;
    session.asking = true;
    try {
      const rest = (place.askedAtMs ?? -Infinity) + shortestGapMs - clock.monotonic();
      if (rest > 0) await clock.sleep(rest, stop.signal);
      // What happened up to here is in the answer.
      session.again = false;
      place.askedAtMs = clock.monotonic();
      place.quota = await destination.quota(stop.signal);
      if (!stop.signal.aborted) onChange();
    } catch (error) {
      const { code, message } = failureOf(error);
      if (code !== 'cancelled') logger.info('quota not told', { code, message });
    } finally {
      session.asking = false;
    }
    if (session.again && !stop.signal.aborted) void this.#ask(place, session);
  }
}
