import { expect, test } from 'vitest';

import { backedUpHashes, jpeg, largeJpeg, Workspace } from '../support/cli/workspace.ts';

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  '%s stops cleanly with the figures so far, and the next run goes on',
  async (signal, status) => {
    await using workspace = await Workspace.create();
    const count = 12;
    for (let seed = 1; seed <= count; seed += 1) {
      await workspace.write(`${String(seed)}.jpg`, await largeJpeg(seed, 60_000));
    }
    let asked = false;
    const stopped = await workspace.sync(['--limit', '60K', '--transfers', '2'], {
      onOutput: (child, stdout) => {
        if (asked || !stdout.includes('"uploaded"')) return;
        asked = true;
        child.kill(signal);
      },
    });
    expect(stopped.status).toBe(status);
    expect(stopped.last()).toMatchObject({ event: 'summary', cancelled: true });
    const { photos, uploaded, alreadyBackedUp, failed } = stopped.last();
    expect(photos).toBe(Number(uploaded) + Number(alreadyBackedUp) + Number(failed));
    expect(Number(uploaded)).toBeGreaterThan(0);
    expect(Number(uploaded)).toBeLessThan(count);

    const next = await workspace.sync();
    expect(next.status).toBe(0);
    expect(next.last()).toMatchObject({
      photos: count,
      uploaded: count - Number(uploaded),
      alreadyBackedUp: uploaded,
    });
    expect(await backedUpHashes(workspace.backup)).toHaveLength(count);
  },
);

test('--watch backs up what comes, until it is stopped', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('first.jpg', await jpeg(1));
  let step = 0;
  const watched = await workspace.sync(['--watch'], {
    onOutput: (child, stdout) => {
      if (step === 0 && stdout.includes('"event":"summary"')) {
        step = 1;
        void jpeg(2).then((picture) => workspace.writeNow('later.jpg', picture));
      } else if (step === 1 && stdout.includes('later.jpg","key"')) {
        step = 2;
        child.kill('SIGINT');
      }
    },
  });
  expect(watched.status).toBe(130);
  expect(watched.last()).toMatchObject({ event: 'summary', uploaded: 2, cancelled: true });
  expect(await backedUpHashes(workspace.backup)).toHaveLength(2);
});
