import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { posix, win32 } from 'node:path';

import type {
  BrowsedFolder,
  SuggestedFolder,
  SuggestedPlace,
} from '../../../../shared/contract/app/folders.ts';
import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import { ignoreReason } from '../../../../shared/domain/ignore-rules.ts';
import type { FileSystem } from '../../ports/file-system.ts';
import { fromTypedPath, toNativePath } from '../../scan/raw-path.ts';

/** Folders of one folder that are shown, at most. */
const mostFolders = 5000;

export interface PlacesPorts {
  readonly fileSystem: FileSystem;
  readonly platform: string;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What this computer has to offer: its Pictures folder, drives, cards, folders of cloud programs. */
export class Places {
  readonly #ports: PlacesPorts;

  constructor(ports: PlacesPorts) {
    this.#ports = ports;
  }

  /** Where photos may be, the likeliest first. */
  async photoFolders(): Promise<SuggestedFolder[]> {
    const { home } = this.#ports;
    const found: SuggestedFolder[] = [];
    const pictures = await this.#pictures();
    if (pictures !== null) found.push({ path: pictures, kind: 'pictures', name: nameOf(pictures) });
    for (const drive of await this.#drives()) {
      const dcim = this.#path.join(drive, 'DCIM');
      const camera = await this.#isDirectory(dcim);
      found.push({
        path: camera ? dcim : drive,
        kind: camera ? 'camera' : 'drive',
        name: nameOf(drive),
      });
    }
    for (const name of cloudPictures) {
      const path = this.#path.join(home, ...name);
      if (await this.#isDirectory(path))
        found.push({ path, kind: 'cloud', name: name.join(' · ') });
    }
    return uniqueBy(found, ({ path }) => path);
  }

  /**
   * Where a backup could go, drives other than those of the photos first.
   * @param photos folders that are backed up; without any, the Pictures folder counts
   */
  async backupPlaces(photos: readonly string[]): Promise<SuggestedPlace[]> {
    const { home } = this.#ports;
    const pictures = await this.#pictures();
    const sources = photos.length > 0 ? photos : pictures === null ? [home] : [pictures];
    const devices = await this.#devicesOf(sources);
    const places: SuggestedPlace[] = [];
    const add = async (base: string, kind: SuggestedPlace['kind'], name: string): Promise<void> => {
      if (!(await canWrite(base))) return;
      const [device] = await this.#devicesOf([base]);
      places.push({
        path: this.#path.join(base, backupFolder),
        name,
        kind,
        free: await this.#ports.fileSystem.space(base).then(
          ({ free }) => free,
          () => null,
        ),
        sameDrive: device !== undefined && devices.has(device),
      });
    };
    for (const drive of await this.#drives()) await add(drive, 'drive', nameOf(drive));
    for (const name of cloudFolders) {
      const path = this.#path.join(home, name);
      if (await this.#isDirectory(path)) await add(path, 'cloud', name);
    }
    await add(home, 'folder', nameOf(home));
    return places.sort((one, other) => Number(one.sameDrive) - Number(other.sameDrive));
  }

  /** The folders of a folder; of the home directory for null. `notFound`, `unreadable`. */
  async browse(given: string | null): Promise<BrowsedFolder> {
    const { fileSystem, home } = this.#ports;
    const path = await fileSystem.realPath(fromTypedPath(given ?? home));
    const entries = await fileSystem.readDirectory(path);
    const folders = entries
      .filter(({ name, kind }) => kind === 'directory' && isShown(name))
      .map(({ name }) => ({ name, path: this.#path.join(path, name) }))
      .sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }))
      .slice(0, mostFolders);
    const parent = this.#path.dirname(path);
    return {
      path,
      parent: parent === path ? null : parent,
      folders,
      writable: await canWrite(path),
    };
  }

  /** Makes a folder and shows it; one of that name is a `conflict`. */
  async create(parent: string, name: string): Promise<BrowsedFolder> {
    const { fileSystem } = this.#ports;
    const wished = name.trim();
    if (/[/\\\0]/u.test(wished) || wished === '' || wished === '.' || wished === '..') {
      throw fail('invalid', 'A folder cannot have this name.', { hint: 'Leave out / and \\.' });
    }
    const path = this.#path.join(await fileSystem.realPath(fromTypedPath(parent)), wished);
    if (await this.#exists(path)) {
      throw fail('conflict', `There is a folder or file ${wished} already.`, {
        hint: 'Choose another name.',
      });
    }
    await fileSystem.makeDirectory(path);
    return this.browse(path);
  }

  get #path(): typeof posix {
    return this.#ports.platform === 'win32' ? win32 : posix;
  }

  async #pictures(): Promise<string | null> {
    const { home, platform, environment } = this.#ports;
    const candidates: string[] = [];
    if (platform === 'linux') {
      const config = environment['XDG_CONFIG_HOME'] ?? '';
      const directory = this.#path.isAbsolute(config) ? config : this.#path.join(home, '.config');
      const named = await this.#userDirectory(this.#path.join(directory, 'user-dirs.dirs'));
      // The specification says that the home directory itself means: there is none.
      if (named !== null && named !== home) candidates.push(named);
    }
    if (platform === 'win32') candidates.push(this.#path.join(home, 'OneDrive', 'Pictures'));
    candidates.push(this.#path.join(home, 'Pictures'), this.#path.join(home, '사진'));
    for (const path of candidates) if (await this.#isDirectory(path)) return path;
    return null;
  }

  /** `XDG_PICTURES_DIR="$HOME/Pictures"` in user-dirs.dirs (xdg-user-dirs). */
  async #userDirectory(file: string): Promise<string | null> {
    const { fileSystem, home } = this.#ports;
    const bytes = await fileSystem.readFile(file, 64 * 1024).catch(() => null);
    if (bytes === null) return null;
    const text = new TextDecoder().decode(bytes);
    const value = /^XDG_PICTURES_DIR="((?:[^"\\]|\\.)*)"/mu.exec(text)?.[1];
    if (value === undefined) return null;
    const path = value.replace(/\\(.)/gu, '$1').replace(/^\$HOME(?=\/|$)/u, home);
    return posix.isAbsolute(path) ? path.replace(/(?<=.)\/+$/u, '') : null;
  }

