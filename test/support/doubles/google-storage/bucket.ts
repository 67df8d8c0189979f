import { createHash, randomBytes } from 'node:crypto';

import { crc32cOf } from './crc32c.ts';
import { GoogleRefusal } from './refusals.ts';

export interface StoredObject {
  readonly name: string;
  readonly bytes: Buffer;
  readonly generation: string;
  readonly updated: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Base64. */
  readonly md5: string;
  /** Base64. */
  readonly crc32c: string;
}

/** What an upload says of the object it makes. */
export interface Intent {
  readonly name: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly md5Hash: string | undefined;
  readonly crc32c: string | undefined;
  /** `ifGenerationMatch`. */
  readonly generation: string | undefined;
}

export interface Session {
  readonly intent: Intent;
  /** Undefined until a request names it. */
  total: number | undefined;
  persisted: Buffer;
  made: StoredObject | undefined;
}

/** The objects of one bucket, and the uploads that were begun. */
export class Bucket {
  readonly name: string;
  readonly objects = new Map<string, StoredObject>();
  readonly sessions = new Map<string, Session>();
  #generation = 1_700_000_000_000_000;

  constructor(name: string) {
    this.name = name;
  }

  begin(intent: Intent, total: number | undefined): string {
    requireName(intent.name);
    const id = randomBytes(24).toString('base64url');
    this.sessions.set(id, { intent, total, persisted: Buffer.alloc(0), made: undefined });
    return id;
  }

  /** Makes an object of bytes that are all there, where nothing speaks against it. */
  create(intent: Intent, bytes: Buffer): StoredObject {
    requireName(intent.name);
    this.requireGeneration(intent.name, intent.generation);
    const md5 = createHash('md5').update(bytes).digest('base64');
    const crc32c = crc32cOf(bytes);
    if (intent.md5Hash !== undefined && intent.md5Hash !== md5) {
      const what = `Provided MD5 hash "${intent.md5Hash}" doesn't match calculated MD5 hash "${md5}".`;
      throw new GoogleRefusal(400, 'invalid', what);
    }
    if (intent.crc32c !== undefined && intent.crc32c !== crc32c) {
      const what = `Provided CRC32C "${intent.crc32c}" doesn't match calculated CRC32C "${crc32c}".`;
      throw new GoogleRefusal(400, 'invalid', what);
    }
    this.#generation += 1;
    const object = {
      ...{ name: intent.name, bytes, md5, crc32c },
      ...{ contentType: intent.contentType, metadata: intent.metadata },
      generation: String(this.#generation),
      updated: new Date().toISOString(),
    };
    this.objects.set(intent.name, object);
    return object;
  }

  require(name: string): StoredObject {
    const object = this.objects.get(name);
    if (object !== undefined) return object;
    throw new GoogleRefusal(404, 'notFound', `No such object: ${this.name}/${name}`);
  }

  /** cloud.google.com/storage/docs/request-preconditions; 0 means that there must be none. */
  requireGeneration(name: string, wanted: string | undefined): void {
    if (wanted === undefined || wanted === (this.objects.get(name)?.generation ?? '0')) return;
    const message = 'At least one of the pre-conditions you specified did not hold.';
    throw new GoogleRefusal(412, 'conditionNotMet', message);
  }
}

/** cloud.google.com/storage/docs/objects#naming. */
function requireName(name: string): void {
  const bytes = Buffer.byteLength(name);
  const unfit = bytes === 0 || bytes > 1024 || /[\r\n]/u.test(name);
  if (unfit || name === '.' || name === '..') {
    throw new GoogleRefusal(400, 'invalid', 'Invalid object name.');
  }
}
