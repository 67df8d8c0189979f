import type { Failure } from '../../../shared/domain/failure.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { KnownFile, Root, SeenFile } from '../catalog/files.ts';
import { isWithin, planDirectory, type DirectoryPlan } from '../planner/plan-directory.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { LeaveAlone, PassedOver, WalkedFile, WalkNotice } from '../scan/look.ts';
import { walk, type WalkEvent } from '../scan/walk.ts';

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
  /** Files known before the scan and present; counted only where some vanished, else 0. */
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
    known: (path: string) => scan.fingerprint(path),
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
  readonly #visited = new Set<number>();
  readonly #unreadable = new Map<string, 'directory' | 'file'>();
  readonly #vanished: number[] = [];
  readonly #excluded: number[] = [];
  /** By listed directory, the directories in it. */
  readonly #children = new Map<string, readonly string[]>();
  /** Directories that showed what was known of them, as of the age of that. */
  readonly #settled: { directoryId: number; fingerprint: string; age: number }[] = [];
  #waiting: { directory: string; fingerprint: string; plan: DirectoryPlan<SeenFile> }[] = [];
  #waitingChanges = 0;
  #ignored = 0;
  /** Counted before the first change, and only where it may matter: it takes a look at every known file. */
  #knownBefore: number | null = null;
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
  }

  take(event: WalkEvent): void {
    if (event.type === 'unreadable') {
      this.#unreadable.set(event.path, event.kind);
      this.#listener.onUnreadable(event.path, event.failure);
      return;
    }
    for (const notice of event.notices) this.#listener.onNotice(event.path, notice);
    this.#ignored += filesPassedOver(event.passedOver);
    if (!this.#whole) this.#children.set(event.path, event.directories);
    const id = this.#directories.get(event.path);
    if (id !== undefined) this.#visited.add(id);
    if (event.type === 'directory') this.#compare(event, id);
    else this.#listener.onDirectory(event.files, false);
  }

  /** Of the files that are known to be in a directory; null where they have to be compared one by one. */
  fingerprint(path: string): string | null {
    const id = this.#directories.get(path);
    return id === undefined ? null : this.#catalog.files.fingerprint(id);
  }

  finish(): ScanResult {
    this.#commit();
    this.#rememberSettled();
    this.#takeUnvisited();
    const knownBefore = this.#vanished.length === 0 ? 0 : this.#countKnownBefore();
    if (!this.#picked) this.#catalog.exclusions.add(this.#root.id, this.#excluded);
    return {
      vanished: this.#vanished,
      knownBefore,
      ignored: this.#ignored,
      unreadable: this.#unreadable.size,
    };
  }

  #compare(event: DirectoryEvent, id: number | undefined): void {
    const { path, fingerprint } = event;
    const known = id === undefined ? [] : this.#catalog.files.knownIn(id);
    const seen = event.files.map(seenFile);
    const unreadable = this.#unreadableNames(path);
    const plan = planDirectory(known, seen, unreadable);
    this.#takeMissing(path, known, plan.vanished);
    if (plan.changes.length > 0) {
      this.#waiting.push({ directory: path, fingerprint, plan });
      this.#waitingChanges += plan.changes.length;
      const waited = this.#clock.monotonic() - this.#committedAt;
      // The very first files are committed at once, so that reading them starts without delay.
      if (this.#waitingChanges >= changesPerCommit || waited > longestWaitMs) this.#commit();
    } else if (id !== undefined && plan.vanished.length === 0 && unreadable.size === 0) {
      const age = known.reduce((sum, { version }) => sum + version + 1, 0);
      this.#settled.push({ directoryId: id, fingerprint, age });
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
    this.#countKnownBefore();
    this.#catalog.transaction(() => {
      for (const { directory, fingerprint, plan } of this.#waiting) {
        this.#apply(directory, fingerprint, plan);
      }
    });
    this.#waiting = [];
    this.#waitingChanges = 0;
    this.#committedAt = this.#clock.monotonic();
  }

  #rememberSettled(): void {
    if (this.#settled.length === 0) return;
    this.#catalog.transaction(() => {
      for (const { directoryId, fingerprint, age } of this.#settled) {
        this.#catalog.files.setFingerprintAsOf(age, directoryId, fingerprint);
      }
    });
  }

  #apply(directory: string, fingerprint: string, plan: DirectoryPlan<SeenFile>): void {
    const { files } = this.#catalog;
    const now = this.#clock.now();
    const before = this.#directories.get(directory);
    let id = before;
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
    // Of a new directory nothing is known but what was just added; else the next scan sees what is settled.
    files.setFingerprint(id, before === undefined ? fingerprint : null);
  }

  #countKnownBefore(): number {
    this.#knownBefore ??= this.#catalog.files.countPresent(this.#root.id);
    return this.#knownBefore;
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

function seenFile({ name, stat, candidate, describes }: WalkedFile): SeenFile {
  return {
    name,
    role: candidate === 'sidecar' ? 'sidecar' : 'media',
    describes,
    size: stat.size,
    modifiedMs: stat.modifiedMs,
    bornMs: stat.bornMs,
    inode: stat.inode,
    device: stat.device,
  };
}

/** Files that are no photo, video or sidecar, or are not there as such. */
function filesPassedOver(passedOver: PassedOver): number {
  const { other, hidden, junk, partial, offloaded, special } = passedOver;
  return other + hidden + junk + partial + offloaded + special;
}
