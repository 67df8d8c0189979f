import type {
  ByteRange,
  Capabilities,
  Destination,
  ObjectInfo,
  PutOptions,
  PutResult,
  Quota,
  ReopenableSource,
} from '../../../electron/engine/destinations/contract.ts';
import { optionalMethods } from '../../../electron/engine/destinations/decorators/optional-methods.ts';
import { failureOf } from '../../../shared/domain/failure.ts';

/** What the engine asked of one destination in one run, for the invariants about traffic. */
export class TrafficRecord {
  /** Objects outside `.cloudroll/` whose bytes the engine began to send, by key. */
  readonly uploads = new Map<string, number>();
  /** Removals of objects outside `.cloudroll/`. */
  readonly removals: string[] = [];
  readonly violations: string[] = [];
  readonly #attempts = new Map<string, number>();
  #notBefore = Number.NEGATIVE_INFINITY;
  readonly #monotonic: () => number;
  readonly #now: () => number;
  readonly #maxAttempts: number;

  /** `maxAttempts`: times one request may be sent in one run. */
  constructor(clock: { monotonic(): number; now(): number }, maxAttempts: number) {
    this.#monotonic = () => clock.monotonic();
    this.#now = () => clock.now();
    this.#maxAttempts = maxAttempts;
  }

  async request<T>(label: string, send: () => Promise<T>): Promise<T> {
    this.#begin(label);
    try {
      return await send();
    } catch (error) {
      const { retryAt } = failureOf(error);
      if (retryAt !== undefined) {
        const notBefore = this.#monotonic() + (retryAt - this.#now());
        this.#notBefore = Math.max(this.#notBefore, notBefore);
      }
      throw error;
    }
  }

  #begin(label: string): void {
    const attempts = (this.#attempts.get(label) ?? 0) + 1;
    this.#attempts.set(label, attempts);
    if (attempts > this.#maxAttempts) {
      this.violations.push(`${label} was sent ${String(attempts)} times in one run.`);
    }
    const early = this.#notBefore - this.#monotonic();
    if (early > 1) {
      this.violations.push(
        `${label} was sent ${String(Math.round(early))} ms before anything was allowed.`,
      );
    }
  }
}

/** Passes everything on and records it; stands below the engine's own decorators, at the wire. */
export class ObservedDestination implements Destination {
  readonly #inner: Destination;
  readonly #record: TrafficRecord;
  readonly readBack?: (
    key: string,
    signal: AbortSignal,
  ) => Promise<{ sha256: string; bytes: number }>;
  readonly quota?: (signal: AbortSignal) => Promise<Quota | null>;

  constructor(inner: Destination, record: TrafficRecord) {
    this.#inner = inner;
    const { quota } = optionalMethods(inner);
    if (quota !== undefined) this.quota = quota;
    this.#record = record;
    if (inner.readBack !== undefined) {
      this.readBack = (key, signal) => {
        if (inner.readBack === undefined) throw new TypeError('readBack went away.');
        return inner.readBack(key, signal);
      };
    }
  }

  get capabilities(): Capabilities {
    return this.#inner.capabilities;
  }

  check(signal: AbortSignal): Promise<void> {
    return this.#inner.check(signal);
  }

  stat(key: string, signal: AbortSignal): Promise<ObjectInfo | null> {
    return this.#inner.stat(key, signal);
  }

  put(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutResult> {
    if (!key.startsWith('.cloudroll/')) {
      this.#record.uploads.set(key, (this.#record.uploads.get(key) ?? 0) + 1);
    }
    return this.#record.request(`put ${key}`, () => this.#inner.put(key, source, options, signal));
  }

  open(key: string, range: ByteRange | null, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#inner.open(key, range, signal);
  }

  list(prefix: string, signal: AbortSignal): AsyncIterable<ObjectInfo> {
    return this.#inner.list(prefix, signal);
  }

  remove(key: string, signal: AbortSignal): Promise<void> {
    if (!key.startsWith('.cloudroll/')) this.#record.removals.push(key);
    return this.#record.request(`remove ${key}`, () => this.#inner.remove(key, signal));
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
