import { createHash } from 'node:crypto';

import { fail } from '../../../shared/domain/failure.ts';
import {
  orCancelled,
  throwIfCancelled,
} from '../../../electron/engine/destinations/cancellation.ts';
import type {
  ByteRange,
  Capabilities,
  Destination,
  HashAlgorithm,
  ObjectInfo,
  PutOptions,
  PutResult,
  Quota,
  ReopenableSource,
} from '../../../electron/engine/destinations/contract.ts';
import { MemoryStore } from './memory-store.ts';
import type { StoredObject, UnfinishedUpload } from './memory-store.ts';

export type MemoryOperation =
  'check' | 'stat' | 'put' | 'open' | 'readBack' | 'list' | 'quota' | 'remove';

/** A moment at which a test may hold a call (by a pending promise) or break it (by a rejection). */
export interface GateCall {
  readonly operation: MemoryOperation;
  /**
   * `before`: the request has not reached the service. `chunk` (put, open): before each chunk.
   * `commit` (put, remove): all bytes are there, the effect is next. `after`: done; breaking it here is
   * a lost reply.
   */
  readonly phase: 'before' | 'chunk' | 'commit' | 'after';
  /** The key, or the prefix of a `list`. */
  readonly key: string;
}

export interface MemoryOptions {
  /** Default: a store of its own. */
  readonly store?: MemoryStore;
  /** `checked` looks before it writes and then overwrites, as a service without conditional writes does. */
  readonly createOnly?: Capabilities['createOnly'];
  /** Hashes the service computes and reports; default sha256. Empty: like an ETag that proves nothing. */
  readonly serverHash?: readonly HashAlgorithm[];
  readonly resumable?: boolean;
  /** Whether `readBack` exists. */
  readonly readBack?: boolean;
  readonly maxBytes?: number;
  /** Space of the service, bytes; default: it tells nothing of it. */
  readonly totalBytes?: number;
  readonly concurrency?: Capabilities['concurrency'];
  readonly gate?: (call: GateCall) => Promise<void>;
  /** The service's wall clock. */
  readonly now?: () => number;
  /** What the wire does to the bytes of an object; default nothing. */
  readonly transit?: (key: string, bytes: Uint8Array) => Uint8Array;
}

/** A destination in memory with programmable quirks, for tests and for the simulation. */
export class MemoryDestination implements Destination {
  readonly capabilities: Capabilities;
  readonly store: MemoryStore;
  readonly readBack?: (
    key: string,
    signal: AbortSignal,
  ) => Promise<{ sha256: string; bytes: number }>;
  readonly quota?: (signal: AbortSignal) => Promise<Quota | null>;
  readonly #gate: (call: GateCall) => Promise<void>;
  readonly #now: () => number;
  readonly #transit: (key: string, bytes: Uint8Array) => Uint8Array;

  constructor(options: MemoryOptions = {}) {
    this.store = options.store ?? new MemoryStore();
    this.#gate = options.gate ?? (() => Promise.resolve());
    this.#now = options.now ?? (() => 0);
    this.#transit = options.transit ?? ((_key, bytes) => bytes);
    this.capabilities = {
      createOnly: options.createOnly ?? 'atomic',
      resumable: options.resumable ?? false,
      serverHash: options.serverHash ?? ['sha256'],
      list: true,
      remove: true,
      maxBytes: options.maxBytes ?? 2 ** 40,
      concurrency: options.concurrency ?? { initial: 4, max: 16 },
    };
    if (options.readBack === true) {
      this.readBack = (key, signal) => this.#readBack(key, signal);
    }
    const { totalBytes } = options;
    if (totalBytes !== undefined) this.quota = (signal) => this.#quota(totalBytes, signal);
  }

  async check(signal: AbortSignal): Promise<void> {
    await this.#pass('check', 'before', '', signal);
    await this.#pass('check', 'after', '', signal);
  }

  async stat(key: string, signal: AbortSignal): Promise<ObjectInfo | null> {
    await this.#pass('stat', 'before', key, signal);
    const object = this.store.objects.get(key);
    await this.#pass('stat', 'after', key, signal);
    return object === undefined ? null : infoOf(key, object);
  }

