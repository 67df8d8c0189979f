import { createHash } from 'node:crypto';

import { fail } from '../../../shared/domain/failure.ts';
import type { HashAlgorithm } from '../../../electron/engine/destinations/contract.ts';

export interface StoredObject {
  readonly bytes: Uint8Array;
  readonly modifiedMs: number;
  /** Computed when the bytes arrived, as real services do: later rot does not show in them. */
  readonly hashes: Readonly<Partial<Record<HashAlgorithm, string>>>;
  /** Another one for each write. */
  readonly tag: string;
}

/** An upload that has begun and is not visible. */
export interface UnfinishedUpload {
  readonly key: string;
  readonly chunks: Uint8Array[];
  received: number;
}

/** The service's side of a {@link MemoryDestination}: survives the clients, can be shared by several. */
export class MemoryStore {
  readonly objects: Map<string, StoredObject>;
  readonly uploads = new Map<string, UnfinishedUpload>();
  /** Keys that a put has replaced although the contract forbids it (a lost race on a `checked` store). */
  readonly overwritten: string[] = [];
  /** Bytes of sources taken in so far, also by uploads that never finished. */
  bytesReceived = 0;
  #nextUpload = 1;
  #nextTag = 1;

  constructor(objects = new Map<string, StoredObject>()) {
    this.objects = objects;
  }

  beginUpload(key: string): string {
    const id = `upload-${String(this.#nextUpload)}`;
    this.#nextUpload += 1;
    this.uploads.set(id, { key, chunks: [], received: 0 });
    return id;
  }

  /** Makes an object visible. */
  commit(
    key: string,
    bytes: Uint8Array,
    modifiedMs: number,
    algorithms: readonly HashAlgorithm[],
  ): StoredObject {
    if (this.objects.has(key)) this.overwritten.push(key);
    const tag = `tag-${String(this.#nextTag)}`;
    this.#nextTag += 1;
    const object = { bytes, modifiedMs, hashes: hashesOf(bytes, algorithms), tag };
    this.objects.set(key, object);
    return object;
  }

  /** Flips one bit of the bytes at rest, as a failing disk does. */
  corrupt(key: string, index = 0): void {
    const object = this.objects.get(key);
    if (object === undefined) throw fail('notFound', `There is no object ${key}.`);
    const bytes = Uint8Array.from(object.bytes);
    bytes[index] = (bytes[index] ?? 0) ^ 1;
    this.objects.set(key, { ...object, bytes });
  }

  sha256(key: string): string | undefined {
    const object = this.objects.get(key);
    return object === undefined ? undefined : digest('sha256', object.bytes);
  }

  keys(): string[] {
    return [...this.objects.keys()].sort();
  }
}

function hashesOf(
  bytes: Uint8Array,
  algorithms: readonly HashAlgorithm[],
): Partial<Record<HashAlgorithm, string>> {
  return Object.fromEntries(algorithms.map((algorithm) => [algorithm, digest(algorithm, bytes)]));
}

function digest(algorithm: HashAlgorithm, bytes: Uint8Array): string {
  if (algorithm === 'crc32c') throw fail('unsupported', 'The memory store computes no CRC32C.');
  return createHash(algorithm).update(bytes).digest('hex');
}
