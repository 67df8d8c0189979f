import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { expect, onTestFinished, test } from 'vitest';

const script = new URL('../../support/app-engine/keychain-round-trip.ts', import.meta.url).pathname;
const missing = ['dbus-run-session', 'gnome-keyring-daemon'].filter(
  (program) => spawnSync(program, ['--version']).error !== undefined,
);

test.skipIf(process.platform !== 'linux' || missing.length > 0)(
  `a secret survives in a real Secret Service${missing.length > 0 ? ` (there is no ${missing.join(', ')})` : ''}`,
  async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'cloudroll-keychain-'));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    const unlock =
      'printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null';
    const { stdout } = await promisify(execFile)(
      'dbus-run-session',
      ['--', 'sh', '-c', `${unlock} && exec "$0" "$1"`, process.execPath, script],
      { env: { PATH: process.env['PATH'], HOME: home, XDG_RUNTIME_DIR: home }, timeout: 15_000 },
    );
    expect(JSON.parse(stdout)).toEqual({ found: 'two', after: null });
  },
);

test.runIf(process.platform === 'linux')(
  'where there is no Secret Service the failure says what to do',
  async () => {
    const run = promisify(execFile)(process.execPath, [script], {
      env: { PATH: process.env['PATH'], DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' },
    });
    await expect(run).rejects.toMatchObject({
      stderr: expect.stringContaining('GNOME Keyring') as unknown,
    });
  },
);
