import type {
  ByteRange,
  Capabilities,
  Destination,
  ObjectInfo,
  PutOptions,
  PutResult,
  Quota,
  ReopenableSource,
} from '../contract.ts';
import { optionalMethods } from './optional-methods.ts';

/** One call of a destination, for those who stand before it. */
export interface Call {
  readonly operation: 'check' | 'stat' | 'put' | 'open' | 'readBack' | 'list' | 'quota' | 'remove';
  /** Key or prefix; empty for `check` and `quota`. */
  readonly key: string;
  /** Bytes that a put sends; 0 otherwise. */
  readonly bytes: number;
}

/** What is done around every call. */
export interface Interceptor {
  around<T>(call: Call, signal: AbortSignal, run: () => Promise<T>): Promise<T>;
  aroundStream<T>(call: Call, signal: AbortSignal, run: () => AsyncIterable<T>): AsyncIterable<T>;
  /** Stands in for the source of a put. */
  source?(source: ReopenableSource): ReopenableSource;
}

/** The destination with an interceptor before each of its calls. */
export function intercept(inner: Destination, interceptor: Interceptor): Destination {
  return new Intercepted(inner, interceptor);
}

class Intercepted implements Destination {
  readonly readBack?: (
    key: string,
    signal: AbortSignal,
  ) => Promise<{ sha256: string; bytes: number }>;
  readonly quota?: (signal: AbortSignal) => Promise<Quota | null>;
  readonly endUploads?: NonNullable<Destination['endUploads']>;
  readonly #inner: Destination;
  readonly #interceptor: Interceptor;

  constructor(inner: Destination, interceptor: Interceptor) {
    this.#inner = inner;
    this.#interceptor = interceptor;
    const { readBack, quota, endUploads } = optionalMethods(inner);
    // Tidying up behind everything else: what fails is for the next time.
    if (endUploads !== undefined) this.endUploads = endUploads;
    if (readBack !== undefined) {
      this.readBack = (key, signal) =>
        interceptor.around(callOf('readBack', key), signal, () => readBack(key, signal));
    }
    if (quota !== undefined) {
      this.quota = (signal) => interceptor.around(callOf('quota', ''), signal, () => quota(signal));
    }
  }

  get capabilities(): Capabilities {
    return this.#inner.capabilities;
  }

  check(signal: AbortSignal): Promise<void> {
    return this.#interceptor.around(callOf('check', ''), signal, () => this.#inner.check(signal));
  }

  stat(key: string, signal: AbortSignal): Promise<ObjectInfo | null> {
    const call = callOf('stat', key);
    return this.#interceptor.around(call, signal, () => this.#inner.stat(key, signal));
  }

  put(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutResult> {
    const call = { ...callOf('put', key), bytes: source.bytes };
    const used = this.#interceptor.source?.(source) ?? source;
    return this.#interceptor.around(call, signal, () =>
      this.#inner.put(key, used, options, signal),
    );
  }

  open(key: string, range: ByteRange | null, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const call = callOf('open', key);
    return this.#interceptor.aroundStream(call, signal, () => this.#inner.open(key, range, signal));
  }

  list(prefix: string, signal: AbortSignal): AsyncIterable<ObjectInfo> {
    const call = callOf('list', prefix);
    return this.#interceptor.aroundStream(call, signal, () => this.#inner.list(prefix, signal));
  }

  remove(key: string, signal: AbortSignal): Promise<void> {
    const call = callOf('remove', key);
    return this.#interceptor.around(call, signal, () => this.#inner.remove(key, signal));
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

function callOf(operation: Call['operation'], key: string): Call {
  return { operation, key, bytes: 0 };
}
