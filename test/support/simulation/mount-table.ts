import { fail } from '../../../shared/domain/failure.ts';
import type { Segments, SimulatedVolume } from './simulated-volume.ts';

/** A path on a computer, resolved to the volume that holds it. */
export interface Place {
  readonly volume: SimulatedVolume;
  readonly path: Segments;
}

interface Mount {
  readonly at: string;
  readonly volume: SimulatedVolume;
  mounted: boolean;
}

/** Names of an absolute `/`-separated path. */
export function segmentsOf(path: string): Segments {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** Which disks a computer has and where, and what its user may not read. Outlives the process. */
export class MountTable {
  readonly #base: SimulatedVolume;
  readonly #mounts: Mount[] = [];
  /** Directories and files that answer EACCES, as absolute paths. */
  readonly denied = new Set<string>();

  constructor(base: SimulatedVolume) {
    this.#base = base;
  }

  /** Attaches a volume at a directory, which is made where it does not exist. */
  mount(at: string, volume: SimulatedVolume): void {
    if (this.#base.find(segmentsOf(at)) === undefined) {
      this.#base.makeDirectory(segmentsOf(at), 'user');
    }
    const known = this.#mounts.find((mount) => mount.at === at);
    if (known === undefined) this.#mounts.push({ at, volume, mounted: true });
    else known.mounted = true;
  }

  /** Takes the volume away; what stays is the directory with what is in it, or nothing if that is empty. */
  unmount(at: string, leaveDirectory: boolean): void {
    const mount = this.#mounts.find((candidate) => candidate.at === at);
    if (mount !== undefined) mount.mounted = false;
    const place = segmentsOf(at);
    const isEmpty = this.#base.directory(place).entries.size === 0;
    if (!leaveDirectory && isEmpty) this.#base.removeDirectory(place, 'user');
  }

  isMounted(volume: SimulatedVolume): boolean {
    return (
      volume === this.#base ||
      this.#mounts.some((mount) => mount.volume === volume && mount.mounted)
    );
  }

  /** Whether nothing that belongs there is away. */
  isMountedAt(at: string): boolean {
    return this.#mounts.every((mount) => mount.at !== at || mount.mounted);
  }

  /** All volumes that this computer knows, attached or not. */
  get volumes(): readonly SimulatedVolume[] {
    return [this.#base, ...this.#mounts.map((mount) => mount.volume)];
  }

  /** Where a path leads now; `unreadable` where the user may not pass a directory above it. */
  resolve(path: string): Place {
    this.#demandPassage(path);
    const mount = this.#mounts.find(
      (candidate) =>
        candidate.mounted && (path === candidate.at || path.startsWith(`${candidate.at}/`)),
    );
    if (mount === undefined) return { volume: this.#base, path: segmentsOf(path) };
    return { volume: mount.volume, path: segmentsOf(path.slice(mount.at.length)) };
  }

  /** Like {@link resolve}, and `unreadable` also where the path itself may not be read. */
  resolveReadable(path: string): Place {
    if (this.denied.has(path)) throw permissionDenied(path);
    return this.resolve(path);
  }

  #demandPassage(path: string): void {
    for (const denied of this.denied) {
      if (path.startsWith(`${denied}/`)) throw permissionDenied(path);
    }
  }
}

function permissionDenied(path: string): Error {
  return fail('unreadable', `Permission denied: ${path}`, { cause: { code: 'EACCES' } });
}
