import { expect, test } from 'vitest';

import { runCli } from '../support/cli/run-cli.ts';
import { hashesBelow, jpeg, Workspace } from '../support/cli/workspace.ts';
import { immichSecrets, startImmich } from '../support/doubles/immich.ts';

test('a library that is lived in gets what it lacks, tells what it does not take, and gives everything back', async () => {
  const immich = await startImmich(3);
  await using workspace = await Workspace.create();
  await workspace.write('a.jpg', await jpeg(1));
  await workspace.write('a.xmp', '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');
  await workspace.write('b.jpg', await jpeg(2));
  await workspace.write('c.psb', '8BPS and more');
  const phone = immich.add({ name: 'phone.jpg', bytes: await jpeg(2) });
  immich.add({ name: 'somebody else’s.jpg', bytes: await jpeg(3) });
  const url = `immich://127.0.0.1:${String(immich.port)}`;
  const environment = { environment: immichSecrets };
  const sync = (data: string) => {
    const to = ['--to', url, '--data', workspace.path(data), '--no-previews', '--json'];
    return runCli(['sync', workspace.photos, ...to], environment);
  };

  const first = await sync('one');
  expect(first.status).toBe(1);
  expect(first.last()).toMatchObject({ uploaded: 1, alreadyBackedUp: 1, failed: 1, sidecars: 1 });
  expect(first.stdout).toContain('Immich does not take files of the type .psb.');
  const shown = () =>
    [...immich.assets.values()].filter(({ visibility }) => visibility !== 'hidden');
  expect(shown().map(({ name }) => name)).toEqual(['phone.jpg', 'somebody else’s.jpg', 'a.jpg']);

  const held = immich.assets.size;
  expect((await sync('one')).last()).toMatchObject({ uploaded: 0, alreadyBackedUp: 2, failed: 1 });
  expect(immich.assets.size).toBe(held);
  // Another computer with the same photos adds its journal and no photo.
  expect((await sync('two')).last()).toMatchObject({ uploaded: 0, alreadyBackedUp: 2, failed: 1 });
  expect(shown()).toHaveLength(3);
  expect(immich.assets.get(phone.id)).toBe(phone);

  const into = workspace.path('restored');
  const args = ['restore', '--from', url, '--into', into, '--data', workspace.path('none')];
  const restored = await runCli([...args, '--json'], environment);
  expect(restored.status).toBe(0);
  const there = new Set((await hashesBelow(workspace.photos)).values());
  const back = await hashesBelow(into);
  expect([...back.keys()].toSorted()).toEqual(
    ['a.jpg', 'a.xmp', 'b.jpg'].map((name) => `Pictures/${name}`),
  );
  for (const hash of back.values()) expect(there.has(hash)).toBe(true);
  await immich.close();
});
