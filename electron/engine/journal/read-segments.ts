import { createHash } from 'node:crypto';
import { fail, failureOf } from '../../../shared/domain/failure.ts';
import type { Failure, FailureCode } from '../../../shared/domain/failure.ts';
import type { Destination } from '../destinations/contract.ts';
import { mapInOrder } from './concurrency.ts';
import { decodeSegment, maxSegmentBytes } from './segment-codec.ts';
import type { DecodedSegment } from './segment-codec.ts';
import { journalPrefix, parseSegmentKey, segmentKey } from './segment-key.ts';

/** How far a device's journal has been read: its latest segment and that segment's SHA-256. */
export interface JournalPosition {
  readonly sequence: number;
  readonly sha256: string;
}

/** A segment that continues what was known, or the reason why a device's journal could not be read on. */
export type JournalReading =
  | {
      readonly kind: 'segment';
      readonly device: string;
      readonly sequence: number;
      readonly sha256: string;
      readonly segment: DecodedSegment;
    }
  | {
      readonly kind: 'problem';
      readonly device: string;
      readonly sequence: number;
      readonly key: string;
      readonly failure: Failure;
    };

type ProblemReading = Extract<JournalReading, { kind: 'problem' }>;

/** Segments held in memory at once, each at most 4 MiB. */
const segmentsInFlight = 4;

/** Failures of one segment; any other failure is the destination's and ends the reading. */
const ofOneSegment: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'corrupt',
  'notFound',
  'unsupported',
  'unreadable',
  'invalid',
]);

/**
 * Reads what every device has added to its journal since `known`, each device's segments in their order
 * with the hash chain checked. A device whose journal has a gap, a break or a damaged segment gives one
 * `problem` and is left there; the other devices go on. A destination that cannot list holds no journal.
 *
 * @param known per device the position up to which it has been merged; empty to read everything.
 * @throws CloudrollError of the destination as a whole (`offline`, `auth`, `cancelled`, …).
 */
export async function* readNewSegments(
  destination: Destination,
  known: ReadonlyMap<string, JournalPosition>,
  signal: AbortSignal,
): AsyncGenerator<JournalReading> {
  if (!destination.capabilities.list) return;
  const listed = await listSegments(destination, signal);
  const broken = new Set<string>();
  const positions = new Map(known);
  const tasks = listed.flatMap(({ device, sequences }) =>
    planDevice(device, sequences, known.get(device)?.sequence ?? 0),
  );
  const load = async (task: Task, aborted: AbortSignal): Promise<JournalReading | null> => {
    if (task.kind === 'problem') return task;
    return broken.has(task.device) ? null : loadSegment(destination, task, aborted);
  };
  for await (const reading of mapInOrder(tasks, segmentsInFlight, load, signal)) {
    if (reading === null || broken.has(reading.device)) continue;
    const checked =
      reading.kind === 'segment' ? checkChain(reading, positions.get(reading.device)) : reading;
    if (checked.kind === 'problem') broken.add(checked.device);
    else positions.set(checked.device, checked);
    yield checked;
  }
}

interface SegmentTask {
  readonly kind: 'load';
  readonly device: string;
  readonly sequence: number;
}
type Task = SegmentTask | ProblemReading;

async function listSegments(
  destination: Destination,
  signal: AbortSignal,
): Promise<{ device: string; sequences: number[] }[]> {
  const byDevice = new Map<string, number[]>();
  for await (const { key } of destination.list(journalPrefix, signal)) {
    const segment = parseSegmentKey(key);
    if (segment === null) continue;
    const sequences = byDevice.get(segment.device);
    if (sequences === undefined) byDevice.set(segment.device, [segment.sequence]);
    else sequences.push(segment.sequence);
  }
  return [...byDevice]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([device, sequences]) => ({ device, sequences: sequences.sort((a, b) => a - b) }));
}

/** What to read of one device: everything after what is known, up to the first gap. */
function planDevice(device: string, sequences: readonly number[], known: number): Task[] {
  const tasks: Task[] = [];
  let expected = known + 1;
  for (const sequence of sequences) {
    if (sequence < expected) continue;
    if (sequence > expected) {
      const key = segmentKey(device, expected);
      tasks.push(
        problem(device, expected, fail('corrupt', `The journal segment ${key} is missing.`)),
      );
      break;
    }
    tasks.push({ kind: 'load', device, sequence });
    expected += 1;
  }
  return tasks;
}

async function loadSegment(
  destination: Destination,
  { device, sequence }: SegmentTask,
  signal: AbortSignal,
): Promise<JournalReading> {
  const key = segmentKey(device, sequence);
  try {
    const bytes = await readWhole(destination, key, signal);
    const segment = decodeSegment(bytes, key);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { kind: 'segment', device, sequence, sha256, segment };
  } catch (error) {
    if (!ofOneSegment.has(failureOf(error).code)) throw error;
    return problem(device, sequence, error);
  }
}

async function readWhole(
  destination: Destination,
  key: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of destination.open(key, null, signal)) {
    bytes += chunk.length;
    if (bytes > maxSegmentBytes) {
      throw fail('corrupt', `The journal segment ${key} is larger than 4 MiB.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function checkChain(
  reading: Extract<JournalReading, { kind: 'segment' }>,
  position: JournalPosition | undefined,
): JournalReading {
  const { device, sequence, segment } = reading;
  const key = segmentKey(device, sequence);
  if (segment.device !== device || segment.sequence !== sequence) {
    const message = `The journal segment ${key} says that it is another one.`;
    return problem(device, sequence, fail('corrupt', message));
  }
  if (segment.previous !== (position?.sha256 ?? null)) {
    const message = `The journal segment ${key} does not follow the one before it.`;
    return problem(device, sequence, fail('corrupt', message));
  }
  return reading;
}

function problem(device: string, sequence: number, error: unknown): ProblemReading {
  const key = segmentKey(device, sequence);
  return { kind: 'problem', device, sequence, key, failure: failureOf(error) };
}