  /** Drives other than the system's, as far as they are mounted where people see them. */
  async #drives(): Promise<string[]> {
    const { platform, home } = this.#ports;
    if (platform === 'win32') {
      const letters = driveLetters.map((letter) => `${letter}:\\`);
      const there = await Promise.all(letters.map((path) => this.#isDirectory(path)));
      return letters.filter((_path, index) => there[index] === true);
    }
    const user = posix.basename(home);
    const parents =
      platform === 'darwin'
        ? ['/Volumes']
        : [`/run/media/${user}`, `/media/${user}`, '/media', '/mnt'];
    const drives: string[] = [];
    for (const parent of parents) {
      for (const path of await this.#directoriesIn(parent)) {
        if (await this.#isMount(path, parent)) drives.push(path);
      }
    }
    return drives;
  }

  async #directoriesIn(parent: string): Promise<string[]> {
    const entries = await this.#ports.fileSystem.readDirectory(parent).catch(() => []);
    return entries
      .filter(({ name, kind }) => kind === 'directory' && isShown(name))
      .map(({ name }) => posix.join(parent, name))
      .sort();
  }

  /** An empty place where nothing is mounted is no drive. */
  async #isMount(path: string, parent: string): Promise<boolean> {
    const { fileSystem } = this.#ports;
    try {
      const [own, above] = [await fileSystem.stat(path), await fileSystem.stat(parent)];
      return own.device !== above.device;
    } catch {
      return false;
    }
  }

  async #devicesOf(paths: readonly string[]): Promise<Set<number>> {
    const { fileSystem } = this.#ports;
    const devices = new Set<number>();
    for (const path of paths) {
      const stat = await fileSystem
        .realPath(path)
        .then((real) => fileSystem.stat(real))
        .catch(() => null);
      if (stat !== null) devices.add(stat.device);
    }
    return devices;
  }

  async #isDirectory(path: string): Promise<boolean> {
    const { fileSystem } = this.#ports;
    return fileSystem
      .realPath(path)
      .then((real) => fileSystem.stat(real))
      .then(
        ({ kind }) => kind === 'directory',
        () => false,
      );
  }

  async #exists(path: string): Promise<boolean> {
    try {
      await this.#ports.fileSystem.stat(path);
      return true;
    } catch (error) {
      if (failureOf(error).code === 'notFound') return false;
      throw error;
    }
  }
}

/** A and B are floppy drives by old custom, C is the system's. */
const driveLetters = Array.from({ length: 23 }, (_none, index) => String.fromCharCode(68 + index));
const backupFolder = 'Cloudroll Backup';
const cloudFolders = ['MYBOX', 'Naver MYBOX', 'OneDrive', 'Dropbox', 'Google Drive'] as const;
const cloudPictures = [
  ['OneDrive', 'Pictures'],
  ['Dropbox', 'Camera Uploads'],
  ['MYBOX', '사진'],
] as const;

function isShown(name: string): boolean {
  return ignoreReason(name, 'directory') === null;
}

async function canWrite(path: string): Promise<boolean> {
  return access(toNativePath(path), constants.W_OK).then(
    () => true,
    () => false,
  );
}

function nameOf(path: string): string {
  return path.split(/[/\\]/u).findLast((part) => part !== '') ?? path;
}

function uniqueBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.toReversed().map((item) => [keyOf(item), item])).values()].toReversed();
}
