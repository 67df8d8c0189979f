import { randomUUID } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import type { Destination, PutResult } from '../../electron/engine/destinations/contract.ts';
import {
  collect,
  sha256Of,
  someBytes,
  sourceOf,
  TokenStore,
} from '../../electron/engine/destinations/validation/sources.ts';
import { failureOf, type Failure } from '../../shared/domain/failure.ts';
import { decorated } from '../support/destinations/open-destination.ts';
import {
  startHttpProxy,
  type HttpProxy,
  type HttpProxyBehaviour,
  type SeenHttpRequest,
} from '../support/network/http-proxy.ts';

/** A destination at a server of this machine, whose ports may be replaced by others that stand before them. */
export interface FaultPlace {
  /** Ports of the server. */
  readonly ports: readonly number[];
  /** Bytes of a file that goes up in several requests. */
  readonly large: number;
  open(ports: readonly number[]): Promise<Destination>;
}

type Fits = (request: SeenHttpRequest) => boolean;

/** What may happen to one request, by what it is called; `silent` ends by giving up. */
const faults: Readonly<Record<string, (fits: Fits) => HttpProxyBehaviour>> = {
  'breaks before': (fits) => ({ breaks: fits }),
  'breaks in the middle': (fits) => ({ cuts: fits }),
  'loses its reply': (fits) => ({ losesReply: fits }),
  'gets half of its reply': (fits) => ({ cutsReply: fits }),
  'meets 503': (fits) => ({ answer: (request) => (fits(request) ? { status: 503 } : undefined) }),
  'meets 429': (fits) => ({ answer: (request) => (fits(request) ? { status: 429 } : undefined) }),
  'arrives short': (fits) => ({
    body: (request) =>
      request.body.length > 0 && fits(request)
        ? request.body.subarray(0, request.body.length >> 1)
        : undefined,
  }),
  'arrives with a wrong byte': (fits) => ({
    body: (request) =>
      request.body.length > 0 && fits(request) ? flipped(request.body) : undefined,
  }),
};

/**
 * Every request of an upload, of a small file and of one that goes in parts, meets every fault once, as the engine
 * uploads: what is called proven is there, what is there is whole, there is one of it, and the next attempt ends it.
 */
export function faultRuns(title: string, start: () => Promise<FaultPlace>): void {
  describe(`every request to ${title}`, () => {
    for (const [what, fault] of Object.entries(faults)) {
      test(`${what}, and no photo is lost, doubled or called safe`, async () => {
        const stage = await Stage.set(await start());
        try {
          for (const bytes of [60_000, stage.place.large]) {
            const requests = await stage.requestsOf(bytes);
            expect(requests).toBeGreaterThan(0);
            for (let index = 0; index < requests; index += 1) await stage.run(fault, index, bytes);
          }
          expect(stage.met).toBeGreaterThan(0);
        } finally {
          await stage.clear();
        }
      });
    }

    test('waits for ever, and giving up is heard at once', async () => {
      const stage = await Stage.set(await start());
      try {
        for (const bytes of [60_000, stage.place.large]) {
          const requests = await stage.requestsOf(bytes);
          for (let index = 0; index < requests; index += 1) await stage.giveUp(index, bytes);
        }
      } finally {
        await stage.clear();
      }
    });
  });
}

class Stage {
  readonly place: FaultPlace;
  met = 0;
  readonly #proxies: readonly HttpProxy[];
  readonly #direct: Destination;
  /** The same place, seen through the proxies. */
  readonly #through: Destination;
  /** Of its own: the server outlasts the test. */
  readonly #folder = `${randomUUID()}/`;
  readonly #signal = new AbortController().signal;
  #seed = 0;

  private constructor(
    place: FaultPlace,
    proxies: readonly HttpProxy[],
    direct: Destination,
    through: Destination,
  ) {
    this.place = place;
    this.#proxies = proxies;
    this.#direct = direct;
    this.#through = through;
  }

  static async set(place: FaultPlace): Promise<Stage> {
    const proxies = await Promise.all(place.ports.map((port) => startHttpProxy(port)));
    const direct = await place.open(place.ports);
    const through = await place.open(proxies.map(({ port }) => port));
    for (const one of [direct, through]) await one.check(new AbortController().signal);
    return new Stage(place, proxies, direct, through);
  }

