import { createHash } from 'node:crypto';

import { fail } from '../../../shared/domain/failure.ts';

export interface StoredObject {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly modifiedMs: number;
}

/** What the server's side of a cloud can suffer from, switched by the world. */
export interface BucketConditions {
  offline: boolean;
  authRevoked: boolean;
  /** Bytes it takes at most. */
  quota: number;
}

/** The server's side of a simulated cloud, shared by all devices; what it holds is durable. */
export class SimulatedBucket {
  readonly name: string;
  readonly objects = new Map<string, StoredObject>();
  readonly conditions: BucketConditions = {
    offline: false,
    authRevoked: false,
    quota: Number.POSITIVE_INFINITY,
  };
  /** Keys under which the server once stored other bytes than it was sent. */
  readonly spoiled = new Set<string>();
  /** Grows with every change, so that a checker can skip what did not change. */
  version = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** Rejects whatever the conditions of the moment make impossible. */
  demandReachable(): void {
    if (this.conditions.offline) throw fail('offline', `${this.name} cannot be reached.`);
    if (this.conditions.authRevoked) throw fail('auth', `${this.name} refuses the sign-in.`);
  }

  store(key: string, bytes: Uint8Array, modifiedMs: number): StoredObject {
    let used = bytes.length;
    for (const object of this.objects.values()) used += object.bytes.length;
    if (used > this.conditions.quota) throw fail('quota', `${this.name} is full.`);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const object: StoredObject = { bytes, sha256, modifiedMs };
    this.objects.set(key, object);
    this.version += 1;
    return object;
  }

  remove(key: string): void {
    if (this.objects.delete(key)) this.version += 1;
  }
}
