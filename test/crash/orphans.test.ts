import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { binPath } from '../support/cli/run-cli.ts';
import { backedUpHashes, jpeg, largeJpeg, Workspace } from '../support/cli/workspace.ts';
import {
  descendantsOf,
  isRunning,
  processesVisible,
  type ProcessIdentity,
} from '../support/crash/processes.ts';

const photos = 12;
/** Longest that anything may live on after what started it. */
const limitMs = 5_000;

const olderNode = findOlderNode();
if (!processesVisible) console.warn('skipped: orphans are only looked for on Linux');
if (olderNode === null) console.warn('skipped: the launcher, for want of a Node older than 24');

describe.skipIf(!processesVisible)('a process that is killed leaves nothing running', () => {
  test.skipIf(olderNode === null)('the launcher of an older Node', async () => {
    await using workspace = await workspaceOfPhotos();
    const launcher = await startSync(olderNode ?? '', workspace);
    const started = descendantsOf(launcher.pid ?? 0);
    expect(started.length).toBeGreaterThan(0);
    await kill(launcher, started);
    await expectToGoOn(workspace);
  });

  test('the engine, in the middle of transfers and pictures', async () => {
    await using workspace = await workspaceOfPhotos();
    const engine = await startSync(process.execPath, workspace);
    await kill(engine, descendantsOf(engine.pid ?? 0));
    await expectToGoOn(workspace);
  });
});

/** A Node on the path that has to start the project's own. */
function findOlderNode(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const folder of folders) {
    const candidate = join(folder, 'node');
    const { status, stdout } = spawnSync(candidate, ['--version'], { encoding: 'utf8' });
    const major = Number(/^v(\d+)\./u.exec(status === 0 ? stdout : '')?.[1] ?? 24);
    if (major >= 20 && major < 24) return candidate;
  }
  return null;
}

async function workspaceOfPhotos(): Promise<Workspace> {
  const workspace = await Workspace.create();
  for (let seed = 0; seed < photos; seed += 1) {
    const picture = seed < 6 ? jpeg(seed, 400) : largeJpeg(seed, 60_000);
    await workspace.write(`${seed}.jpg`, await picture);
  }
  return workspace;
}

/** Resolves when the first photo is backed up and most are not. */
async function startSync(node: string, workspace: Workspace): Promise<ChildProcess> {
  const to = ['--to', workspace.backupUrl, '--data', workspace.data];
  const slowly = ['--limit', '60K', '--transfers', '2'];
  const child = spawn(node, [binPath, 'sync', workspace.photos, ...to, ...slowly, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8');
  for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
    if (String(text).includes('"uploaded"')) return child;
  }
  throw new Error('the sync ended before it was to be killed');
}

async function kill(child: ChildProcess, started: readonly ProcessIdentity[]): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  await vi.waitFor(
    () => {
      expect(started.filter(isRunning)).toEqual([]);
    },
    { timeout: limitMs },
  );
}

async function expectToGoOn(workspace: Workspace): Promise<void> {
  const { status, last } = await workspace.sync();
  expect(status).toBe(0);
  expect(last()).toMatchObject({ photos, failed: 0 });
  expect(Number(last()['alreadyBackedUp'])).toBeGreaterThan(0);
  expect(await backedUpHashes(workspace.backup)).toHaveLength(photos);
}
