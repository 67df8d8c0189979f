import type { FileState } from '../../../shared/domain/states.ts';
import { planFile, type FileFacts } from './plan-file.ts';

export interface KnownEntry extends FileFacts {
  readonly id: number;
  readonly name: string;
  readonly state: FileState;
}

export type DirectoryChange<S> =
  | { readonly kind: 'add'; readonly seen: S }
  | { readonly kind: 'read'; readonly fileId: number; readonly seen: S }
  | { readonly kind: 'comeBack'; readonly fileId: number };

export interface DirectoryPlan<S> {
  readonly changes: readonly DirectoryChange<S>[];
  /** Known files that were not listed: gone from here, unless they could not be looked at. */
  readonly vanished: readonly number[];
}

/**
 * What one listing of a directory means, given what is known of it.
 * @param unreadable names in this directory of which nothing is known now
 */
export function planDirectory<S extends FileFacts & { readonly name: string }>(
  known: readonly KnownEntry[],
  seen: readonly S[],
  unreadable: ReadonlySet<string>,
): DirectoryPlan<S> {
  const remaining = new Map(known.map((entry) => [entry.name, entry]));
  const changes: DirectoryChange<S>[] = [];
  for (const file of seen) {
    const before = remaining.get(file.name);
    remaining.delete(file.name);
    const plan = planFile(before, file);
    if (plan === 'add' || before === undefined) changes.push({ kind: 'add', seen: file });
    else if (plan === 'read') changes.push({ kind: 'read', fileId: before.id, seen: file });
    else if (plan === 'comeBack') changes.push({ kind: 'comeBack', fileId: before.id });
  }
  const vanished = [...remaining.values()]
    .filter((entry) => entry.state !== 'absent' && !unreadable.has(entry.name))
    .map((entry) => entry.id);
  return { changes, vanished };
}

/** The directory of a relative path, and whether it is that directory or lies below it. */
export function isWithin(directory: string, ancestor: string): boolean {
  return ancestor === '' || directory === ancestor || directory.startsWith(`${ancestor}/`);
}
