import type { SQLOutputValue } from 'node:sqlite';

import { fail } from '../../../shared/domain/failure.ts';

/** One row as SQLite gives it. The getters below turn its columns into the types that the schema promises. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

function broken(column: string): never {
  throw fail('corrupt', `The catalogue holds an unexpected value in the column "${column}".`, {
    hint: 'Restore the catalogue from its backup, or delete it: it is rebuilt from the destination.',
  });
}

export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : broken(column);
}

export function optionalText(row: Row, column: string): string | null {
  const value = row[column];
  return value === null || typeof value === 'string' ? value : broken(column);
}

export function number(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : broken(column);
}

export function optionalNumber(row: Row, column: string): number | null {
  const value = row[column];
  return value === null || typeof value === 'number' ? value : broken(column);
}

export function blob(row: Row, column: string): Uint8Array {
  const value = row[column];
  return value instanceof Uint8Array ? value : broken(column);
}

export function member<const T extends string>(row: Row, column: string, values: readonly T[]): T {
  const value = row[column];
  return values.find((candidate) => candidate === value) ?? broken(column);
}
