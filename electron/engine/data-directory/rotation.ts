const dayMs = 86_400_000;
/** Backups that are kept because they are the newest. */
const newest = 3;
/** Oldest age of the one backup that is kept because it is older. */
const longestMs = 14 * dayMs;

/** Whether a day has passed since the newest backup; a clock that was changed by more than that counts too. */
export function isBackupDue(momentsMs: readonly number[], nowMs: number): boolean {
  return momentsMs.every((moment) => Math.abs(nowMs - moment) >= dayMs);
}

/**
 * Which backups to keep: the three newest, and the oldest of the others that is at most two weeks old, so
 * that damage that nobody noticed for days can be undone as well. Where all others are older still, the
 * newest of them.
 */
export function backupsToKeep(momentsMs: readonly number[], nowMs: number): readonly number[] {
  const sorted = momentsMs.toSorted((a, b) => b - a);
  const older = sorted.slice(newest);
  const weekly = older.findLast((moment) => nowMs - moment <= longestMs) ?? older[0];
  return [...sorted.slice(0, newest), ...(weekly === undefined ? [] : [weekly])];
}