  async clear(): Promise<void> {
    this.#behave({});
    await this.#through.close();
    await this.#direct.close();
    await Promise.all(this.#proxies.map((proxy) => proxy.close()));
  }

  /** How many requests an upload takes that nothing befalls. */
  async requestsOf(count: number): Promise<number> {
    const destination = decorated(this.#through);
    const before = this.#requests();
    const { key, bytes } = this.#next(count);
    await destination.put(key, sourceOf(bytes), {}, this.#signal);
    return this.#requests() - before;
  }

  async run(
    fault: (fits: Fits) => HttpProxyBehaviour,
    index: number,
    count: number,
  ): Promise<void> {
    const destination = decorated(this.#through);
    const { key, bytes } = this.#next(count);
    const resume = new TokenStore();
    this.#behave(
      fault(
        nth(index, () => {
          this.met += 1;
        }),
      ),
    );
    const outcome = await destination
      .put(key, sourceOf(bytes), { resume }, this.#signal)
      .catch(failureOf);
    this.#behave({});
    await this.#expectHonest(key, bytes, outcome);
    await this.#expectNextEnds(destination, key, bytes, resume);
  }

  async giveUp(index: number, count: number): Promise<void> {
    const destination = decorated(this.#through);
    const { key, bytes } = this.#next(count);
    const resume = new TokenStore();
    const person = new AbortController();
    const answered = Promise.withResolvers<undefined>();
    let waiting: SeenHttpRequest | undefined;
    const fits = nth(index, () => {
      person.abort();
    });
    this.#behave({
      waits: (request) => {
        if (!fits(request)) return undefined;
        waiting = request;
        return answered.promise;
      },
      breaks: (request) => request === waiting,
    });
    const outcome = await destination
      .put(key, sourceOf(bytes), { resume }, person.signal)
      .catch(failureOf);
    if (!('evidence' in outcome)) expect(outcome.code).toBe('cancelled');
    answered.resolve(undefined);
    this.#behave({});
    await this.#expectHonest(key, bytes, outcome);
    await this.#expectNextEnds(destination, key, bytes, resume);
  }

  /** What it was told is so. */
  async #expectHonest(key: string, bytes: Uint8Array, outcome: PutResult | Failure): Promise<void> {
    const held = await this.#truly(key);
    if (!('evidence' in outcome)) {
      if (outcome.code === 'conflict') expect(held, key).toBe(sha256Of(bytes));
      else expect([null, sha256Of(bytes)], `${key}: ${outcome.code}`).toContain(held);
    } else if (outcome.evidence !== null) {
      expect(held, key).toBe(sha256Of(bytes));
    } else if (held !== sha256Of(bytes)) {
      // Nothing was called proven: the engine reads it back, finds this, and takes it away.
      await this.#direct.remove(key, this.#signal);
    }
  }

  async #expectNextEnds(
    destination: Destination,
    key: string,
    bytes: Uint8Array,
    resume: TokenStore,
  ): Promise<void> {
    const outcome = await destination
      .put(key, sourceOf(bytes), { resume }, this.#signal)
      .catch(failureOf);
    if (!('evidence' in outcome)) expect(outcome, key).toMatchObject({ code: 'conflict' });
    expect(await this.#truly(key), key).toBe(sha256Of(bytes));
    const stem = key.slice(0, key.lastIndexOf('.'));
    const there: string[] = [];
    for await (const info of this.#direct.list(this.#folder, this.#signal)) there.push(info.key);
    expect(there.filter((one) => one.startsWith(stem))).toEqual([key]);
    await this.#direct.remove(key, this.#signal);
  }

  async #truly(key: string): Promise<string | null> {
    if ((await this.#direct.stat(key, this.#signal)) === null) return null;
    return sha256Of(await collect(this.#direct.open(key, null, this.#signal)));
  }

  #next(count: number): { readonly key: string; readonly bytes: Uint8Array } {
    this.#seed += 1;
    const key = `${this.#folder}${String(this.#seed).padStart(3, '0')}.jpg`;
    return { key, bytes: someBytes(count, this.#seed) };
  }

  #requests(): number {
    return this.#proxies.reduce((sum, { seen }) => sum + seen.length, 0);
  }

  #behave(behaviour: HttpProxyBehaviour): void {
    for (const proxy of this.#proxies) proxy.behave(behaviour);
  }
}

/** True for the request of that index, counted from zero, and for no other. */
function nth(index: number, then: () => void): Fits {
  const seen = new Set<SeenHttpRequest>();
  return (request) => {
    if (seen.has(request)) return false;
    seen.add(request);
    if (seen.size !== index + 1) return false;
    then();
    return true;
  };
}

function flipped(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}