  async put(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutResult> {
    await this.#pass('put', 'before', key, signal);
    if (source.bytes > this.capabilities.maxBytes) {
      throw fail('unsupported', `${key} is larger than this destination takes.`);
    }
    this.#refuseExisting(key);
    const { id, upload } = this.#upload(key, source, options);
    try {
      await this.#receive(upload, source, options, signal);
      await this.#pass('put', 'commit', key, signal);
    } catch (error) {
      if (!this.capabilities.resumable) this.store.uploads.delete(id);
      throw error;
    }
    const bytes = Buffer.concat(upload.chunks);
    this.store.uploads.delete(id);
    options.resume?.save(undefined);
    if (bytes.length !== source.bytes || sha256(bytes) !== source.sha256) {
      throw fail('changed', `The source of ${key} changed while it was sent.`);
    }
    if (this.capabilities.createOnly === 'atomic') this.#refuseExisting(key);
    const arrived = this.#transit(key, bytes);
    if (this.capabilities.serverHash.includes('sha256') && sha256(arrived) !== source.sha256) {
      throw fail('corrupt', `The bytes of ${key} arrived damaged and were refused.`);
    }
    const object = this.store.commit(key, arrived, this.#now(), this.capabilities.serverHash);
    await this.#pass('put', 'after', key, signal);
    const evidence = object.hashes.sha256 === source.sha256 ? 'server-sha256' : null;
    return { ...infoOf(key, object), evidence };
  }

  async *open(
    key: string,
    range: ByteRange | null,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    await this.#pass('open', 'before', key, signal);
    const bytes = this.#existing(key).bytes.subarray(range?.start ?? 0, range?.end);
    for (let start = 0; start < bytes.length; start += chunkBytes) {
      await this.#pass('open', 'chunk', key, signal);
      yield bytes.subarray(start, start + chunkBytes);
    }
    await this.#pass('open', 'after', key, signal);
  }

  async *list(prefix: string, signal: AbortSignal): AsyncGenerator<ObjectInfo> {
    await this.#pass('list', 'before', prefix, signal);
    for (const key of this.store.keys()) {
      throwIfCancelled(signal);
      const object = key.startsWith(prefix) ? this.store.objects.get(key) : undefined;
      if (object !== undefined) yield infoOf(key, object);
    }
    await this.#pass('list', 'after', prefix, signal);
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    await this.#pass('remove', 'before', key, signal);
    await this.#pass('remove', 'commit', key, signal);
    this.store.objects.delete(key);
    await this.#pass('remove', 'after', key, signal);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }

  async #readBack(key: string, signal: AbortSignal): Promise<{ sha256: string; bytes: number }> {
    await this.#pass('readBack', 'before', key, signal);
    const { bytes } = this.#existing(key);
    await this.#pass('readBack', 'after', key, signal);
    return { sha256: sha256(bytes), bytes: bytes.length };
  }

  async #quota(totalBytes: number, signal: AbortSignal): Promise<Quota> {
    await this.#pass('quota', 'before', '', signal);
    const sizes = [...this.store.objects.values()].map(({ bytes }) => bytes.length);
    await this.#pass('quota', 'after', '', signal);
    return { usedBytes: sizes.reduce((sum, one) => sum + one, 0), totalBytes };
  }

  #upload(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
  ): { id: string; upload: UnfinishedUpload } {
    const [knownId, knownHash] = options.resume?.load()?.split(' ') ?? [];
    const known = knownId === undefined ? undefined : this.store.uploads.get(knownId);
    if (
      this.capabilities.resumable &&
      knownId !== undefined &&
      known?.key === key &&
      knownHash === source.sha256
    ) {
      return { id: knownId, upload: known };
    }
    const id = this.store.beginUpload(key);
    if (this.capabilities.resumable) options.resume?.save(`${id} ${source.sha256}`);
    const upload = this.store.uploads.get(id);
    if (upload === undefined) throw fail('bug', 'The upload that was begun is gone.');
    return { id, upload };
  }

  async #receive(
    upload: UnfinishedUpload,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<void> {
    for await (const chunk of source.open(upload.received, signal)) {
      await this.#pass('put', 'chunk', upload.key, signal);
      if (upload.received + chunk.length > source.bytes) {
        upload.chunks.push(chunk);
        return;
      }
      upload.chunks.push(Uint8Array.from(chunk));
      upload.received += chunk.length;
      this.store.bytesReceived += chunk.length;
      options.onProgress?.(upload.received);
    }
  }

  #refuseExisting(key: string): void {
    if (this.store.objects.has(key)) throw fail('conflict', `${key} exists already.`);
  }

  #existing(key: string): StoredObject {
    const object = this.store.objects.get(key);
    if (object === undefined) throw fail('notFound', `There is no object ${key}.`);
    return object;
  }

  async #pass(
    operation: MemoryOperation,
    phase: GateCall['phase'],
    key: string,
    signal: AbortSignal,
  ): Promise<void> {
    await orCancelled(this.#gate({ operation, phase, key }), signal);
  }
}

const chunkBytes = 64 * 1024;

function infoOf(key: string, object: StoredObject): ObjectInfo {
  return {
    key,
    bytes: object.bytes.length,
    modifiedMs: object.modifiedMs,
    hashes: object.hashes,
    tag: object.tag,
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
