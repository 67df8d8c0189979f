import { systemFolder } from '../destinations/contract.ts';
import type { Destination } from '../destinations/contract.ts';
import { forEachBounded } from '../journal/concurrency.ts';
import { readNewSegments } from '../journal/read-segments.ts';
import type { Clock } from '../ports/clock.ts';
import { compareStored, compareUnknown } from './compare.ts';
import type { ExpectedObject, VerifyLedger } from './ledger.ts';
import { readRound } from './read-round.ts';
import { VerifyTally } from './verify-tally.ts';
import type { VerifyEvent, VerifySummary } from './verify-tally.ts';

export interface VerifyRequest {
  readonly destination: Destination;
  readonly ledger: VerifyLedger;
  /** Whether bytes are read as well: of that many per cent (over 0, up to 100) of the objects. */
  readonly readData: { readonly percent: number; readonly order: 'oldest-first' } | null;
  /** A round of reading that was interrupted, from `roundStartedMs` of its beginning; null starts a new one. */
  readonly resume: { readonly roundStartedMs: number } | null;
}

export interface VerifyPorts {
  readonly clock: Clock;
  readonly onEvent: (event: VerifyEvent) => void;
}

/**
 * Compares what a destination holds with what the ledger expects: the journals with their chains, one
 * listing, a second look at whatever that did not show, and the bytes of as many objects as asked for.
 * Changes nothing at the destination. Every difference is a `finding`; the summary adds up.
 *
 * @throws CloudrollError of the destination as a whole, or `cancelled`; what was read so far is recorded.
 */
export async function verifyDestination(
  request: VerifyRequest,
  ports: VerifyPorts,
  signal: AbortSignal,
): Promise<VerifySummary> {
  const { destination, ledger, readData } = request;
  const { clock } = ports;
  const started = clock.monotonic();
  const roundStartedMs = readData === null ? null : (request.resume?.roundStartedMs ?? clock.now());
  const tally = new VerifyTally(clock, ports.onEvent);
  const journalled = await readJournals(destination, ledger, tally, signal);
  const seen = await listStored(destination, ledger, tally, signal);
  const expected = await lookAtRest(destination, ledger, { seen, journalled }, tally, signal);
  if (readData !== null && roundStartedMs !== null) {
    const goal = Math.ceil((expected * Math.min(Math.max(readData.percent, 0), 100)) / 100);
    await readRound(destination, ledger, { goal, roundStartedMs }, tally, clock, signal);
  }
  return tally.summary(expected, roundStartedMs, (clock.monotonic() - started) / 1000);
}

/** The ids of the expected objects that a journal names; null where the destination keeps no journal. */
async function readJournals(
  destination: Destination,
  ledger: VerifyLedger,
  tally: VerifyTally,
  signal: AbortSignal,
): Promise<ReadonlySet<number> | null> {
  if (!destination.capabilities.list) return null;
  const journalled = new Set<number>();
  let segments = 0;
  for await (const reading of readNewSegments(destination, new Map(), signal)) {
    if (reading.kind === 'problem') {
      tally.finding({ kind: 'journal', key: reading.key, failure: reading.failure });
      continue;
    }
    for (const entry of reading.segment.entries) {
      if (entry.type !== 'object') continue;
      const object = ledger.lookup(entry.key);
      if (object?.hash === entry.hash) journalled.add(object.id);
    }
    segments += 1;
    tally.progress('journals', segments, null);
  }
  return journalled;
}

/** The ids of the expected objects that the listing shows. */
async function listStored(
  destination: Destination,
  ledger: VerifyLedger,
  tally: VerifyTally,
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  const seen = new Set<number>();
  if (!destination.capabilities.list) return seen;
  const total = ledger.count();
  for await (const info of destination.list('', signal)) {
    if (info.key.startsWith(systemFolder)) continue;
    const object = ledger.lookup(info.key);
    if (object === null) {
      const finding = compareUnknown(info, (prefix) => ledger.contentsByPrefix(prefix));
      if (finding === null) tally.foreign += 1;
      else tally.finding(finding);
      continue;
    }
    seen.add(object.id);
    const damage = compareStored(object, info);
    if (damage !== null) tally.damage(damage);
    tally.progress('list', seen.size, total);
  }
  return seen;
}

/**
 * Looks once more, one by one, at what no listing has shown: an upload may have ended since, and some
 * destinations cannot list. Returns how many objects are expected.
 */
async function lookAtRest(
  destination: Destination,
  ledger: VerifyLedger,
  known: { readonly seen: ReadonlySet<number>; readonly journalled: ReadonlySet<number> | null },
  tally: VerifyTally,
  signal: AbortSignal,
): Promise<number> {
  const total = ledger.count();
  let expected = 0;
  const look = async (object: ExpectedObject, aborted: AbortSignal) => {
    expected += 1;
    let there = known.seen.has(object.id);
    if (!there) {
      const info = await destination.stat(object.key, aborted);
      there = info !== null;
      const damage = compareStored(object, info);
      if (damage !== null) tally.damage(damage);
    }
    if (there && known.journalled?.has(object.id) === false) {
      tally.finding({ kind: 'unjournalled', object });
    }
    tally.progress('look', expected, total);
  };
  const { initial } = destination.capabilities.concurrency;
  await forEachBounded(ledger.expected(), initial, look, signal);
  return expected;
}
