import { access } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';

import { commandNames } from '../../electron/hosts/cli/arguments/table.ts';
import { runCli } from '../support/cli/run-cli.ts';
import { jpeg, Workspace } from '../support/cli/workspace.ts';

test.each(commandNames)('%s --help shows an example', async (command) => {
  const { status, stdout, stderr } = await runCli([command, '--help']);
  expect(status).toBe(0);
  expect(stderr).toBe('');
  expect(stdout).toContain(`Usage: cloudroll ${command}`);
  expect(stdout).toContain('Example:');
});

test('help and the version go to standard output, in the language of the environment', async () => {
  expect((await runCli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/u);
  expect((await runCli(['--help'])).stdout).toContain('cloudroll sync FOLDER');
  const korean = await runCli(['sync', '--help'], { environment: { LANG: 'ko_KR.UTF-8' } });
  expect(korean.stdout).toContain('사용법: cloudroll sync');
  const english = await runCli(['sync', '--help', '--lang', 'en'], {
    environment: { LC_ALL: 'ko_KR.UTF-8' },
  });
  expect(english.stdout).toContain('Usage:');
});

describe('wrong usage is status 2 with a hint, for people and as data', () => {
  test.each([
    [['snyc'], 'Did you mean "sync"?'],
    [[], 'A command is missing'],
    [['sync', '/tmp', '--too', 'file:///x'], 'Did you mean --to?'],
    [['sync', '/tmp'], '"sync" needs --to'],
    [['sync', '--to', 'file:///x/y'], '"sync" needs a FOLDER'],
    [['sync', '/tmp', '--to'], '--to needs a value'],
    [['sync', '/tmp', '--to', 'file:///x/y', '--limit', 'fast'], '"fast" is no rate'],
    [['verify', '--read-data=0'], '"0" is no percentage'],
    [['status', 'now'], 'does not take "now"'],
    [['status', '--watch'], 'has no option --watch'],
    [['serve', '--port', 'high'], 'not "high"'],
    [['check', 'ftp://host/x'], 'does not know destinations of the kind ftp:'],
    [['check', '/media/backup'], 'write file:///media/backup'],
    [['check', 's3://user:secret@bucket'], 'must not hold secrets'],
  ])('%j', async (args, expected) => {
    await using workspace = await Workspace.create();
    const { status, stdout, stderr } = await workspace.run(args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(expected);
    expect(stderr).not.toContain('secret@');

    const asData = await workspace.run([...args, '--json']);
    expect(asData.status).toBe(2);
    expect(asData.last()).toMatchObject({ event: 'error', failure: {} });
    await expect(access(workspace.data)).rejects.toThrow('ENOENT');
  });
});

test('folders and destinations that cannot be are refused before anything is touched', async () => {
  await using workspace = await Workspace.create();
  const photo = await workspace.write('a.jpg', await jpeg(1));
  const cases: [string[], string][] = [
    [['sync', workspace.path('nowhere'), '--to', workspace.backupUrl], 'There is no folder'],
    [['sync', photo, '--to', workspace.backupUrl], 'is not a folder'],
    [['sync', workspace.photos, '--to', `file://${workspace.photos}/backup`], 'lies in'],
    [['sync', workspace.photos, '--to', `file://${workspace.root}`], 'lies in the destination'],
    [['sync', workspace.root, '--to', 'file:///nonexistent/backup'], 'The data directory'],
    [
      ['restore', '--from', workspace.backupUrl, '--into', workspace.path('backup', 'x')],
      'overlap',
    ],
    [['restore', '--from', workspace.backupUrl, '--into', workspace.root], 'overlap'],
    [['restore', '--from', workspace.backupUrl, '--into', photo], 'is not a folder'],
    [['verify'], 'no destination to verify'],
  ];
  for (const [args, expected] of cases) {
    const { status, stderr } = await workspace.run(args);
    expect({ args, status }).toEqual({ args, status: 2 });
    expect(stderr).toContain(expected);
  }
});

test('a reader that has enough ends the command quietly', async () => {
  const { stderr } = await runCli(['--help'], {
    onOutput: (child) => {
      child.stdout.destroy();
    },
  });
  expect(stderr).toBe('');
});
