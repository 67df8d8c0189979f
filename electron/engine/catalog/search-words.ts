/**
 * The form in which words are kept and looked for: case, width and composition make no difference. Hangul
 * becomes its letters (NFKD), so that a syllable that is still being typed finds the words it begins.
 */
export function searchWords(text: string): string {
  return text.normalize('NFKD').toLowerCase();
}

/** The shortest word that the index of three-letter pieces can look up. */
export const indexedLength = 3;

/** The pieces of a word as the index holds them, for its query language; null for a word that is too short. */
export function indexQuery(word: string): string | null {
  const letters = Array.from(word);
  const pieces = new Set<string>();
  for (let start = 0; start + indexedLength <= letters.length; start += 1) {
    pieces.add(letters.slice(start, start + indexedLength).join(''));
  }
  if (pieces.size === 0) return null;
  return [...pieces].map((piece) => `"${piece.replaceAll('"', '""')}"`).join(' AND ');
}
