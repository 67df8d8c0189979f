import { fail } from '../../../shared/domain/failure.ts';
import { devicePattern } from '../../../shared/domain/hybrid-clock.ts';

/** Folder of all journals at a destination. */
export const journalPrefix = '.cloudroll/journal/';

/** Where one immutable segment of a device's journal stands. `sequence` counts from 1. */
export function segmentKey(device: string, sequence: number): string {
  if (!devicePattern.test(device)) throw fail('bug', `“${device}” is not a device id.`);
  if (!Number.isInteger(sequence) || sequence < 1 || sequence > 9_999_999_999) {
    throw fail('bug', `${String(sequence)} is not the number of a journal segment.`);
  }
  return `${journalPrefix}${device}/${String(sequence).padStart(10, '0')}.jsonl`;
}

/** The parts of a segment's key; null for any other key. */
export function parseSegmentKey(key: string): { device: string; sequence: number } | null {
  if (!key.startsWith(journalPrefix)) return null;
  const [, device = '', digits = '0'] =
    /^([^/]+)\/(\d{10})\.jsonl$/.exec(key.slice(journalPrefix.length)) ?? [];
  const sequence = Number(digits);
  return devicePattern.test(device) && sequence >= 1 ? { device, sequence } : null;
}
