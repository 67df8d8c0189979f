import {
  chmod,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  statfs,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import type { CliResult } from '../support/cli/run-cli.ts';
import {
  backedUpHashes,
  hashesBelow,
  jpeg,
  largeJpeg,
  Workspace,
} from '../support/cli/workspace.ts';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
if (!isRoot) console.warn('skipped: full disks and read-only drives: mounting needs root on Linux');

const { bavail, bsize } = await statfs(tmpdir());
const roomForLarge = bavail * bsize > 12e9;
if (!roomForLarge) console.warn('skipped: a file of 5 GB: the temporary directory is too small');

/** A user that owns nothing here. */
const nobody = 65_534;

test('an empty photo is backed up like any other', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('empty.jpg', '');
  const { status, last } = await workspace.sync();
  expect(status).toBe(0);
  expect(last()).toMatchObject({ found: 1, photos: 1, uploaded: 1 });
});

test('a known folder that is away is named, and what it held stays backed up', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('a.jpg', await jpeg(1));
  await workspace.sync();
  await rename(workspace.photos, workspace.path('unplugged'));
  const away = await workspace.sync();
  expect(away.status).toBe(1);
  expect(away.json().find((line) => line['event'] === 'notice')).toMatchObject({
    failure: { code: 'offline' },
  });
  await rename(workspace.path('unplugged'), workspace.photos);
  const back = await workspace.sync();
  expect(back.status).toBe(0);
  expect(back.last()).toMatchObject({ uploaded: 0, alreadyBackedUp: 1 });
});

test('many photos that vanish at once are a question, which --accept-changes answers', async () => {
  await using workspace = await Workspace.create();
  for (let seed = 0; seed < 12; seed += 1) {
    await workspace.write(`in/${String(seed)}.jpg`, await jpeg(seed));
  }
  await workspace.write('in/notes.txt', 'stays');
  await workspace.sync();
  for (let seed = 0; seed < 12; seed += 1)
    await rm(join(workspace.photos, `in/${String(seed)}.jpg`));
  const asked = await workspace.sync();
  expect(asked.status).toBe(1);
  expect(asked.stdout).toContain('--accept-changes');
  const answered = await workspace.sync(['--accept-changes']);
  expect(answered.status).toBe(0);
  expect(await backedUpHashes(workspace.backup)).toHaveLength(12);
});

test('a destination that was emptied is not trusted; --start-anew sends everything again', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('a.jpg', await jpeg(1));
  await workspace.sync();
  await rm(workspace.backup, { recursive: true });
  await mkdir(workspace.backup);
  const emptied = await workspace.sync();
  expect(emptied.status).toBe(3);
  expect(emptied.last()).toMatchObject({
    destinations: { backup: { error: { code: 'offline' } } },
  });
  const anew = await workspace.sync(['--start-anew']);
  expect(anew.status).toBe(0);
  expect(anew.last()).toMatchObject({ uploaded: 1 });
});

test('a destination whose parent is not there is status 3, and the other one gets everything', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('a.jpg', await jpeg(1));
  const { status, last } = await workspace.sync(['--to', `file://${workspace.path('no/where')}`]);
  expect(status).toBe(3);
  expect(last()).toMatchObject({
    failed: 1,
    destinations: { backup: { uploaded: 1 }, where: { failed: 1, error: { code: 'notFound' } } },
  });
});

test('an S3 server that is not there, or that has no keys, is status 3', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('a.jpg', await jpeg(1));
  const url = 's3://photos?endpoint=http://127.0.0.1:9';
  const base = ['sync', workspace.photos, '--to', url, '--no-previews', '--json'];
  const keys = { AWS_ACCESS_KEY_ID: 'somebody', AWS_SECRET_ACCESS_KEY: 'something' };
  const away = await workspace.run(base, { environment: keys });
  expect(away.status).toBe(3);
  expect(away.last()).toMatchObject({ destinations: { photos: { error: { code: 'offline' } } } });
  const noKeys = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
  const unsigned = await workspace.run(base, { environment: noKeys });
  expect(unsigned.status).toBe(3);
  expect(unsigned.last()).toMatchObject({ destinations: { photos: { error: { code: 'auth' } } } });
});

