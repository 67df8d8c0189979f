import { candidateByName, extensionOf } from './media-types.ts';

/** What Google calls the JSON of an album. */
const albumNames: ReadonlySet<string> = new Set(['metadata.json', '메타데이터.json']);

/** Google cuts the name before `.json` at this many characters. */
const cutLength = 46;
const suffix = '.supplemental-metadata';

/** Endings that Google Photos gives to edited copies, by the language of the account. */
const editedEndings = [
  '-edited',
  '-편집됨',
  '-編集済み',
  '-bearbeitet',
  '-bewerkt',
  '-edytowane',
  '-editado',
  '-ha editado',
  '-editat',
  '-modifié',
  '-modificato',
  '-redigerad',
  '-redigeret',
  '-effects',
  '-smile',
  '-mix',
];

/**
 * Which Takeout JSON of a folder belongs to which media file: media name → JSON name. Several media may
 * share one (an edited copy and its original, the two halves of a Live Photo).
 *
 * @param names all names in the folder.
 */
export function matchTakeout(names: readonly string[]): ReadonlyMap<string, string> {
  const index = new TakeoutIndex(
    names.filter((name) => extensionOf(name) === 'json' && !albumNames.has(name.normalize('NFC'))),
  );
  const media = names.filter((name) => candidateByName(name) === 'media');
  const matches = new Map<string, string>();
  for (const name of media) {
    const json = index.find(name) ?? index.find(unedited(name));
    if (json !== undefined) matches.set(name, json);
  }
  const matchByStem = new Map([...matches].map(([name, json]) => [stemOf(name), json]));
  for (const name of media) {
    const json = matchByStem.get(stemOf(name));
    if (!matches.has(name) && json !== undefined) matches.set(name, json);
  }
  return matches;
}

/** JSON name → the media file it travels with: of several, the one it names itself, else the first. */
export function takeoutOwners(names: readonly string[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  const ordered = [...matchTakeout(names)].sort(
    ([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1),
  );
  for (const [name, json] of ordered) {
    if (!owners.has(json)) owners.set(json, name);
  }
  return owners;
}

function rank(name: string): number {
  return unedited(name) === name ? 0 : 1;
}

/** The JSON names of a folder, findable by the media name they were made from. */
class TakeoutIndex {
  readonly #byBase = new Map<string, string>();
  readonly #cut: { readonly base: string; readonly name: string }[] = [];

  constructor(jsonNames: readonly string[]) {
    for (const name of jsonNames) {
      const base = name.normalize('NFC').slice(0, -'.json'.length);
      this.#byBase.set(base, name);
      const uncounted = base.replace(/\(\d+\)$/u, '');
      const lengths = [uncounted.length, name.replace(/(?:\(\d+\))?\.json$/iu, '').length];
      if (lengths.includes(cutLength)) this.#cut.push({ base, name });
    }
  }

  find(mediaName: string): string | undefined {
    const { full, counter } = withoutCounter(mediaName.normalize('NFC'));
    for (let length = suffix.length; length >= 0; length -= 1) {
      const json = this.#byBase.get(full + suffix.slice(0, length) + counter);
      if (json !== undefined) return json;
    }
    const cut = this.#cut.find(({ base }) => {
      if (counter !== '' && !base.endsWith(counter)) return false;
      return (full + suffix).startsWith(base.slice(0, base.length - counter.length));
    });
    return cut?.name ?? this.#byBase.get(stemOf(full) + counter);
  }
}

/** `IMG(1).jpg` → `IMG.jpg` and `(1)`: in the JSON's name the counter stands after the suffix. */
function withoutCounter(name: string): { readonly full: string; readonly counter: string } {
  const match = /^(.+)(\(\d+\))(\.[^.]*)$/u.exec(name);
  if (match === null) return { full: name, counter: '' };
  return { full: `${match[1] ?? ''}${match[3] ?? ''}`, counter: match[2] ?? '' };
}

function unedited(name: string): string {
  const normal = name.normalize('NFC');
  const match = /^(.+?)(\(\d+\))?(\.[^.]*)$/u.exec(normal);
  if (match === null) return normal;
  const [, stem = '', counter = '', extension = ''] = match;
  const ending = editedEndings.find((candidate) => stem.endsWith(candidate.normalize('NFC')));
  return ending === undefined
    ? normal
    : stem.slice(0, -ending.normalize('NFC').length) + counter + extension;
}

function stemOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? name : name.slice(0, dot);
}
