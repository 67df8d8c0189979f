import { stripVTControlCharacters } from 'node:util';

/**
 * Columns that text takes on a terminal. East Asian wide characters and emoji take two (Unicode Standard
 * Annex 11), marks and what joins onto the letter before it none. Decomposed Hangul counts as its syllable.
 */
export function displayWidth(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** Shortens text to `columns`, with `…` in place of its end. */
export function shortenEnd(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  return columns < 1 ? '' : `${takeWidth(segmentsOf(text), columns - 1)}…`;
}

/** Shortens a path to `columns`, with `…` in place of its beginning: the name says most. */
export function shortenStart(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  const kept: string[] = [];
  let left = columns - 1;
  for (const segment of segmentsOf(text).toReversed()) {
    left -= graphemeWidth(segment);
    if (left < 0) break;
    kept.unshift(segment);
  }
  return `…${kept.join('')}`;
}

/** Pads with spaces to `columns`; longer text stays as it is. */
export function padTo(text: string, columns: number, side: 'start' | 'end' = 'end'): string {
  const spaces = ' '.repeat(Math.max(0, columns - displayWidth(text)));
  return side === 'start' ? spaces + text : text + spaces;
}

/**
 * Text from outside, made harmless for a terminal: one line, no escape sequences or other control
 * characters, nothing that turns the direction of writing around. What was taken out stays visible.
 */
export function harmless(text: string): string {
  if (plain.test(text)) return text;
  return stripVTControlCharacters(text).toWellFormed().replace(harmful, '\u{fffd}');
}

const plain = /^[\x20-\x7e]*$/u;
// Controls (C0, DEL, C1), line and paragraph separators, and the bidirectional controls of Annex 9.
const harmful = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Blocks whose characters are East Asian wide or fullwidth (EastAsianWidth.txt), reserved ones included. */
const wide =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Marks, invisible characters, and the vowels and finals of decomposed Hangul. */
const narrowless = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u1160-\u11ff\ud7b0-\ud7ff]/u;
const emojiSequence = /\ufe0f|\u200d\p{Extended_Pictographic}/u;

function graphemeWidth(grapheme: string): number {
  if (emojiSequence.test(grapheme)) return 2;
  let width = 0;
  for (const character of grapheme) {
    if (narrowless.test(character)) continue;
    width += wide.test(character) ? 2 : 1;
  }
  // A flag is two letters of which each is an emoji by itself.
  return /^\p{Regional_Indicator}{2}$/u.test(grapheme) ? 2 : width;
}

function segmentsOf(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

function takeWidth(segments: readonly string[], columns: number): string {
  let left = columns;
  let taken = '';
  for (const segment of segments) {
    left -= graphemeWidth(segment);
    if (left < 0) break;
    taken += segment;
  }
  return taken;
}