describe('the catalogue', () => {
  test('a damaged one is replaced, and nothing is sent again', async () => {
    await using workspace = await Workspace.create();
    await workspace.write('a.jpg', await jpeg(1));
    await workspace.sync();
    await writeFile(join(workspace.data, 'catalogue.db'), 'this is no database at all'.repeat(500));
    const { status, last, json } = await workspace.sync();
    expect(status).toBe(0);
    expect(last()).toMatchObject({ uploaded: 0, alreadyBackedUp: 1 });
    expect(json()[0]).toMatchObject({ event: 'notice', failure: { code: 'corrupt' } });
  });

  test('one of a newer version is left alone', async () => {
    await using workspace = await Workspace.create();
    await workspace.write('a.jpg', await jpeg(1));
    await workspace.sync();
    const database = new DatabaseSync(join(workspace.data, 'catalogue.db'));
    database.exec('PRAGMA user_version = 9999');
    database.close();
    const { status, json, last } = await workspace.sync();
    expect(status).toBe(1);
    expect(json().find((line) => line['event'] === 'error')).toMatchObject({
      failure: { code: 'unsupported' },
    });
    expect(last()).toMatchObject({ event: 'summary', error: { code: 'unsupported' } });
    expect((await workspace.run(['status'])).status).toBe(1);
  });

  test('a second process is turned away with a clear message', async () => {
    await using workspace = await Workspace.create();
    for (let seed = 1; seed < 9; seed += 1) {
      await workspace.write(`${String(seed)}.jpg`, await largeJpeg(seed, 50_000));
    }
    let second: Promise<CliResult> | undefined;
    const first = await workspace.sync(['--limit', '100K'], {
      onOutput: (_child, stdout) => {
        if (stdout.includes('"photo"')) second ??= workspace.sync();
      },
    });
    const turnedAway = await second;
    expect(turnedAway?.status).toBe(1);
    expect(turnedAway?.stderr).toContain('Another Cloudroll');
    expect(first.status).toBe(0);
  });
});

test.skipIf(!isRoot)('an unreadable folder and an unreadable photo are named', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('good.jpg', await jpeg(1));
  await chmod(workspace.root, 0o777);
  await chmod(await workspace.write('secret.jpg', await jpeg(2)), 0o000);
  await workspace.write('closed/inside.jpg', await jpeg(3));
  await chmod(join(workspace.photos, 'closed'), 0o000);
  const asNobody = { uid: nobody, environment: { HOME: workspace.root } };
  const { status, last, json } = await workspace.sync([], asNobody);
  expect(status).toBe(1);
  expect(last()).toMatchObject({ uploaded: 1 });
  const failed = json().filter((line) => line['event'] === 'failed');
  const paths = failed.map((line) => line['path']);
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths).toContain(join(workspace.photos, 'closed'));
  expect(paths).toContain(join(workspace.photos, 'secret.jpg'));

  await chmod(workspace.photos, 0o000);
  const closed = await workspace.sync([], asNobody);
  expect(closed.status).toBe(1);
  await chmod(workspace.photos, 0o755);
  await chmod(join(workspace.photos, 'closed'), 0o755);
});

test.skipIf(!isRoot)(
  'a full disk at the destination: what fits is backed up, the rest is named',
  async () => {
    await using workspace = await Workspace.create();
    for (let seed = 1; seed <= 6; seed += 1) {
      await workspace.write(`${String(seed)}.jpg`, await largeJpeg(seed, 300_000));
    }
    await mkdir(workspace.backup);
    const mounting = `mount -t tmpfs -o size=1m tmpfs '${workspace.backup}'`;
    const { status, last, json } = await workspace.sync([], { mounting });
    expect(status).toBe(1);
    const { uploaded, failed } = last();
    expect(Number(uploaded)).toBeGreaterThan(0);
    expect(Number(uploaded) + Number(failed)).toBe(6);
    expect(json().filter((line) => line['event'] === 'failed')).toHaveLength(Number(failed));
    expect(last()).toMatchObject({ destinations: { backup: { error: { code: 'quota' } } } });
  },
);

test.skipIf(!isRoot)('a full disk at the data directory is told, and nothing is lost', async () => {
  await using workspace = await Workspace.create();
  for (let seed = 1; seed <= 40; seed += 1) {
    await workspace.write(`${String(seed)}.jpg`, await jpeg(seed));
  }
  await mkdir(workspace.data);
  const mounting = `mount -t tmpfs -o size=256k tmpfs '${workspace.data}'`;
  const { status, last, stderr } = await workspace.sync([], { mounting });
  expect(status).toBe(1);
  expect(last()).toMatchObject({ event: 'summary', error: { code: 'diskFull' } });
  expect(stderr).toContain('full');
  const next = await workspace.sync();
  expect(next.status).toBe(0);
  expect(await backedUpHashes(workspace.backup)).toHaveLength(40);
});

