import { copyFile, open } from 'node:fs/promises';
import { platform } from 'node:process';

/** Makes renames in a directory durable; Windows has no such call and does so by itself. */
export async function syncDirectory(directory: string): Promise<void> {
  if (platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Copies a file that nothing writes to; durable when it resolves. */
export async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  const handle = await open(to, 'r+');
  try {
    await handle.chmod(0o600);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
