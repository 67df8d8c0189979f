import { createHash } from 'node:crypto';

import type { SharedDestination } from './simulated-device.ts';

const hashes = new WeakMap<Uint8Array, string>();

/** SHA-256 of bytes that are never changed in place; remembered. */
export function sha256Of(bytes: Uint8Array): string {
  let hash = hashes.get(bytes);
  if (hash === undefined) {
    hash = createHash('sha256').update(bytes).digest('hex');
    hashes.set(bytes, hash);
  }
  return hash;
}

const folderName = 'backup';

/** What a destination holds, seen from outside the engine, without any of its code. */
export class DestinationView {
  readonly place: SharedDestination;
  #objects: { readonly version: number; readonly found: ReadonlyMap<string, Uint8Array> } | null =
    null;

  constructor(place: SharedDestination) {
    this.place = place;
  }

  /**
   * Grows with every change that a reader could see, and whatever makes something less durable. In between,
   * what is there can only become more durable.
   */
  get version(): number {
    return this.place.kind === 'cloud' ? this.place.bucket.version : this.place.volume.version;
  }

  /** Bytes that a power loss right now would leave under this key; null where it might not. */
  durable(key: string): Uint8Array | null {
    if (this.place.kind === 'cloud') return this.place.bucket.objects.get(key)?.bytes ?? null;
    return this.place.volume.durableFile([folderName, ...key.split('/')]);
  }

  /** Whether a durable object of that content stands under this key. */
  holds(key: string, sha256: string): boolean {
    const bytes = this.durable(key);
    return bytes !== null && sha256Of(bytes) === sha256;
  }

  /** Whether the server itself spoiled what was once stored under this key. */
  wasSpoiled(key: string): boolean {
    return this.place.kind === 'cloud' && this.place.bucket.spoiled.has(key);
  }

  /** Every visible object; looked up again only where something has changed. */
  objects(): ReadonlyMap<string, Uint8Array> {
    const { version } = this;
    if (this.#objects?.version !== version) this.#objects = { version, found: this.#find() };
    return this.#objects.found;
  }

  #find(): Map<string, Uint8Array> {
    if (this.place.kind === 'cloud') {
      return new Map(
        [...this.place.bucket.objects].map(([key, object]) => [key, object.bytes] as const),
      );
    }
    const found = new Map<string, Uint8Array>();
    for (const { path, node } of this.place.volume.files()) {
      const [top, ...key] = path;
      if (top === folderName) found.set(key.join('/').normalize('NFC'), node.data);
    }
    return found;
  }
}

/** Whether a key is the app's own, below `.cloudroll/`. */
export function isSystemKey(key: string): boolean {
  return key.startsWith('.cloudroll/');
}
