/** Paths of the engine's computer as texts: what can be said of them without asking its file system. */

/** The last name of a path; a root keeps its whole name. */
export function folderName(path: string): string {
  const trimmed = path.replace(/[/\\]+$/u, '');
  const name = trimmed.slice(Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf('\\')) + 1);
  return name === '' ? path : name;
}

/** Whether a path is the folder or lies below it, by its letters alone. */
export function isWithin(path: string, folder: string): boolean {
  const inner = withSlash(path);
  const outer = withSlash(folder);
  return inner.startsWith(outer);
}

/** The first two of these folders of which one holds the other; null where they all lie apart. */
export function nestedPair(
  paths: readonly string[],
): { readonly inner: string; readonly outer: string } | null {
  for (const inner of paths) {
    const outer = paths.find((path) => path !== inner && isWithin(inner, path));
    if (outer !== undefined) return { inner, outer };
  }
  return null;
}

function withSlash(path: string): string {
  return `${path.replaceAll('\\', '/').replace(/\/+$/u, '')}/`;
}
