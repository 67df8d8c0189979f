import type { CatalogueFacts } from './read-catalogue.ts';
import type { Holdings } from './holdings.ts';
import { sha256, type PhotoTree } from './photo-tree.ts';
import { readJournals } from './read-journals.ts';

/** What must hold at every moment; a line for each breach. */
export function breachesAtAnyMoment(holdings: Holdings, catalogue: CatalogueFacts): string[] {
  const journals = readJournals(holdings);
  return [
    ...catalogue.problems.map((problem) => `the catalogue: ${problem}`),
    ...journals.problems,
    ...lies('the catalogue', catalogue.verified, holdings),
    ...lies('the journal', journals.objects, holdings),
    ...partialObjects(holdings),
    ...duplicates(holdings),
  ];
}

/** What must hold when a run has ended well; a line for each breach. */
export function breachesAtTheEnd(
  holdings: Holdings,
  catalogue: CatalogueFacts,
  tree: PhotoTree,
): string[] {
  const stored = new Set(objectsOf(holdings).map(([, bytes]) => sha256(bytes)));
  const journalled = new Set(readJournals(holdings).objects.values());
  const verified = new Set(catalogue.verified.values());
  const lost = [...tree.contents].flatMap((hash) => [
    ...(stored.has(hash) ? [] : [`${hash} is not at the destination`]),
    ...(journalled.has(hash) ? [] : [`${hash} is in no journal`]),
    ...(verified.has(hash) ? [] : [`${hash} does not count as backed up`]),
  ]);
  const strangers = [...stored].filter((hash) => !tree.contents.has(hash));
  return [
    ...breachesAtAnyMoment(holdings, catalogue),
    ...lost,
    ...strangers.map((hash) => `${hash} is at the destination and no photo of the person's`),
    ...(catalogue.unfinished === 0 ? [] : [`${catalogue.unfinished} deliveries are unfinished`]),
    ...[...holdings.keys()]
      .filter((key) => key.startsWith('.cloudroll/tmp/'))
      .map((key) => `${key} was left behind`),
  ];
}

/** The objects that hold photos and sidecars: everything outside the app's own folder. */
export function objectsOf(holdings: Holdings): [string, Uint8Array][] {
  return [...holdings].filter(([key]) => !key.startsWith('.cloudroll/'));
}

function lies(
  who: string,
  claimed: ReadonlyMap<string, string>,
  holdings: Holdings,
): readonly string[] {
  return [...claimed].flatMap(([key, hash]) => {
    const bytes = holdings.get(key);
    if (bytes === undefined) return [`${who} claims ${key}, which is not there`];
    return sha256(bytes) === hash ? [] : [`${who} claims ${key}, which holds other bytes`];
  });
}

/** Objects appear whole, under keys of the documented form; nothing else stands beside them. */
function partialObjects(holdings: Holdings): string[] {
  return objectsOf(holdings).flatMap(([key, bytes]) => {
    const [, digits] =
      /^\d{4}\/(?:0[1-9]|1[0-2])\/[^/]+-([0-9a-f]{12})(?:\.[a-z0-9]{1,10})?$/u.exec(key) ?? [];
    if (digits === undefined) return [`${key} does not belong there`];
    return sha256(bytes).startsWith(digits) ? [] : [`${key} is not whole`];
  });
}

function duplicates(holdings: Holdings): string[] {
  const keys = new Map<string, string>();
  return objectsOf(holdings).flatMap(([key, bytes]) => {
    const hash = sha256(bytes);
    const other = keys.get(hash);
    keys.set(hash, key);
    return other === undefined ? [] : [`${key} holds the same as ${other}`];
  });
}
