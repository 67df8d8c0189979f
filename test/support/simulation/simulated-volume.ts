import { fail } from '../../../shared/domain/failure.ts';
import type { SeededRandom } from './seeded-random.ts';
import type {
  Actor,
  DirectoryEntryNode,
  DirectoryNode,
  FileNode,
  Node,
} from './simulated-nodes.ts';

/** What kind of file system a volume has. */
export interface VolumeOptions {
  readonly name: string;
  readonly device: number;
  readonly caseSensitive: boolean;
  /** `exact`: bytes; `insensitive`: NFC and NFD are one name, kept as given (APFS); `nfd`: stored as NFD (HFS+). */
  readonly normalisation: 'exact' | 'insensitive' | 'nfd';
  /** Granularity of modification times, milliseconds (FAT: 2000). */
  readonly granularityMs: number;
  /** Without them publishing takes two steps: an empty file under the new name, then a rename over it. */
  readonly hardLinks: boolean;
  /** False: inodes and birth times are not told (some network drives, FAT). */
  readonly inodes?: boolean;
  /** Whether its top level belongs to the system, so that nobody may make folders there. */
  readonly systemRoot?: boolean;
  /** Whether it holds a person's own files, among which the engine makes nothing at all. */
  readonly personal?: boolean;
  /** Bytes the volume holds at most. */
  readonly capacity: number;
  readonly now: () => number;
}

/** A path inside a volume as its names, root first. */
export type Segments = readonly string[];

const empty = new Uint8Array(0);

/**
 * The contents of one disk, with the difference between what a reader sees and what a power loss
 * leaves. All methods act at once; nothing here waits or fails by chance. What the user does is durable
 * at once; what the engine does is durable as far as it synced.
 */
export class SimulatedVolume {
  readonly options: VolumeOptions;
  readonly root: DirectoryNode;
  /** What the engine did to something that belongs to the user: must stay empty. */
  readonly violations: string[] = [];
  /** Grows with every change, so that a checker can skip what did not change. */
  version = 0;
  /** How often it lost power. */
  boots = 0;
  readOnly = false;
  device: number;
  /** Bytes it holds at most. */
  capacity: number;
  #used = 0;
  #nextInode: number;

  constructor(options: VolumeOptions) {
    this.options = options;
    this.device = options.device;
    this.capacity = options.capacity;
    // The same numbers on each volume, as copies of whole disks have them.
    this.#nextInode = 100;
    this.root = this.#directory('user', 1);
  }

  get used(): number {
    return this.#used;
  }

