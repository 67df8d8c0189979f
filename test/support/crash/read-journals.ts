import type { Holdings } from './holdings.ts';
import { sha256 } from './photo-tree.ts';

interface Line {
  readonly type?: string;
  readonly sequence?: number;
  readonly previous?: string | null;
  readonly end?: boolean;
  readonly entries?: number;
  readonly key?: string;
  readonly hash?: string;
}

/** What every device has written, and what is wrong with it, read as `destination-format.md` says. */
export interface Journals {
  readonly problems: readonly string[];
  /** The objects that it promises: hash by key. */
  readonly objects: ReadonlyMap<string, string>;
}

export function readJournals(holdings: Holdings): Journals {
  const problems: string[] = [];
  const objects = new Map<string, string>();
  const ends = new Map<string, { sequence: number; hash: string }>();
  for (const key of [...holdings.keys()].sort()) {
    const [, device, digits] = /^\.cloudroll\/journal\/([^/]+)\/(\d{10})\.jsonl$/u.exec(key) ?? [];
    if (device === undefined) continue;
    const bytes = holdings.get(key) ?? new Uint8Array();
    const lines = new TextDecoder().decode(bytes).split('\n');
    if (lines.pop() !== '') problems.push(`${key} is cut off`);
    // Only what is missing or wrong matters here, and shows below.
    const [header, ...entries] = lines.map((line) => JSON.parse(line) as Line);
    const footer = entries.pop();
    if (footer?.end !== true || footer.entries !== entries.length)
      problems.push(`${key} miscounts`);
    const before = ends.get(device);
    const sequence = (before?.sequence ?? 0) + 1;
    if (header?.sequence !== sequence || Number(digits) !== sequence)
      problems.push(`${key}: a gap`);
    if (header?.previous !== (before?.hash ?? null)) problems.push(`${key}: the chain is broken`);
    ends.set(device, { sequence, hash: sha256(bytes) });
    for (const entry of entries) {
      if (entry.type === 'object') objects.set(entry.key ?? '', entry.hash ?? '');
      if (entry.type === 'retired') objects.delete(entry.key ?? '');
    }
  }
  return { problems, objects };
}
