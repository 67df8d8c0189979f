import { candidateByName } from '../../../../shared/domain/media-types.ts';
import { sidecarOwners } from '../../../../shared/domain/sidecars.ts';
import { relativeTo } from '../../scan/roots.ts';
import type { LeaveAlone } from '../../scan/look.ts';

/** A file that was picked, and the folder that it is scanned as a part of. */
export interface Picked {
  readonly root: string;
  readonly path: string;
}

/** Picked files as a run takes them: where to look, and to look at nothing else there. */
export interface PickedPlan {
  readonly folders: readonly string[];
  readonly only: ReadonlyMap<string, readonly string[]>;
  readonly leaveAlone: ReadonlyMap<string, LeaveAlone>;
}

/** The plan of a run over picked files and the sidecars that describe them, and over nothing beside them. */
export function planOf(picked: readonly Picked[]): PickedPlan {
  const byRoot = new Map<string, Map<string, Set<string>>>();
  for (const { root, path } of picked) {
    const relative = relativeTo(root, path);
    if (relative === null) continue;
    const { directory, name } = split(relative);
    const directories = byRoot.get(root) ?? new Map<string, Set<string>>();
    const names = directories.get(directory) ?? new Set<string>();
    byRoot.set(root, directories.set(directory, names.add(name)));
  }
  return {
    folders: [...byRoot.keys()],
    only: new Map([...byRoot].map(([root, directories]) => [root, [...directories.keys()]])),
    leaveAlone: new Map([...byRoot].map(([root, directories]) => [root, allBut(directories)])),
  };
}

/** Directory and name of a relative path. */
export function split(relative: string): { directory: string; name: string } {
  const slash = relative.lastIndexOf('/');
  return slash < 0
    ? { directory: '', name: relative }
    : { directory: relative.slice(0, slash), name: relative.slice(slash + 1) };
}

function allBut(directories: ReadonlyMap<string, ReadonlySet<string>>): LeaveAlone {
  return (path, kind) => {
    if (kind === 'directory') return true;
    const { directory, name } = split(path);
    const names = directories.get(directory);
    if (names === undefined) return true;
    return !names.has(name) && !describesOneOf(name, names);
  };
}

function describesOneOf(name: string, names: ReadonlySet<string>): boolean {
  if (candidateByName(name) !== 'sidecar') return false;
  const owner = sidecarOwners([...names, name]).get(name);
  return owner !== undefined && names.has(owner);
}
