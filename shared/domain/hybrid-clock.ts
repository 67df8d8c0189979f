import { fail } from './failure.ts';

/**
 * A hybrid logical clock (Kulkarni, Demirbas et al., "Logical Physical Clocks", OPODIS 2014): close to the
 * wall clock, but it never goes back and always follows what it has seen, so that "later wins" is safe
 * when a computer's clock is wrong. Written as `<ms, 15 digits>-<counter, 6 digits>-<device>`: text order
 * is time order, and no two devices ever write the same timestamp.
 */
export interface Timestamp {
  /** Milliseconds since 1970. */
  readonly ms: number;
  /** Tells apart events of one millisecond. */
  readonly counter: number;
  readonly device: string;
}

/** A device id: part of timestamps and of keys, so short, lower-case and without any special meaning. */
export const devicePattern = /^[a-z0-9][a-z0-9-]{0,63}$/;
export const timestampPattern = /^\d{15}-\d{6}-[a-z0-9][a-z0-9-]{0,63}$/;

/** How far another device's clock may be ahead before it is held back: 24 hours. */
export const maxAheadMs = 24 * 60 * 60 * 1000;
const maxMs = 999_999_999_999_999;
const maxCounter = 999_999;

/**
 * The timestamp of a new event: later than `last`, whatever the wall clock does.
 *
 * @param last this device's latest timestamp, null before the first.
 * @param nowMs wall clock, milliseconds since 1970.
 */
export function nextTimestamp(last: string | null, nowMs: number, device: string): string {
  const previous = last === null ? null : readTimestamp(last);
  return follow(previous, wallMs(nowMs), device);
}

/**
 * This device's clock after it saw `remote`: later than `last` and than `remote`, so that what it writes
 * next wins over what it has seen. A remote more than 24 hours ahead of the wall clock is counted as exactly
 * 24 hours ahead: one broken clock does not carry every device into the future. Its own entries then win
 * until real time has caught up.
 */
export function observe(
  last: string | null,
  remote: string,
  nowMs: number,
  device: string,
): string {
  const now = wallMs(nowMs);
  const seen = readTimestamp(remote);
  const limit = Math.min(now + maxAheadMs, maxMs);
  const held = seen.ms > limit ? { ms: limit, counter: 0, device } : seen;
  const own = last === null ? null : readTimestamp(last);
  return follow(own === null ? held : later(own, held), now, device);
}

/** The parts of a timestamp; null for a text that is none. */
export function parseTimestamp(text: string): Timestamp | null {
  if (!timestampPattern.test(text)) return null;
  return {
    ms: Number(text.slice(0, 15)),
    counter: Number(text.slice(16, 22)),
    device: text.slice(23),
  };
}

function readTimestamp(text: string): Timestamp {
  const timestamp = parseTimestamp(text);
  if (timestamp === null) throw fail('invalid', `“${text.slice(0, 100)}” is not a timestamp.`);
  return timestamp;
}

function later(a: Timestamp, b: Timestamp): Timestamp {
  return b.ms > a.ms || (b.ms === a.ms && b.counter > a.counter) ? b : a;
}

function follow(previous: Timestamp | null, nowMs: number, device: string): string {
  if (previous === null || previous.ms < nowMs) return write(nowMs, 0, device);
  return previous.counter < maxCounter
    ? write(previous.ms, previous.counter + 1, device)
    : write(previous.ms + 1, 0, device);
}

function write(ms: number, counter: number, device: string): string {
  if (!devicePattern.test(device)) throw fail('bug', `“${device}” is not a device id.`);
  if (ms > maxMs) throw fail('invalid', 'The clock is past the last moment a timestamp can hold.');
  return `${String(ms).padStart(15, '0')}-${String(counter).padStart(6, '0')}-${device}`;
}

function wallMs(nowMs: number): number {
  return Number.isFinite(nowMs) ? Math.min(Math.max(Math.floor(nowMs), 0), maxMs) : 0;
}
