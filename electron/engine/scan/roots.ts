/**
 * How folders that a person gave lie to each other. All paths are absolute and resolved
 * (`FileSystem.realPath`), so that one folder has one spelling.
 */

/** A path below a folder, `/`-separated and empty for the folder itself; null where it is not below it. */
export function relativeTo(root: string, path: string): string | null {
  const base = comparable(root);
  const candidate = comparable(path);
  if (candidate === base) return '';
  const prefix = base.endsWith('/') ? base : `${base}/`;
  return candidate.startsWith(prefix) ? candidate.slice(prefix.length) : null;
}

/**
 * The folders that lie inside `root`, as paths relative to it. Each is walked as a folder of its own, so
 * the walk of `root` leaves them out and no file is found twice.
 */
export function nestedRoots(root: string, roots: readonly string[]): readonly string[] {
  const nested = new Set<string>();
  for (const other of roots) {
    const relative = relativeTo(root, other);
    if (relative !== null && relative !== '') nested.add(relative);
  }
  return [...nested];
}

/** The path of something below a folder. */
export function below(root: string, relative: string): string {
  if (relative === '') return root;
  return /[/\\]$/u.test(root) ? `${root}${relative}` : `${root}/${relative}`;
}

/** One separator, none at the end. A backslash separates only behind a Windows drive or share. */
function comparable(path: string): string {
  const slashed = /^(?:[A-Za-z]:|\\\\)/u.test(path) ? path.replaceAll('\\', '/') : path;
  return slashed.length > 1 ? slashed.replace(/\/+$/u, '') || '/' : slashed;
}
