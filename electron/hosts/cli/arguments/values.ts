import { UsageError } from './usage-error.ts';

const unitFactors: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9 };

/** Bytes per second from `500K`, `2.5M`, `1G` or a plain number; units are decimal. */
export function readRate(text: string): number {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)([KMG]?)B?(?:\/s)?$/iu.exec(text);
  const factor = unitFactors[(match?.[2] ?? '').toUpperCase()] ?? 1;
  const rate = Math.floor(Number(match?.[1] ?? '0') * factor);
  if (match === null || rate < 1) throw new UsageError({ problem: 'badRate', given: text });
  return rate;
}

/** Over 0 and up to 100; a `%` may follow. */
export function readPercent(text: string): number {
  const match = /^(\d{1,3}(?:\.\d{1,6})?)%?$/u.exec(text);
  const percent = Number(match?.[1] ?? '0');
  if (percent > 0 && percent <= 100) return percent;
  throw new UsageError({ problem: 'badPercent', given: text });
}

/** A whole number from `min` to `max`. */
export function readWhole(option: string, text: string, min: number, max: number): number {
  const number = /^\d{1,9}$/u.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError({ problem: 'badNumber', option, given: text, min, max });
}
