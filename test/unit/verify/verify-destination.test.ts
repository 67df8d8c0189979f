import { describe, expect, it } from 'vitest';
import { fail } from '../../../shared/domain/failure.ts';
import type { Destination } from '../../../electron/engine/destinations/contract.ts';
import type { ExpectedObject, VerifyLedger } from '../../../electron/engine/verify/ledger.ts';
import { verifyDestination } from '../../../electron/engine/verify/verify-destination.ts';
import type { VerifyRequest } from '../../../electron/engine/verify/verify-destination.ts';
import type { VerifyEvent, VerifySummary } from '../../../electron/engine/verify/verify-tally.ts';
import { MemoryDestination } from '../../support/destinations/memory-destination.ts';
import type { MemoryOptions } from '../../support/destinations/memory-destination.ts';
import { MemoryStore } from '../../support/destinations/memory-store.ts';
import { JournalingDevice, sha256 } from '../../support/journal/entries.ts';

const never = new AbortController().signal;

/** A ledger in memory, with the moments of reading in view. */
class MemoryLedger implements VerifyLedger {
  readonly objects: ExpectedObject[] = [];
  readonly readAt = new Map<number, number>();
  count = () => this.objects.length;
  expected = () => this.objects;

  add(key: string, content: string): void {
    const bytes = Buffer.byteLength(content);
    this.objects.push({ id: this.objects.length + 100, key, hash: sha256(content), bytes });
  }

  lookup(key: string): ExpectedObject | null {
    return this.objects.find((object) => object.key === key) ?? null;
  }

  contentsByPrefix(prefix: string): ExpectedObject[] {
    return this.objects.filter(({ hash }) => hash.startsWith(prefix));
  }

  leastLatelyRead(beforeMs: number, limit: number): ExpectedObject[] {
    const at = ({ id }: ExpectedObject) => this.readAt.get(id) ?? -1;
    return this.objects
      .filter((object) => at(object) < beforeMs)
      .sort((a, b) => at(a) - at(b))
      .slice(0, limit);
  }

  countReadSince(sinceMs: number): number {
    return [...this.readAt.values()].filter((atMs) => atMs >= sinceMs).length;
  }

  recordRead(id: number, atMs: number): void {
    this.readAt.set(id, atMs);
  }
}

/** `count` objects `0` to `count - 1`, all as they should be. */
function backup(count: number): { store: MemoryStore; ledger: MemoryLedger; keys: string[] } {
  const store = new MemoryStore();
  const ledger = new MemoryLedger();
  const device = new JournalingDevice(store, 'laptop', 'Laptop', 1_715_000_000_000);
  const keys = Array.from({ length: count }, (_, index) => {
    const key = device.add('Pictures', `${String(index)}.jpg`, `content ${String(index)}`);
    ledger.add(key, `content ${String(index)}`);
    return key;
  });
  device.flush();
  return { store, ledger, keys };
}

interface Options extends MemoryOptions {
  readonly readPercent?: number;
  readonly resume?: VerifyRequest['resume'];
  readonly nowMs?: number;
  readonly wrap?: (destination: MemoryDestination) => Destination;
}

async function verify(
  store: MemoryStore,
  ledger: VerifyLedger,
  options: Options = {},
): Promise<{ summary: VerifySummary; findings: string[]; events: VerifyEvent[] }> {
  const events: VerifyEvent[] = [];
  const memory = new MemoryDestination({ serverHash: [], ...options, store });
  const summary = await verifyDestination(
    {
      destination: options.wrap?.(memory) ?? memory,
      ledger,
      readData:
        options.readPercent === undefined
          ? null
          : { percent: options.readPercent, order: 'oldest-first' },
      resume: options.resume ?? null,
    },
    {
      clock: {
        now: () => options.nowMs ?? 1000,
        monotonic: () => 0,
        sleep: () => Promise.resolve(),
      },
      onEvent: (event) => events.push(event),
    },
    never,
  );
  const findings = events.flatMap((event) => {
    if (event.event !== 'finding') return [];
    const { finding } = event;
    return [`${finding.kind} ${'object' in finding ? finding.object.key : finding.key}`];
  });
  const { intact, missing, wrongSize, corrupt, unreadable, expected } = summary;
  expect(intact + missing + wrongSize + corrupt + unreadable).toBe(expected);
  return { summary, findings, events };
}

