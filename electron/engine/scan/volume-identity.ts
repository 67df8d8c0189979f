import { failureOf } from '../../../shared/domain/failure.ts';
import type { FileSystem } from '../ports/file-system.ts';
import { relativeTo } from './roots.ts';

/**
 * A text that names the volume below a path and outlasts unmounting and restarting, or null.
 *
 * - Linux: the volume's UUID (`/dev/disk/by-uuid`) for a disk; the server and share for a network drive;
 *   nothing for memory and FUSE file systems without a source of their own.
 * - Windows: the device number, which is the volume's serial number.
 * - macOS: nothing. Its device numbers count mounts; a lasting identity takes a program (`diskutil`) or
 *   native code. A drive that is not mounted has no folder under `/Volumes` there, so a missing one shows.
 */
export async function volumeIdentity(
  path: string,
  device: number,
  fileSystem: FileSystem,
  platform: string,
): Promise<string | null> {
  if (platform === 'win32') return `serial:${device.toString(16)}`;
  if (platform !== 'linux') return null;
  const real = await fileSystem.realPath(path);
  const table = await quietly(() => fileSystem.readFile('/proc/self/mountinfo', largestTable));
  if (table === null) return null;
  const mount = mountOf(real, parseMountTable(new TextDecoder().decode(table)));
  if (mount === null) return null;
  if (mount.source.startsWith('/dev/')) {
    const uuid = await quietly(() => uuidOf(mount.source, fileSystem));
    return uuid === null ? null : `uuid:${uuid}`;
  }
  // `host:/path` of NFS and sshfs, `//host/share` of CIFS; `tmpfs`, `overlay`, `none` name nothing.
  return /[:/]/u.test(mount.source) ? `source:${mount.source}` : null;
}

const largestTable = 4 * 1024 * 1024;

/** One line of `/proc/self/mountinfo`. */
export interface Mount {
  readonly mountPoint: string;
  readonly type: string;
  readonly source: string;
}

/**
 * Reads `/proc/self/mountinfo` (proc_pid_mountinfo(5)): `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 -
 * ext3 /dev/root rw`; spaces and the like stand as octal escapes. Lines of another shape are skipped.
 */
export function parseMountTable(text: string): readonly Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    const [left, right] = line.split(' - ', 2);
    const mountPoint = left?.split(' ')[4];
    const [type, source] = right?.split(' ') ?? [];
    if (mountPoint === undefined || type === undefined || source === undefined) continue;
    mounts.push({ mountPoint: unescaped(mountPoint), type, source: unescaped(source) });
  }
  return mounts;
}

/** The mount that a resolved path lies on: the deepest, and of several at one place the last. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | null {
  let found: Mount | null = null;
  for (const mount of mounts) {
    if (relativeTo(mount.mountPoint, path) === null) continue;
    if (found === null || mount.mountPoint.length >= found.mountPoint.length) found = mount;
  }
  return found;
}

function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/gu, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

async function uuidOf(source: string, fileSystem: FileSystem): Promise<string | null> {
  const directory = '/dev/disk/by-uuid';
  const device = await fileSystem.realPath(source);
  for (const { name } of await fileSystem.readDirectory(directory)) {
    if ((await fileSystem.realPath(`${directory}/${name}`)) === device) return name;
  }
  return null;
}

/** Null where the system does not show it (containers have no `/dev/disk`). */
async function quietly<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (failureOf(error).code === 'bug') throw error;
    return null;
  }
}
