import { createHash } from 'node:crypto';
import { nextTimestamp } from '../../../shared/domain/hybrid-clock.ts';
import type {
  AbsentEntry,
  AssetEntry,
  JournalEntry,
  LocationEntry,
  ObjectEntry,
} from '../../../shared/domain/journal-entry.ts';
import { objectKey } from '../../../shared/domain/object-key.ts';
import { encodeSegment } from '../../../electron/engine/journal/segment-codec.ts';
import { segmentKey } from '../../../electron/engine/journal/segment-key.ts';
import type { MemoryStore } from '../destinations/memory-store.ts';

/** SHA-256 of a text or of bytes. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Content by its text, as an asset entry of a photo of May 2024. */
export function assetEntry(content: string, name: string, at: string): AssetEntry {
  return {
    type: 'asset',
    at,
    hash: sha256(content),
    bytes: Buffer.byteLength(content),
    name,
    description: {
      type: { kind: 'photo', mime: 'image/jpeg' },
      captured: {
        wall: '2024-05-17T12:00:00.120',
        offset: '+09:00',
        utcMs: Date.UTC(2024, 4, 17, 3),
        source: 'exif',
        confidence: 'high',
      },
      width: 4000,
      height: 3000,
      camera: 'Canon EOS R5',
      lens: null,
      exposure: null,
      latitude: null,
      longitude: null,
      rating: null,
      title: '제주',
      durationMs: null,
      contentIdentifier: null,
    },
  };
}

/**
 * A device that writes what it backs up to a destination in memory: objects first, then one journal
 * segment for each {@link JournalingDevice.flush}.
 */
export class JournalingDevice {
  readonly device: string;
  readonly deviceName: string;
  readonly store: MemoryStore;
  readonly entries: JournalEntry[] = [];
  nowMs: number;
  #last: string | null = null;
  #sequence = 0;
  #previous: string | null = null;
  #pending: JournalEntry[] = [];

  constructor(store: MemoryStore, device: string, deviceName: string, nowMs: number) {
    this.store = store;
    this.device = device;
    this.deviceName = deviceName;
    this.nowMs = nowMs;
  }

  /**
   * Backs up content that stands at `<rootName>/<path>`; the folder's id is its name. Returns the key, which
   * is an earlier one where the content is there already.
   */
  add(rootName: string, path: string, content: string, modifiedMs = 1_715_904_000_000): string {
    const asset = assetEntry(content, path.split('/').at(-1) ?? path, this.#at());
    const digits = `-${asset.hash.slice(0, 12)}`;
    const known = this.store.keys().find((key) => key.includes(digits));
    const key = known ?? objectKey({ wall: '2024-05-17', name: asset.name, hash: asset.hash });
    if (known === undefined) {
      this.store.commit(key, new TextEncoder().encode(content), this.nowMs, ['sha256']);
    }
    const { hash, bytes } = asset;
    const object: ObjectEntry = {
      type: 'object',
      at: this.#at(),
      hash,
      key,
      bytes,
      evidence: 'server-sha256',
      tag: null,
    };
    const location: LocationEntry = {
      type: 'location',
      at: this.#at(),
      hash,
      root: rootName.toLowerCase(),
      rootName,
      path,
      modifiedMs,
    };
    this.#pending.push(asset, object, location);
    return key;
  }

  /** The path is gone. */
  absent(rootName: string, path: string): void {
    const entry: AbsentEntry = {
      type: 'absent',
      at: this.#at(),
      root: rootName.toLowerCase(),
      path,
    };
    this.#pending.push(entry);
  }

  /** Adds an entry as it is. */
  record(make: (at: string) => JournalEntry): void {
    this.#pending.push(make(this.#at()));
  }

  /** Writes what is pending as the next segment and returns its key. */
  flush(): string {
    this.#sequence += 1;
    const { device, deviceName } = this;
    const bytes = encodeSegment({
      device,
      deviceName,
      sequence: this.#sequence,
      previous: this.#previous,
      entries: this.#pending,
    });
    const key = segmentKey(device, this.#sequence);
    this.store.commit(key, bytes, this.nowMs, ['sha256']);
    this.#previous = sha256(bytes);
    this.entries.push(...this.#pending);
    this.#pending = [];
    return key;
  }

  #at(): string {
    this.nowMs += 1;
    this.#last = nextTimestamp(this.#last, this.nowMs, this.device);
    return this.#last;
  }
}
