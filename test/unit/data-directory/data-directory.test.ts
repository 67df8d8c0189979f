import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { promises as fs } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';

import { failureOf, type Failure } from '../../../shared/domain/failure.ts';
import { migrations } from '../../../electron/engine/catalog/schema.ts';
import { listBackups } from '../../../electron/engine/data-directory/backups.ts';
import {
  openDataDirectory,
  type DataDirectory,
} from '../../../electron/engine/data-directory/data-directory.ts';
import { openForReading } from '../../../electron/engine/data-directory/open-for-reading.ts';
import { refuseDataOverlap } from '../../../electron/engine/data-directory/overlap.ts';
import { silentLogger } from '../../../electron/engine/logging/logger.ts';
import { StillClock } from '../../support/catalog/still-clock.ts';
import { temporaryDirectory } from '../../support/catalog/temporary-directory.ts';

const patient = new AbortController().signal;
const dayMs = 86_400_000;

interface Home {
  readonly path: string;
  readonly clock: StillClock;
  readonly file: (name: string) => string;
  readonly open: (signal?: AbortSignal) => Promise<DataDirectory>;
  readonly backups: () => Promise<number>;
}

async function makeHome(): Promise<Home> {
  const home = path.join(await temporaryDirectory(), 'data');
  const clock = new StillClock(Date.UTC(2024, 4, 17, 12));
  const file = (name: string) => path.join(home, name);
  return {
    path: home,
    clock,
    file,
    open: (signal = patient) => openDataDirectory(home, { clock, logger: silentLogger }, signal),
    backups: async () => (await listBackups(file('backups'))).length,
  };
}

/** Opens, does something, closes. */
async function visit(
  home: Home,
  work: (directory: DataDirectory) => void,
): Promise<readonly Failure[]> {
  const directory = await home.open();
  work(directory);
  await directory.close();
  return directory.notices;
}

function name(directory: DataDirectory, id: string): void {
  directory.catalog.identity.become({ id, name: id });
}

/** Overwrites the middle of the catalogue's tables; its header stays. */
async function damage(home: Home): Promise<Buffer> {
  const bytes = await fs.readFile(home.file('catalogue.db'));
  bytes.fill(0xff, 4096);
  await fs.writeFile(home.file('catalogue.db'), bytes);
  return bytes;
}

async function failureFrom(work: Promise<unknown>): Promise<Failure> {
  return work.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => failureOf(error),
  );
}

describe('a new data directory', () => {
  it('is made for its user alone, and remembers from one opening to the next', async () => {
    const home = await makeHome();
    await visit(home, (directory) => {
      name(directory, 'one');
    });
    const modes = await Promise.all(
      ['', 'catalogue.db'].map(async (entry) => (await fs.stat(home.file(entry))).mode & 0o777),
    );
    if (process.platform !== 'win32') expect(modes).toEqual([0o700, 0o600]);
    const notices = await visit(home, ({ catalog }) => {
      expect(catalog.identity.device()?.id).toBe('one');
    });
    expect(notices).toEqual([]);
  });

  it('cannot stand where a file is', async () => {
    const home = await makeHome();
    await fs.writeFile(home.path, 'a file');
    const failure = await failureFrom(home.open());
    expect(['invalid', 'conflict', 'notFound', 'unreadable']).toContain(failure.code);
  });
});