  find(path: Segments): Node | undefined {
    let node: Node = this.root;
    for (const name of path) {
      if (node.kind !== 'directory') return undefined;
      const entry = node.entries.get(this.#key(name));
      if (entry === undefined) return undefined;
      node = entry.node;
    }
    return node;
  }

  /** The node, or `notFound`. */
  get(path: Segments): Node {
    const node = this.find(path);
    if (node === undefined) throw notFound(path);
    return node;
  }

  file(path: Segments): FileNode {
    const node = this.get(path);
    if (node.kind !== 'file') throw fail('unreadable', `${shown(path)} is not a file.`);
    return node;
  }

  directory(path: Segments): DirectoryNode {
    const node = this.get(path);
    if (node.kind !== 'directory') throw notFound(path);
    return node;
  }

  createFile(path: Segments, actor: Actor, data: Uint8Array = empty): FileNode {
    this.#demandWritable();
    const parent = this.#parent(path);
    this.#demandFree(parent, path);
    this.#demandSpace(data.length, path);
    this.#guardPersonal(path, actor);
    const modifiedMs = this.#stamp();
    const node: FileNode = {
      kind: 'file',
      inode: this.#inode(),
      owner: actor,
      data,
      durable: actor === 'user' ? data : empty,
      poisoned: false,
      modifiedMs,
      bornMs: modifiedMs,
    };
    this.#used += data.length;
    this.#set(parent, last(path), node, actor);
    return node;
  }

  /** Replaces the bytes; the modification time follows unless `modifiedMs` says otherwise. */
  write(node: FileNode, data: Uint8Array, actor: Actor, modifiedMs?: number): void {
    this.#demandWritable();
    this.#guard(node, actor, 'wrote to');
    this.#demandSpace(data.length - node.data.length, []);
    this.#used += data.length - node.data.length;
    node.data = data;
    if (actor === 'user') node.durable = data;
    node.modifiedMs = this.#round(modifiedMs ?? this.options.now());
    this.version += 1;
  }

  setModified(path: Segments, modifiedMs: number, actor: Actor): void {
    this.#demandWritable();
    const node = this.get(path);
    this.#guard(node, actor, 'changed the time of');
    node.modifiedMs = this.#round(modifiedMs);
    this.version += 1;
  }

  syncFile(node: FileNode): void {
    if (!node.poisoned) node.durable = node.data;
  }

  syncDirectory(path: Segments): void {
    const node = this.directory(path);
    for (const { key, entry } of node.pending) setEntry(node.durable, key, entry);
    node.pending = [];
  }

  /** Gives the file another name; `replacing` says whether one that stands there may go. */
  rename(from: Segments, to: Segments, actor: Actor, replacing: boolean): void {
    this.#demandWritable();
    const node = this.get(from);
    this.#guard(node, actor, 'renamed');
    const parent = this.#parent(to);
    const standing = parent.entries.get(this.#key(last(to)))?.node;
    if (standing !== undefined && standing !== node) {
      if (!replacing) throw fail('conflict', `${shown(to)} exists.`);
      this.#guard(standing, actor, 'replaced');
      if (standing.kind === 'file') this.#used -= standing.data.length;
    }
    this.#remove(this.#parent(from), last(from), actor);
    this.#set(parent, last(to), node, actor);
  }

  unlink(path: Segments, actor: Actor): void {
    this.#demandWritable();
    const node = this.get(path);
    if (node.kind === 'directory') throw fail('unreadable', `${shown(path)} is a directory.`);
    this.#guard(node, actor, 'deleted');
    if (node.kind === 'file') this.#used -= node.data.length;
    this.#remove(this.#parent(path), last(path), actor);
  }

  makeDirectory(path: Segments, actor: Actor): void {
    this.#demandWritable();
    const parent = this.#parent(path);
    this.#demandFree(parent, path);
    this.#guardPersonal(path, actor);
    this.#set(parent, last(path), this.#directory(actor, this.#inode()), actor);
  }

  removeDirectory(path: Segments, actor: Actor): void {
    this.#demandWritable();
    const node = this.directory(path);
    if (node.entries.size > 0) throw fail('conflict', `${shown(path)} is not empty.`);
    this.#guard(node, actor, 'removed the directory');
    this.#remove(this.#parent(path), last(path), actor);
  }

  makeSymlink(path: Segments, target: string): void {
    const parent = this.#parent(path);
    this.#demandFree(parent, path);
    const modifiedMs = this.#stamp();
    this.#set(
      parent,
      last(path),
      {
        kind: 'symlink',
        inode: this.#inode(),
        owner: 'user',
        target,
        modifiedMs,
        bornMs: modifiedMs,
      },
      'user',
    );
  }

  /** Power goes: what was not synced survives or not, piece by piece, as the seed says. */
  losePower(random: SeededRandom): void {
    this.boots += 1;
    this.#settle(this.root, random, new Set());
    this.#used = 0;
    for (const { node } of this.files()) this.#used += node.data.length;
    this.version += 1;
  }

  /** The file's bytes if a power loss now could not take them away, else null. */
  durableFile(path: Segments): Uint8Array | null {
    let node: Node = this.root;
    for (const name of path) {
      if (node.kind !== 'directory') return null;
      const key = this.#key(name);
      const entry = node.durable.get(key);
      if (entry === undefined || node.pending.some((change) => change.key === key)) return null;
      node = entry.node;
    }
    return node.kind === 'file' && node.data === node.durable ? node.data : null;
  }

  /** Every file, in the order of the directories' entries. */
  *files(
    directory: DirectoryNode = this.root,
    path: Segments = [],
  ): Generator<{ readonly path: Segments; readonly node: FileNode }> {
    for (const { name, node } of directory.entries.values()) {
      const below = [...path, name];
      if (node.kind === 'file') yield { path: below, node };
      if (node.kind === 'directory') yield* this.files(node, below);
    }
  }

  #settle(directory: DirectoryNode, random: SeededRandom, seen: Set<Node>): void {
    for (const { key, entry } of directory.pending) {
      if (random.chance(0.5)) setEntry(directory.durable, key, entry);
    }
    directory.pending = [];
    directory.entries = new Map(directory.durable);
    for (const { node } of directory.entries.values()) {
      if (seen.has(node)) continue;
      seen.add(node);
      if (node.kind === 'directory') this.#settle(node, random, seen);
      if (node.kind === 'file') settleFile(node, random);
    }
  }

