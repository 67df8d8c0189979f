import path from 'node:path';

/** What stands where in a data directory. */
export interface DataPaths {
  readonly directory: string;
  readonly catalogue: string;
  readonly backups: string;
  readonly lock: string;
  readonly owner: string;
  readonly thumbnails: string;
  readonly logs: string;
}

export function pathsIn(directory: string): DataPaths {
  return {
    directory,
    catalogue: path.join(directory, 'catalogue.db'),
    backups: path.join(directory, 'backups'),
    lock: path.join(directory, 'lock.db'),
    owner: path.join(directory, 'owner.json'),
    thumbnails: path.join(directory, 'thumbnails'),
    logs: path.join(directory, 'logs'),
  };
}

/** A moment as part of a file name, `20240517T120000123Z`: text order is time order. */
export function stampOf(nowMs: number): string {
  return new Date(nowMs).toISOString().replaceAll(/[-:.]/gu, '');
}

/** The moment of a stamp; null for a text that is none. */
export function momentOf(stamp: string): number | null {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z$/u.exec(stamp);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction] = match;
  const moment = Date.parse(
    `${String(year)}-${String(month)}-${String(day)}T${String(hour)}:${String(minute)}:${String(second)}.${String(fraction)}Z`,
  );
  return Number.isNaN(moment) ? null : moment;
}
