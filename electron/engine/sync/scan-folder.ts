import type { Failure } from '../../../shared/domain/failure.ts';
import { sidecarOwners } from '../../../shared/domain/sidecars.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { KnownFile, Root, SeenFile } from '../catalog/files.ts';
import { isWithin, planDirectory, type DirectoryPlan } from '../planner/plan-directory.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileSystem } from '../ports/file-system.ts';
import { walk, type LeaveAlone, type WalkEvent, type WalkNotice } from '../scan/walk.ts';

type DirectoryEvent = Extract<WalkEvent, { type: 'directory' }>;

export interface ScanListener {
  /** Files in one more directory, all of which are in the catalogue now. */
  onDirectory(files: number, changed: boolean): void;
  onNotice(path: string, notice: WalkNotice): void;
  onUnreadable(path: string, failure: Failure): void;
}

export interface ScanPorts {
  readonly clock: Clock;
  readonly fileSystem: FileSystem;
  readonly catalog: Catalog;
}

export interface ScanResult {
  /** Files that were known and were not seen, although their directory could be looked at. */
  readonly vanished: readonly number[];
  /** Files known before the scan and present. */
  readonly knownBefore: number;
  /** Files that are no photo, video or sidecar. */
  readonly ignored: number;
  /** Directories and files that could not be looked at. */
  readonly unreadable: number;
}

/** Changes that wait for one transaction, and how long they wait, milliseconds. */
const changesPerCommit = 500;
const longestWaitMs = 250;

export interface ScanFolder {
  readonly root: Root;
  readonly leaveOut: readonly string[];
  /** What a person wants left alone in it. Never taken for vanished, only for excluded. */
  readonly leaveAlone?: LeaveAlone;
  /** Only what is not left alone was ever asked for: of the rest nothing is remembered. */
  readonly picked?: boolean;
  /** Directories to list, on a watcher's hint; null for the whole folder. */
  readonly only: readonly string[] | null;
}

/**
 * Looks at every file of a folder, or of some of its directories, once and brings the catalogue up to what is there. What vanished is
 * only reported: whether to believe it is another decision.
 */
export async function scanFolder(
  folder: ScanFolder,
  destinationIds: readonly number[],
  ports: ScanPorts,
  listener: ScanListener,
  signal: AbortSignal,
): Promise<ScanResult> {
  const { root, leaveOut, only } = folder;
  const scan = new FolderScan(folder, destinationIds, ports, listener);
  const options = {
    leaveOut,
    ...(folder.leaveAlone === undefined ? {} : { leaveAlone: folder.leaveAlone }),
    ...(only === null ? {} : { only }),
  };
  for await (const event of walk(root.path, options, ports, signal)) scan.take(event);
  return scan.finish();
}

class FolderScan {
  readonly #root: Root;
  readonly #whole: boolean;
  readonly #leaveAlone: LeaveAlone;
  readonly #picked: boolean;
  readonly #destinationIds: readonly number[];
  readonly #catalog: Catalog;
  readonly #clock: Clock;
  readonly #listener: ScanListener;
  readonly #directories: Map<string, number>;
  readonly #knownBefore: number;
  readonly #visited = new Set<number>();
  readonly #unreadable = new Map<string, 'directory' | 'file'>();
  readonly #vanished: number[] = [];
  readonly #excluded: number[] = [];
  /** By listed directory, the directories in it. */
  readonly #children = new Map<string, readonly string[]>();
  #waiting: { directory: string; plan: DirectoryPlan<SeenFile> }[] = [];
  #waitingChanges = 0;
  #ignored = 0;
  #committedAt = Number.NEGATIVE_INFINITY;

  constructor(
    { root, only, leaveAlone, picked }: ScanFolder,
    destinationIds: readonly number[],
    ports: ScanPorts,
    listener: ScanListener,
  ) {
    this.#root = root;
    this.#whole = only === null;
    this.#picked = picked === true;
    this.#leaveAlone = leaveAlone ?? (() => false);
    this.#destinationIds = destinationIds;
    this.#catalog = ports.catalog;
    this.#clock = ports.clock;
    this.#listener = listener;
    this.#directories = ports.catalog.files.directories(root.id);
    this.#knownBefore = ports.catalog.files.countPresent(root.id);
  }

  take(event: WalkEvent): void {
    if (event.type === 'unreadable') {
      this.#unreadable.set(event.path, event.kind);
      this.#listener.onUnreadable(event.path, event.failure);
      return;
    }
    for (const notice of event.notices) this.#listener.onNotice(event.path, notice);
    this.#takeDirectory(event);
  }

