import { createHash } from 'node:crypto';

import type {
  ByteRange,
  Capabilities,
  Destination,
  ObjectInfo,
  PutOptions,
  PutResult,
  ReopenableSource,
} from '../../../electron/engine/destinations/contract.ts';
import type { Clock } from '../../../electron/engine/ports/clock.ts';
import { fail } from '../../../shared/domain/failure.ts';
import type { SimulatedBucket, StoredObject } from './simulated-bucket.ts';
import type { FaultKind, SimulatedProcess, Steps } from './steps.ts';

/** What kind of service the cloud is. */
export interface CloudOptions {
  readonly createOnly: Capabilities['createOnly'];
  /** Whether the server tells the SHA-256 of what it stores. */
  readonly serverHash: boolean;
}

/** Longer than any client would wait by itself. */
const retryAfterMs = 90_000;

const requestFaults: readonly FaultKind[] = [
  'offline',
  'timeout',
  'serverError',
  'rateLimited',
  'auth',
];
const commitFaults: readonly FaultKind[] = [
  ...requestFaults,
  'lost-reply',
  'short',
  'corrupt',
  'corrupt-lost-reply',
  'quota',
];
const spoiling: ReadonlySet<FaultKind | null> = new Set(['short', 'corrupt', 'corrupt-lost-reply']);

/** The client's side of a simulated cloud: one per process, all of one bucket. */
export class SimulatedCloud implements Destination {
  readonly capabilities: Capabilities;
  readonly #bucket: SimulatedBucket;
  readonly #steps: Steps;
  readonly #process: SimulatedProcess;
  readonly #clock: Clock;

  constructor(
    bucket: SimulatedBucket,
    steps: Steps,
    process: SimulatedProcess,
    clock: Clock,
    options: CloudOptions,
  ) {
    this.#bucket = bucket;
    this.#steps = steps;
    this.#process = process;
    this.#clock = clock;
    this.capabilities = {
      createOnly: options.createOnly,
      resumable: false,
      serverHash: options.serverHash ? ['sha256'] : [],
      list: true,
      remove: true,
      maxBytes: 1_000_000,
      concurrency: { initial: 2, max: 4 },
    };
  }

  check(signal: AbortSignal): Promise<void> {
    return this.#request('check', signal, () => undefined);
  }

  stat(key: string, signal: AbortSignal): Promise<ObjectInfo | null> {
    return this.#request(`stat ${key}`, signal, () => {
      const object = this.#bucket.objects.get(key);
      return object === undefined ? null : this.#info(key, object);
    });
  }

  async put(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutResult> {
    if (this.capabilities.createOnly === 'checked') {
      const existing = await this.stat(key, signal);
      if (existing !== null) throw fail('conflict', `${key} exists.`);
    }
    const bytes = await this.#receive(source, options, signal);
    return this.#commit(key, bytes, source, signal);
  }

  async *open(
    key: string,
    range: ByteRange | null,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const bytes = await this.#request(`get ${key}`, signal, () => {
      const object = this.#bucket.objects.get(key);
      if (object === undefined) throw fail('notFound', `There is no ${key}.`);
      return object.bytes.subarray(range?.start ?? 0, range?.end);
    });
    const half = bytes.length >> 1;
    yield bytes.slice(0, half);
    await this.#request(`get ${key} second half`, signal, () => undefined);
    yield bytes.slice(half);
  }

  async *list(prefix: string, signal: AbortSignal): AsyncGenerator<ObjectInfo> {
    const page = await this.#request(`list ${prefix}`, signal, () =>
      [...this.#bucket.objects]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, object]) => this.#info(key, object)),
    );
    yield* page;
  }

  remove(key: string, signal: AbortSignal): Promise<void> {
    return this.#request(
      `delete ${key}`,
      signal,
      (fault) => {
        this.#bucket.remove(key);
        if (fault !== null) throw fail('timeout', 'The reply was lost.');
      },
      [...requestFaults, 'lost-reply'],
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #receive(
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let taken = 0;
    for await (const chunk of source.open(0, signal)) {
      chunks.push(chunk);
      taken += chunk.length;
      options.onProgress?.(taken);
    }
    if (taken !== source.bytes) throw fail('changed', 'The source has another length.');
    return Buffer.concat(chunks);
  }

  #commit(
    key: string,
    bytes: Uint8Array,
    source: ReopenableSource,
    signal: AbortSignal,
  ): Promise<PutResult> {
    return this.#request(
      `put ${key}`,
      signal,
      (fault) => {
        if (createHash('sha256').update(bytes).digest('hex') !== source.sha256) {
          throw fail('changed', 'The source has other bytes.');
        }
        if (this.capabilities.createOnly === 'atomic' && this.#bucket.objects.has(key)) {
          throw fail('conflict', `${key} exists.`);
        }
        const proves = this.capabilities.serverHash.includes('sha256');
        if (spoiling.has(fault) && proves) {
          throw fail('corrupt', 'The checksum did not match.');
        }
        const object = this.#bucket.store(key, spoil(bytes, fault), this.#clock.now());
        if (spoiling.has(fault)) this.#bucket.spoiled.add(key);
        if (fault === 'lost-reply' || fault === 'corrupt-lost-reply')
          throw fail('timeout', 'The reply was lost.');
        // A service without hashes may cut an upload short and report the length that was announced.
        const info = { ...this.#info(key, object), bytes: bytes.length };
        return { ...info, evidence: proves ? 'server-sha256' : null };
      },
      commitFaults,
    );
  }

  #info(key: string, object: StoredObject): ObjectInfo {
    const hashes = this.capabilities.serverHash.length > 0 ? { sha256: object.sha256 } : {};
    const { bytes, modifiedMs, sha256 } = object;
    return { key, bytes: bytes.length, modifiedMs, hashes, tag: sha256.slice(0, 16) };
  }

  #request<T>(
    label: string,
    signal: AbortSignal,
    perform: (fault: FaultKind | null) => T,
    faults: readonly FaultKind[] = requestFaults,
  ): Promise<T> {
    return this.#steps.step({
      process: this.#process,
      label: `${this.#bucket.name}: ${label}`,
      faults,
      signal,
      perform: (fault) => {
        this.#bucket.demandReachable();
        switch (fault) {
          case 'offline':
          case 'timeout':
          case 'serverError':
          case 'auth':
          case 'quota':
            throw fail(fault, `Injected: ${fault}.`);
          case 'rateLimited':
            throw fail('rateLimited', 'Too many requests.', {
              retryAt: this.#clock.now() + retryAfterMs,
            });
          default:
            return perform(fault);
        }
      },
    });
  }
}

/** What the server stores of the bytes that it was sent. */
function spoil(bytes: Uint8Array, fault: FaultKind | null): Uint8Array {
  if (fault === 'short') return bytes.slice(0, bytes.length >> 1);
  const wrong = fault === 'corrupt' || fault === 'corrupt-lost-reply';
  return wrong ? bytes.map((byte) => byte ^ 0x55) : Uint8Array.from(bytes);
}