describe('a second opening', () => {
  it('in the same process is refused, and works after the first was closed', async () => {
    const home = await makeHome();
    const first = await home.open();
    const failure = await failureFrom(home.open());
    expect(failure.code).toBe('busy');
    expect(failure.message).toContain(`process ${String(process.pid)}`);
    await first.close();
    await first.close();
    await (await home.open()).close();
  });

  it('is refused while another process has it, and works as soon as that was killed', async () => {
    const home = await makeHome();
    const script = new URL('../../support/catalog/hold-data-directory.ts', import.meta.url);
    const child = spawn(process.execPath, [script.pathname, home.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const failure = await failureFrom(home.open());
    expect(failure.code).toBe('busy');
    expect(failure.message).toContain(`process ${String(child.pid)}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const directory = await home.open();
    expect(directory.catalog.identity.device()?.id).toBe('held');
    expect(directory.notices).toEqual([]);
    await directory.close();
  });
});

describe('a damaged catalogue', () => {
  it('is set aside whole, and the newest sound backup takes its place', async () => {
    const home = await makeHome();
    await visit(home, (directory) => {
      name(directory, 'one');
    });
    home.clock.nowMs += dayMs;
    await visit(home, (directory) => {
      name(directory, 'two');
    });
    home.clock.nowMs += 1000;
    await visit(home, (directory) => {
      name(directory, 'three');
    });
    const [newest] = await listBackups(home.file('backups'));
    await fs.writeFile(newest?.path ?? '', 'a damaged backup');
    const bytes = await damage(home);
    home.clock.nowMs += dayMs;

    const notices = await visit(home, ({ catalog }) => {
      expect(catalog.identity.device()?.id).toBe('one');
    });

    expect(notices).toMatchObject([{ code: 'corrupt' }]);
    expect(notices[0]?.message).toContain('2024-05-17');
    const aside = (await fs.readdir(home.path)).filter((entry) =>
      entry.startsWith('catalogue-damaged-'),
    );
    expect(aside).toHaveLength(1);
    expect((await fs.readFile(home.file(aside[0] ?? ''))).equals(bytes)).toBe(true);
  });

  it('without any backup gives way to a new one', async () => {
    const home = await makeHome();
    const aborted = new AbortController();
    const directory = await home.open(aborted.signal);
    name(directory, 'one');
    aborted.abort();
    await directory.close();
    expect(await home.backups()).toBe(0);
    await fs.writeFile(home.file('catalogue.db'), 'no catalogue');
    const notices = await visit(home, ({ catalog }) => {
      expect(catalog.identity.device()).toBeNull();
    });
    expect(notices[0]?.message).toContain('a new one was begun');
  });

  it('never has its log replayed into what takes its place', async () => {
    const home = await makeHome();
    await visit(home, (directory) => {
      name(directory, 'one');
    });
    const directory = await home.open();
    name(directory, 'of the damaged one');
    const log = await fs.readFile(home.file('catalogue.db-wal'));
    await directory.close();
    await fs.writeFile(home.file('catalogue.db'), 'no catalogue');
    await fs.writeFile(home.file('catalogue.db-wal'), log);
    await visit(home, ({ catalog }) => {
      expect(catalog.identity.device()?.id).toBe('one');
    });
  });

  it('is found after an unclean end, on the same day too', async () => {
    const home = await makeHome();
    await visit(home, (directory) => {
      name(directory, 'one');
    });
    await damage(home);
    await fs.writeFile(home.file('owner.json'), JSON.stringify({ pid: 1, sinceMs: 0 }));
    expect(await visit(home, () => undefined)).toMatchObject([{ code: 'corrupt' }]);
  });

  it('that shows during a run is repaired by the next start', async () => {
    const home = await makeHome();
    await visit(home, ({ catalog }) => {
      catalog.transaction(() => {
        for (let index = 0; index < 500; index += 1) {
          catalog.files.ensureRoot(`/photos ${String(index)}`, 'x'.repeat(50), String(index));
        }
      });
    });
    const bytes = await fs.readFile(home.file('catalogue.db'));
    const position = bytes.indexOf('/photos 250xxxxx');
    bytes.fill(0xff, position - (position % 4096), position - (position % 4096) + 4096);
    await fs.writeFile(home.file('catalogue.db'), bytes);
    expect(
      await visit(home, ({ catalog }) => {
        expect(() => catalog.files.roots()).toThrow('damaged');
      }),
    ).toEqual([]);
    const notices = await visit(home, ({ catalog }) => {
      expect(catalog.files.roots()).toHaveLength(500);
    });
    expect(notices).toMatchObject([{ code: 'corrupt' }]);
  });
});

describe('a catalogue of a newer version', () => {
  it('is refused and left as it is', async () => {
    const home = await makeHome();
    await visit(home, () => undefined);
    const handle = new DatabaseSync(home.file('catalogue.db'));
    handle.exec(`PRAGMA user_version = ${String(migrations.length + 1)}`);
    handle.close();
    const before = await fs.readFile(home.file('catalogue.db'));
    expect((await failureFrom(home.open())).code).toBe('unsupported');
    expect((await fs.readFile(home.file('catalogue.db'))).equals(before)).toBe(true);
    const ports = { clock: home.clock, logger: silentLogger };
    expect((await failureFrom(openForReading(home.path, ports, patient))).code).toBe('unsupported');
  });
});

describe('backups', () => {
  it('are made at most once a day, and only of what was written since', async () => {
    const home = await makeHome();
    await visit(home, () => undefined);
    await visit(home, (directory) => {
      name(directory, 'one');
    });
    expect(await home.backups()).toBe(1);
    home.clock.nowMs += dayMs;
    await visit(home, (directory) => {
      name(directory, 'two');
    });
    expect(await home.backups()).toBe(2);
  });

  it('are few: the three newest and an older one', async () => {
    const home = await makeHome();
    for (let day = 0; day < 6; day += 1) {
      await visit(home, (directory) => {
        name(directory, `d${String(day)}`);
      });
      home.clock.nowMs += dayMs;
    }
    const made = (await listBackups(home.file('backups'))).map(({ madeMs }) =>
      new Date(madeMs).getUTCDate(),
    );
    expect(made).toEqual([22, 21, 20, 17]);
  });

  it('are made during a run of several days, and what was left unfinished is cleared away', async () => {
    const home = await makeHome();
    await visit(home, () => undefined);
    const leftover = path.join(home.file('backups'), 'catalogue-20240517T120000000Z.db.unfinished');
    await fs.writeFile(leftover, 'half');
    const directory = await home.open();
    name(directory, 'one');
    home.clock.advance(dayMs);
    await expect.poll(home.backups, { timeout: 10_000 }).toBe(2);
    await directory.close();
    await expect(fs.access(leftover)).rejects.toThrow();
  });

  it('are left out when somebody wants to stop', async () => {
    const home = await makeHome();
    const stop = new AbortController();
    const directory = await home.open(stop.signal);
    stop.abort();
    await directory.close();
    expect(await home.backups()).toBe(0);
  });
});

describe('a clean end', () => {
  it('leaves the catalogue in one file, after a backup and after looking, too', async () => {
    const home = await makeHome();
    const catalogueFiles = async () =>
      (await fs.readdir(home.path)).filter((file) => file.startsWith('catalogue'));
    await visit(home, (directory) => {
      name(directory, 'one');
    });
    expect(await home.backups()).toBe(1);
    expect(await catalogueFiles()).toHaveLength(1);
    const ports = { clock: home.clock, logger: silentLogger };
    (await openForReading(home.path, ports, patient)).close();
    expect(await catalogueFiles()).toHaveLength(1);
  });
});

describe('opening for reading', () => {
  it('gives an empty catalogue where there is none, and makes nothing', async () => {
    const home = await makeHome();
    const ports = { clock: home.clock, logger: silentLogger };
    const catalog = await openForReading(home.path, ports, patient);
    expect(catalog.totals.timeline(null, 10)).toEqual([]);
    catalog.close();
    await expect(fs.access(home.path)).rejects.toThrow();
  });

  it('reads beside a process that writes', async () => {
    const home = await makeHome();
    const directory = await home.open();
    const ports = { clock: home.clock, logger: silentLogger };
    const catalog = await openForReading(home.path, ports, patient);
    name(directory, 'one');
    expect(catalog.identity.device()?.id).toBe('one');
    catalog.close();
    await directory.close();
  });
});

describe('refuseDataOverlap', () => {
  it('refuses a data directory inside a folder and the other way round, through links too', async () => {
    const root = await temporaryDirectory();
    await fs.mkdir(path.join(root, 'photos'));
    await fs.symlink(path.join(root, 'photos'), path.join(root, 'link'));
    const photos = path.join(root, 'photos');
    const codeFor = async (data: string, places: string[]) =>
      refuseDataOverlap(data, places).then(
        () => 'fine',
        (error: unknown) => failureOf(error).code,
      );
    expect(await codeFor(path.join(photos, 'not', 'yet'), [photos])).toBe('invalid');
    expect(await codeFor(path.join(root, 'link', 'data'), [photos])).toBe('invalid');
    expect(await codeFor(root, [photos])).toBe('invalid');
    expect(await codeFor(photos, [photos])).toBe('invalid');
    expect(await codeFor(path.join(root, 'photos-data'), [photos])).toBe('fine');
  });
});
