import { fail } from '../../../shared/domain/failure.ts';
import type { Wakeup } from './wakeup.ts';

export interface Work<T> {
  /** Most pieces in hand at once. */
  readonly atOnce: number;
  /** The next pieces, none of which is in hand; empty when there are none now. */
  readonly next: () => T[];
  readonly keyOf: (piece: T) => number;
  /** Pieces in hand, by key; kept up to date by the loop, read by `next`. */
  readonly inHand: Set<number>;
  /** Must not reject but for a bug, which ends the loop. */
  readonly perform: (piece: T, signal: AbortSignal) => Promise<void>;
  /** Whether somebody else may still bring work, who will then notify. */
  readonly moreToCome: () => boolean;
  /** Whether nothing new is to be begun any more. */
  readonly stopped: () => boolean;
  readonly wakeup: Wakeup;
}

/**
 * Keeps pieces of work going until none is left or to come. When cancelled or stopped it begins nothing new
 * and waits for what is in hand; when cancelled it then rejects.
 */
export async function workThrough<T>(work: Work<T>, signal: AbortSignal): Promise<void> {
  // What is in hand ends by itself when its own signal aborts; waiting for that is not cut short.
  const unending = new AbortController().signal;
  const bugs: unknown[] = [];
  let buffer: T[] = [];
  const begin = async (piece: T): Promise<void> => {
    work.inHand.add(work.keyOf(piece));
    try {
      await work.perform(piece, signal);
    } catch (error) {
      bugs.push(error);
    } finally {
      work.inHand.delete(work.keyOf(piece));
      work.wakeup.notify();
    }
  };
  for (;;) {
    const { version } = work.wakeup;
    const mayBegin = !signal.aborted && bugs.length === 0 && !work.stopped();
    if (mayBegin && work.inHand.size < work.atOnce) {
      if (buffer.length === 0) buffer = work.next();
      const room = work.atOnce - work.inHand.size;
      for (const piece of buffer.splice(0, room)) void begin(piece);
    }
    if (work.inHand.size === 0) {
      if (bugs.length > 0) throw bugs[0];
      if (signal.aborted) throw fail('cancelled', 'The work was cancelled.');
      if (work.stopped()) return;
      if (buffer.length === 0 && !work.moreToCome() && work.wakeup.version === version) return;
    }
    if (work.wakeup.version === version) {
      await work.wakeup.after(version, work.inHand.size === 0 ? signal : unending);
    }
  }
}
