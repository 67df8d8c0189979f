/**
 * The normalised form of a name or path: equal for spellings that some file system takes for one file,
 * that is in another case or in another Unicode normal form (macOS hands out Korean names decomposed).
 *
 * It is kept beside the raw path and only ever says "perhaps the same": the raw path leads to the file,
 * and two files whose keys collide are both kept.
 *
 * Case goes down, up and down again, which folds what one step leaves apart (`ẞ`, `ß`, `ss`; `ſ`, `s`);
 * it folds a little more than Unicode's table (dotless `ı` with `i`), which is harmless here. The final
 * sigma is folded apart because JavaScript chooses it by the letters around it.
 */
export function pathKey(path: string): string {
  if (plainLowerCase.test(path)) return path;
  return path
    .normalize('NFD')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .normalize('NFC');
}

const plainLowerCase = /^[ -@[-~]*$/u;

/** Groups of two or more different names that have one key, in order of their first appearance. */
export function collidingNames(names: Iterable<string>): readonly (readonly string[])[] {
  const groups = new Map<string, Set<string>>();
  for (const name of names) {
    const key = pathKey(name);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, new Set([name]));
    else group.add(name);
  }
  return [...groups.values()].filter((group) => group.size > 1).map((group) => [...group]);
}