  #guard(node: Node, actor: Actor, what: string): void {
    if (actor === 'engine' && node.owner === 'user') {
      this.violations.push(
        `The engine ${what} inode ${String(node.inode)} of ${this.options.name}.`,
      );
    }
  }

  #guardPersonal(path: Segments, actor: Actor): void {
    if (actor === 'engine' && this.options.personal === true) {
      this.violations.push(`The engine made ${shown(path)} on ${this.options.name}.`);
    }
  }

  #set(parent: DirectoryNode, name: string, node: Node, actor: Actor): void {
    const stored = this.options.normalisation === 'nfd' ? name.normalize('NFD') : name;
    this.#change(parent, this.#key(name), { name: stored, node }, actor);
  }

  #remove(parent: DirectoryNode, name: string, actor: Actor): void {
    this.#change(parent, this.#key(name), null, actor);
  }

  #change(
    parent: DirectoryNode,
    key: string,
    entry: DirectoryEntryNode | null,
    actor: Actor,
  ): void {
    setEntry(parent.entries, key, entry);
    if (actor === 'user') setEntry(parent.durable, key, entry);
    else parent.pending.push({ key, entry });
    parent.modifiedMs = this.#stamp();
    this.version += 1;
  }

  #parent(path: Segments): DirectoryNode {
    return this.directory(path.slice(0, -1));
  }

  #key(name: string): string {
    const { caseSensitive, normalisation } = this.options;
    const normalised = normalisation === 'exact' ? name : name.normalize('NFC');
    return caseSensitive ? normalised : normalised.toLowerCase();
  }

  #directory(owner: Actor, inode: number): DirectoryNode {
    const modifiedMs = this.#stamp();
    return {
      kind: 'directory',
      inode,
      owner,
      modifiedMs,
      bornMs: modifiedMs,
      entries: new Map(),
      durable: new Map(),
      pending: [],
    };
  }

  #inode(): number {
    this.#nextInode += 1;
    return this.#nextInode;
  }

  #stamp(): number {
    return this.#round(this.options.now());
  }

  #round(milliseconds: number): number {
    const { granularityMs } = this.options;
    return Math.floor(milliseconds / granularityMs) * granularityMs;
  }

  #demandWritable(): void {
    if (this.readOnly) throw fail('readOnly', `${this.options.name} is read-only.`);
  }

  #demandFree(parent: DirectoryNode, path: Segments): void {
    if (parent.entries.has(this.#key(last(path)))) {
      throw fail('conflict', `${shown(path)} exists.`);
    }
  }

  #demandSpace(more: number, path: Segments): void {
    if (more > 0 && this.#used + more > this.capacity) {
      throw fail('diskFull', `There is no space on ${this.options.name} for ${shown(path)}.`);
    }
  }
}

/** A file after a power loss: what was synced stands; the rest is there, cut off, zeros or garbage. */
function settleFile(node: FileNode, random: SeededRandom): void {
  node.poisoned = false;
  if (node.data === node.durable) return;
  const kept = node.durable;
  const wanted = node.data;
  const outcome = random.below(5);
  if (outcome === 0) node.data = kept;
  if (outcome === 1) node.data = wanted.slice(0, random.below(wanted.length + 1));
  if (outcome === 2) node.data = wanted.map((byte, index) => kept[index] ?? byte & 0);
  if (outcome === 3) node.data = wanted.map((byte, index) => kept[index] ?? byte ^ 0xa5);
  node.durable = node.data;
}

function setEntry(
  entries: Map<string, DirectoryEntryNode>,
  key: string,
  entry: DirectoryEntryNode | null,
): void {
  if (entry === null) entries.delete(key);
  else entries.set(key, entry);
}

function last(path: Segments): string {
  const name = path.at(-1);
  if (name === undefined) throw fail('invalid', 'The root of a volume has no name.');
  return name;
}

function shown(path: Segments): string {
  return `/${path.join('/')}`;
}

function notFound(path: Segments): Error {
  return fail('notFound', `There is no ${shown(path)}.`);
}