test.skipIf(!isRoot)('a read-only destination is status 1 with the reason', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('a.jpg', await jpeg(1));
  await mkdir(workspace.backup);
  const mounting = `mount -t tmpfs -o ro tmpfs '${workspace.backup}'`;
  const { status, last } = await workspace.sync([], { mounting });
  expect(status).toBe(1);
  expect(last()).toMatchObject({ destinations: { backup: { error: { code: 'readOnly' } } } });
});

test.skipIf(!isRoot)(
  'restoring onto a full disk names what did not fit, and goes on later',
  async () => {
    await using workspace = await Workspace.create();
    for (let seed = 1; seed <= 5; seed += 1) {
      await workspace.write(`${String(seed)}.jpg`, await largeJpeg(seed, 300_000));
    }
    await workspace.sync();
    const into = workspace.path('restored');
    await mkdir(into);
    const args = ['restore', '--from', workspace.backupUrl, '--into', into, '--json'];
    const mounting = `mount -t tmpfs -o size=1m tmpfs '${into}'`;
    const full = await workspace.run(args, { mounting });
    expect(full.status).toBe(1);
    expect(full.last()).toMatchObject({ event: 'summary', stopped: { code: 'diskFull' } });
    const whole = await workspace.run(args);
    expect(whole.status).toBe(0);
    expect([...(await hashesBelow(into)).values()].toSorted()).toEqual(
      [...(await hashesBelow(workspace.photos)).values()].toSorted(),
    );
  },
);

test.skipIf(!roomForLarge)('a file of 5 GB goes through, byte for byte', async () => {
  await using workspace = await Workspace.create();
  const path = await workspace.write('film.mp4', Buffer.from('00000018667479706d703432', 'hex'));
  await truncate(path, 5_000_000_000);
  const file = await open(path, 'r+');
  await file.write(Buffer.from('the end'), 0, 7, 4_999_999_993);
  await file.close();
  const { status, last, json } = await workspace.sync();
  expect(status).toBe(0);
  expect(last()).toMatchObject({ uploaded: 1, bytesUploaded: 5_000_000_000 });
  const key = json().find((line) => line['event'] === 'photo')?.['key'];
  expect((await stat(join(workspace.backup, String(key)))).size).toBe(5_000_000_000);
});

test('names cannot do anything to a terminal', async () => {
  await using workspace = await Workspace.create();
  const evil = 'a\u001b]0;owned\u0007\u001b[31m\u202egpj.\u009b.jpg';
  await workspace.write(evil, await jpeg(1));
  const human = await workspace.run([
    'sync',
    workspace.photos,
    '--to',
    workspace.backupUrl,
    '--dry-run',
  ]);
  expect(human.stdout).toContain('Would send');
  // eslint-disable-next-line no-control-regex -- control characters are what must not be there
  expect(human.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
  const { stdout, json } = await workspace.sync();
  // eslint-disable-next-line no-control-regex -- control characters are what must not be there
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
  expect(json().find((line) => line['event'] === 'photo')?.['path']).toBe(
    join(workspace.photos, evil),
  );
});

test('a secret stands nowhere: not in the output, the log, the catalogue or the destination', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('a.jpg', await jpeg(1));
  const canary = 'CANARY/secret+key=4711';
  const environment = { AWS_ACCESS_KEY_ID: 'AKIDCANARY4711', AWS_SECRET_ACCESS_KEY: canary };
  const args = ['--to', 's3://photos?endpoint=http://127.0.0.1:9', '--limit', '1M'];
  const run = workspace.sync(args, {
    environment,
    onOutput: (child, stdout) => {
      if (stdout.includes('"photo"')) child.kill('SIGINT');
    },
  });
  const { stdout, stderr } = await run;
  const written = await Promise.all(
    [...(await hashesBelow(workspace.root)).keys()].map((path) =>
      readFile(workspace.path(path), 'latin1'),
    ),
  );
  for (const text of [stdout, stderr, ...written]) {
    expect(text).not.toContain(canary);
    expect(text).not.toContain(encodeURIComponent(canary));
    expect(text).not.toContain('AKIDCANARY4711');
  }
});
