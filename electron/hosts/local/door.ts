import { chmod, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

import type { Channel } from '../../../shared/contract/app/channel.ts';
import type { App } from '../../engine/app/app.ts';
import type { Random } from '../../engine/ports/random.ts';
import { joinWindow } from '../join-window.ts';
import { lineChannel } from './line-channel.ts';

/** How other commands of this user find the app that runs. */
const noteSchema = z.object({
  socket: z.string().min(1).max(32_768),
  /** Address of its web host, with the token; null where it has none. */
  address: z.url().nullable(),
});
export type DoorNote = z.infer<typeof noteSchema>;

/** The app that runs on a data directory, as another process reaches it. */
export interface RunningApp {
  readonly channel: Channel;
  readonly address: string | null;
}

export interface DoorOptions {
  readonly app: Pick<App, 'handlers' | 'subscribe'>;
  readonly address: string | null;
  readonly platform: NodeJS.Platform;
  readonly random: Random;
}

const noteName = 'running.json';
const largestNote = 64 * 1024;
/** Paths of Unix sockets are short: 104 bytes on macOS, 108 on Linux, with the final zero. */
const longestSocketPath = 100;

/**
 * Lets other commands of this user reach the running app by a local socket that nobody else may open: it
 * stands in a folder of the user's own, with the user's rights alone. Windows has named pipes instead; there
 * the name is the secret, and stands in the note.
 *
 * Only for the process that has the data directory open.
 */
export async function openDoor(
  dataDirectory: string,
  options: DoorOptions,
): Promise<AsyncDisposable> {
  const { folder, socket } = await socketPlace(dataDirectory, options);
  const notePath = path.join(dataDirectory, noteName);
  const sockets = new Set<Socket>();
  const server = createServer((connection) => {
    sockets.add(connection);
    connection.once('close', () => sockets.delete(connection));
    joinWindow(lineChannel(connection), options.app);
  });
  await listen(server, socket);
  if (options.platform !== 'win32') await chmod(socket, 0o600);
  const note: DoorNote = { socket, address: options.address };
  await writeFile(`${notePath}.new`, JSON.stringify(note), { mode: 0o600 });
  await rename(`${notePath}.new`, notePath);
  return {
    [Symbol.asyncDispose]: async () => {
      await rm(notePath, { force: true });
      for (const connection of sockets) connection.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      if (folder !== null) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The app that runs on the data directory; null where none can be reached. */
export async function knock(dataDirectory: string): Promise<RunningApp | null> {
  const note = await readNote(path.join(dataDirectory, noteName));
  if (note === null) return null;
  const socket = await reach(note.socket);
  return socket === null ? null : { channel: lineChannel(socket), address: note.address };
}

async function socketPlace(
  dataDirectory: string,
  { platform, random }: DoorOptions,
): Promise<{ folder: string | null; socket: string }> {
  if (platform === 'win32') {
    const name = Buffer.from(random.bytes(24)).toString('hex');
    return { folder: null, socket: `\\\\.\\pipe\\cloudroll-${name}` };
  }
  const beside = path.join(dataDirectory, 'app.sock');
  if (Buffer.byteLength(beside) <= longestSocketPath) {
    // Left behind by a process that was killed; whoever has the data directory open is the only one there.
    await rm(beside, { force: true });
    return { folder: null, socket: beside };
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'cloudroll-'));
  return { folder, socket: path.join(folder, 'app.sock') };
}

async function readNote(file: string): Promise<DoorNote | null> {
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > largestNote) return null;
    const parsed = noteSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Null where nobody listens there any more. */
function reach(socketPath: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      resolve(socket);
    });
    socket.once('error', () => {
      resolve(null);
    });
  });
}

function listen(server: Server, socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
