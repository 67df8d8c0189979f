import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface CatalogueFacts {
  readonly problems: readonly string[];
  /** What it says is backed up: hash by key. */
  readonly verified: ReadonlyMap<string, string>;
  /** Deliveries that are not. */
  readonly unfinished: number;
}

/** Reads a copy of a data directory's catalogue, so that the process that comes next finds it as it was left. */
export async function readCatalogue(data: string, scratch: string): Promise<CatalogueFacts> {
  const names = await readdir(data).catch(() => []);
  const parts = names.filter((name) => /^catalogue\.db(?:-wal)?$/u.test(name));
  const nothing = { problems: [], verified: new Map<string, string>(), unfinished: 0 };
  if (!parts.includes('catalogue.db')) return nothing;
  await mkdir(scratch, { recursive: true });
  for (const name of parts) await copyFile(join(data, name), join(scratch, name));
  const database = new DatabaseSync(join(scratch, 'catalogue.db'));
  try {
    const problems = ['integrity_check', 'foreign_key_check'].flatMap((check) =>
      database
        .prepare(`PRAGMA ${check}`)
        .all()
        .map((row) => JSON.stringify(row))
        .filter((row) => row !== '{"integrity_check":"ok"}'),
    );
    if (database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'deliveries'`).get() == null) {
      return { ...nothing, problems };
    }
    const rows = database
      .prepare('SELECT d.state, d.key, a.hash FROM deliveries d JOIN assets a ON a.id = d.asset_id')
      .all();
    const verified = rows.filter(({ state }) => state === 'verified');
    return {
      problems,
      verified: new Map(verified.map(({ key, hash }) => [String(key), String(hash)])),
      unfinished: rows.length - verified.length,
    };
  } finally {
    database.close();
  }
}
