/** Who did something: the person who owns the photos, or the program under test. */
export type Actor = 'user' | 'engine';

interface NodeBase {
  readonly inode: number;
  readonly owner: Actor;
  modifiedMs: number;
  readonly bornMs: number;
}

export interface FileNode extends NodeBase {
  readonly kind: 'file';
  /** What a reader sees. Replaced, never changed in place. */
  data: Uint8Array;
  /** What a power loss leaves for certain; the same array as `data` when everything is synced. */
  durable: Uint8Array;
  /** A failed fsync dropped pages: a later one that succeeds proves nothing any more. */
  poisoned: boolean;
}

export interface SymlinkNode extends NodeBase {
  readonly kind: 'symlink';
  readonly target: string;
}

export interface DirectoryEntryNode {
  readonly name: string;
  readonly node: Node;
}

export interface EntryChange {
  readonly key: string;
  /** Null: the entry was removed. */
  readonly entry: DirectoryEntryNode | null;
}

export interface DirectoryNode extends NodeBase {
  readonly kind: 'directory';
  entries: Map<string, DirectoryEntryNode>;
  /** Entries as the last directory sync left them. */
  durable: Map<string, DirectoryEntryNode>;
  /** Changes since then, in order; each survives a power loss or not, by itself. */
  pending: EntryChange[];
}

export type Node = FileNode | DirectoryNode | SymlinkNode;