describe('verifyDestination', () => {
  it('finds nothing wrong with a sound backup, by one listing', async () => {
    const { store, ledger } = backup(5);
    const calls: string[] = [];
    const gate: NonNullable<MemoryOptions['gate']> = ({ operation, phase, key }) => {
      if (phase === 'before') calls.push(`${operation} ${key}`);
      return Promise.resolve();
    };
    const { summary, findings } = await verify(store, ledger, { gate });
    expect(findings).toEqual([]);
    expect(summary).toEqual({
      event: 'summary',
      expected: 5,
      intact: 5,
      missing: 0,
      wrongSize: 0,
      corrupt: 0,
      unreadable: 0,
      unjournalled: 0,
      extra: 0,
      foreign: 0,
      journalProblems: 0,
      read: 0,
      bytesRead: 0,
      roundStartedMs: null,
      seconds: 0,
    });
    expect(calls).toEqual([
      'list .cloudroll/journal/',
      'open .cloudroll/journal/laptop/0000000001.jsonl',
      'list ',
    ]);
  });

  it('names what is missing, of another size, extra and not journalled', async () => {
    const { store, ledger, keys } = backup(5);
    const [missing = '', wrong = '', extra = ''] = keys;
    store.objects.delete(missing);
    store.objects.delete(wrong);
    store.commit(wrong, new Uint8Array(3), 0, []);
    const copy = extra.replace('/05/', '/06/');
    store.commit(copy, new TextEncoder().encode('content 2'), 0, []);
    const stranger = '2024/05/stranger-0123456789ab.jpg';
    store.commit(stranger, new Uint8Array(1), 0, []);
    store.commit('README.txt', new Uint8Array(1), 0, []);
    const lonely = '2024/05/lonely-0123456789cd.jpg';
    store.commit(lonely, new TextEncoder().encode('lonely'), 0, []);
    ledger.add(lonely, 'lonely');
    const { summary, findings, events } = await verify(store, ledger);
    expect(findings.sort()).toEqual(
      [
        `missing ${missing}`,
        `wrongSize ${wrong}`,
        `extra ${copy}`,
        `extra ${stranger}`,
        `unjournalled ${lonely}`,
      ].sort(),
    );
    expect(summary).toMatchObject({
      expected: 6,
      intact: 4,
      missing: 1,
      wrongSize: 1,
      extra: 2,
      foreign: 1,
      unjournalled: 1,
    });
    const contents = events.flatMap((event) =>
      event.event === 'finding' && event.finding.kind === 'extra' ? [event.finding.content] : [],
    );
    expect(contents.toSorted()).toEqual([sha256('content 2'), null]);
  });

  it('looks again before it calls an object missing', async () => {
    const { store, ledger, keys } = backup(3);
    const late = keys[1] ?? '';
    const object = store.objects.get(late);
    store.objects.delete(late);
    const gate: NonNullable<MemoryOptions['gate']> = ({ operation, phase, key }) => {
      if (operation === 'list' && phase === 'after' && key === '' && object !== undefined) {
        store.objects.set(late, object);
      }
      return Promise.resolve();
    };
    expect((await verify(store, ledger, { gate })).summary).toMatchObject({
      intact: 3,
      missing: 0,
    });
  });

  it('trusts a hash that the destination computed, and otherwise reads', async () => {
    const { store, ledger, keys } = backup(2);
    const rotten = keys[0] ?? '';
    store.corrupt(rotten);
    expect((await verify(store, ledger)).findings).toEqual([]);
    for (const readBack of [true, false]) {
      const { summary, findings } = await verify(store, ledger, { readPercent: 100, readBack });
      expect(findings).toEqual([`corrupt ${rotten}`]);
      expect(summary).toMatchObject({ expected: 2, intact: 1, corrupt: 1, read: 2, bytesRead: 18 });
      ledger.readAt.clear();
    }
    const bytes = store.objects.get(rotten)?.bytes ?? new Uint8Array();
    store.commit(rotten, bytes, 0, ['sha256']);
    expect((await verify(store, ledger)).findings).toEqual([`corrupt ${rotten}`]);
  });

  it('reads a part at a time, the oldest reading first, until all were read', async () => {
    const { store, ledger, keys } = backup(10);
    for (const key of keys.slice(5)) store.corrupt(key);
    const found: string[] = [];
    for (const nowMs of [1000, 2000, 3000, 4000]) {
      const { summary, findings } = await verify(store, ledger, { readPercent: 25, nowMs });
      expect(summary.read).toBe(3);
      found.push(...findings);
    }
    expect([...new Set(found)].sort()).toEqual(keys.slice(5).map((key) => `corrupt ${key}`));
    expect(ledger.readAt.size).toBe(10);
    expect([...ledger.readAt.values()].filter((atMs) => atMs === 4000)).toHaveLength(3);
  });

  it('goes on with a round that was interrupted', async () => {
    const { store, ledger } = backup(10);
    let reads = 0;
    const gate: NonNullable<MemoryOptions['gate']> = ({ operation, phase, key }) => {
      if (operation !== 'open' || phase !== 'before' || key.startsWith('.')) {
        return Promise.resolve();
      }
      reads += 1;
      return reads > 6 ? Promise.reject(fail('offline', 'No network.')) : Promise.resolve();
    };
    const concurrency = { initial: 1, max: 1 };
    await expect(
      verify(store, ledger, { readPercent: 100, nowMs: 1000, gate, concurrency }),
    ).rejects.toMatchObject({ failure: { code: 'offline' } });
    const { summary } = await verify(store, ledger, {
      readPercent: 100,
      nowMs: 500,
      resume: { roundStartedMs: 1000 },
    });
    expect(summary).toMatchObject({ read: 4, intact: 10, roundStartedMs: 1000 });
  });

  it('tells an object that cannot be read from one that is damaged', async () => {
    const { store, ledger, keys } = backup(2);
    const gate: NonNullable<MemoryOptions['gate']> = ({ operation, key }) =>
      operation === 'open' && key === keys[0]
        ? Promise.reject(fail('unreadable', 'Input/output error.'))
        : Promise.resolve();
    const { summary, findings } = await verify(store, ledger, { readPercent: 100, gate });
    expect(findings).toEqual([`unreadable ${keys[0] ?? ''}`]);
    expect(summary).toMatchObject({ intact: 1, unreadable: 1, corrupt: 0 });
  });

  it('reports a journal that is damaged, and what it alone named', async () => {
    const { store, ledger, keys } = backup(2);
    const segment = '.cloudroll/journal/laptop/0000000001.jsonl';
    store.corrupt(segment, 5);
    const { summary, findings } = await verify(store, ledger);
    expect(findings).toEqual([`journal ${segment}`, ...keys.map((key) => `unjournalled ${key}`)]);
    expect(summary).toMatchObject({ intact: 2, journalProblems: 1, unjournalled: 2 });
  });

  it('looks at each object where the destination cannot list', async () => {
    const { store, ledger, keys } = backup(3);
    store.objects.delete(keys[2] ?? '');
    const wrap = (memory: MemoryDestination): Destination => ({
      capabilities: { ...memory.capabilities, list: false },
      check: (signal) => memory.check(signal),
      stat: (key, signal) => memory.stat(key, signal),
      put: (key, source, options, signal) => memory.put(key, source, options, signal),
      open: (key, range, signal) => memory.open(key, range, signal),
      list: () => {
        throw fail('unsupported', 'It cannot list.');
      },
      remove: (key, signal) => memory.remove(key, signal),
      close: () => memory.close(),
    });
    const { summary, findings } = await verify(store, ledger, { wrap });
    expect(findings).toEqual([`missing ${keys[2] ?? ''}`]);
    expect(summary).toMatchObject({ expected: 3, intact: 2, missing: 1, unjournalled: 0 });
  });
});