  finish(): ScanResult {
    this.#commit();
    this.#takeUnvisited();
    if (!this.#picked) this.#catalog.exclusions.add(this.#root.id, this.#excluded);
    return {
      vanished: this.#vanished,
      knownBefore: this.#knownBefore,
      ignored: this.#ignored,
      unreadable: this.#unreadable.size,
    };
  }

  #takeDirectory(event: DirectoryEvent): void {
    const id = this.#directories.get(event.path);
    const known = id === undefined ? [] : this.#catalog.files.knownIn(id);
    const { other, hidden, junk, partial, offloaded, special } = event.passedOver;
    this.#ignored += other + hidden + junk + partial + offloaded + special;
    const seen = this.#seenFiles(event);
    const plan = planDirectory(known, seen, this.#unreadableNames(event.path));
    if (id !== undefined) this.#visited.add(id);
    if (!this.#whole) this.#children.set(event.path, event.directories);
    this.#takeMissing(event.path, known, plan.vanished);
    if (plan.changes.length > 0) {
      this.#waiting.push({ directory: event.path, plan });
      this.#waitingChanges += plan.changes.length;
      const waited = this.#clock.monotonic() - this.#committedAt;
      // The very first files are committed at once, so that reading them starts without delay.
      if (this.#waitingChanges >= changesPerCommit || waited > longestWaitMs) this.#commit();
    }
    this.#listener.onDirectory(seen.length, plan.changes.length > 0);
  }

  /** Known files that the walk did not show: gone, or left alone on purpose. */
  #takeMissing(directory: string, known: readonly KnownFile[], missing: readonly number[]): void {
    if (missing.length === 0) return;
    const names = new Map(known.map(({ id, name }) => [id, name]));
    for (const id of missing) {
      const path = below(directory, names.get(id) ?? '');
      (this.#leaveAlone(path, 'file') ? this.#excluded : this.#vanished).push(id);
    }
  }

  #seenFiles(event: DirectoryEvent): SeenFile[] {
    const hasSidecars = event.files.some((file) => file.candidate === 'sidecar');
    const owners = hasSidecars
      ? sidecarOwners(event.files.map((file) => file.name))
      : new Map<string, string>();
    const seen: SeenFile[] = [];
    for (const { name, stat, candidate } of event.files) {
      const describes = owners.get(name) ?? null;
      // A JSON that belongs to no photo is just another file.
      if (candidate === 'sidecar' && describes === null && /\.json$/iu.test(name)) {
        this.#ignored += 1;
        continue;
      }
      seen.push({
        name,
        role: candidate === 'sidecar' ? 'sidecar' : 'media',
        describes,
        size: stat.size,
        modifiedMs: stat.modifiedMs,
        bornMs: stat.bornMs,
        inode: stat.inode,
        device: stat.device,
      });
    }
    return seen;
  }

  #unreadableNames(directory: string): Set<string> {
    const prefix = directory === '' ? '' : `${directory}/`;
    const names = new Set<string>();
    for (const [path, kind] of this.#unreadable) {
      if (kind === 'file' && path.startsWith(prefix)) names.add(path.slice(prefix.length));
    }
    return names;
  }

  #commit(): void {
    if (this.#waiting.length === 0) return;
    this.#catalog.transaction(() => {
      for (const { directory, plan } of this.#waiting) this.#apply(directory, plan);
    });
    this.#waiting = [];
    this.#waitingChanges = 0;
    this.#committedAt = this.#clock.monotonic();
  }

  #apply(directory: string, plan: DirectoryPlan<SeenFile>): void {
    const { files } = this.#catalog;
    const now = this.#clock.now();
    let id = this.#directories.get(directory);
    if (id === undefined) {
      id = files.addDirectory(this.#root.id, directory);
      this.#directories.set(directory, id);
      this.#visited.add(id);
    }
    for (const change of plan.changes) {
      if (change.kind === 'comeBack') {
        this.#catalog.recordReturn(change.fileId, this.#destinationIds, now);
        continue;
      }
      const { seen } = change;
      const fileId = change.kind === 'add' ? files.add(id, seen, now) : change.fileId;
      if (change.kind === 'read') files.rediscover(fileId, seen, now);
      const assetId = files.sameInode(seen, fileId);
      if (assetId !== null) {
        this.#catalog.recordRename(fileId, assetId, this.#destinationIds, now);
      }
    }
  }

  /** Directories that the walk did not come by: gone, or below one that could not be listed. */
  #takeUnvisited(): void {
    const unreadable = [...this.#unreadable.keys()];
    const blocked = new Set<number>();
    const gone = new Set<number>();
    for (const [path, id] of this.#directories) {
      if (this.#visited.has(id) || !this.#isExpected(path)) continue;
      const hidden = unreadable.some((ancestor) => isWithin(path, ancestor));
      (hidden ? blocked : gone).add(id);
    }
    if (blocked.size === 0 && gone.size === 0) return;
    const lost: number[] = [];
    for (const [path, id] of this.#directories) {
      if (!gone.has(id)) continue;
      const known = this.#catalog.files.knownIn(id).filter(({ state }) => state !== 'absent');
      this.#takeMissing(
        path,
        known,
        known.map((file) => file.id),
      );
    }
    for (const file of this.#catalog.files.present(this.#root.id)) {
      if (blocked.has(file.directoryId) && file.state !== 'unknown') lost.push(file.id);
    }
    this.#catalog.transaction(() => {
      for (const id of lost) this.#catalog.files.setState(id, 'unknown');
    });
  }

  /** Whether this scan would have come by a directory if it were there, or by an ancestor that is not. */
  #isExpected(path: string): boolean {
    if (this.#whole) return true;
    for (const [parent, children] of this.#children) {
      if (path === parent || !isWithin(path, parent)) continue;
      const child = path.slice(parent === '' ? 0 : parent.length + 1).split('/', 1)[0] ?? '';
      if (!children.includes(child)) return true;
    }
    return false;
  }
}

function below(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
