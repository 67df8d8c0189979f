import { fail, failureOf } from '../../../shared/domain/failure.ts';
import type { FileSystem } from '../ports/file-system.ts';
import { makeDirectories } from '../ports/make-directories.ts';
import type { MediaReader } from '../ports/media-reader.ts';
import { remarked } from './local-name.ts';
import type { NamePlatform } from './local-name.ts';
import type { RestoreTarget } from './plan-restore.ts';

/** Unfinished files stand here, below the folder that is restored into. */
export const temporaryFolder = '.cloudroll-restore';
const maxAttempts = 4;
const temporaryName = /^[0-9a-f]{12}-\d+\.part$/;

/** What a place is for some content: free, or taken already by just that content. */
export interface Place {
  readonly path: string;
  readonly state: 'free' | 'alreadyThere';
}

/** The folder that photos are restored into. It only ever gets new files; none that is there is touched. */
export class RestoreFolder {
  readonly #root: string;
  readonly #fileSystem: FileSystem;
  readonly #reader: MediaReader;
  readonly #platform: NamePlatform;
  readonly #token: string;
  readonly #folders = new Map<string, Promise<void>>();
  #temporaries = 0;

  /** @param token 12 hexadecimal digits that no other run uses. */
  constructor(
    root: string,
    ports: { readonly fileSystem: FileSystem; readonly reader: MediaReader },
    platform: NamePlatform,
    token: string,
  ) {
    this.#root = root;
    this.#fileSystem = ports.fileSystem;
    this.#reader = ports.reader;
    this.#platform = platform;
    this.#token = token;
  }

  /** Makes the folder and clears away what an interrupted run left unfinished. */
  async prepare(): Promise<void> {
    await makeDirectories(this.#fileSystem, this.#root, '');
    await this.#folder(temporaryFolder);
    const folder = this.absolute(temporaryFolder);
    for (const { name, kind } of await this.#fileSystem.readDirectory(folder)) {
      if (kind === 'file' && temporaryName.test(name)) {
        await this.#fileSystem.remove(`${folder}/${name}`);
      }
    }
  }

  /** Makes the new names durable and removes the folder of unfinished files if it is empty. */
  async finish(): Promise<void> {
    await this.#fileSystem.removeDirectory(this.absolute(temporaryFolder)).catch(() => undefined);
    for (const folder of this.#folders.keys()) {
      if (folder !== temporaryFolder) await this.#fileSystem.syncDirectory(this.absolute(folder));
    }
    await this.#fileSystem.syncDirectory(this.#root);
  }

  absolute(path: string): string {
    return `${this.#root.replace(/\/+$/, '')}/${path}`;
  }

  /** A path for a new unfinished file. */
  temporary(): string {
    this.#temporaries += 1;
    return this.absolute(`${temporaryFolder}/${this.#token}-${String(this.#temporaries)}.part`);
  }

  /**
   * Where content can go: the wished path, or the same name with digits of the hash where other content
   * stands there. What is there with the same size and SHA-256 is the content itself.
   */
  async place(
    path: string,
    content: { readonly hash: string; readonly bytes: number },
    signal: AbortSignal,
  ): Promise<Place> {
    const slash = path.lastIndexOf('/') + 1;
    const withRemark = (remark: string) =>
      `${path.slice(0, slash)}${remarked(path.slice(slash), remark, this.#platform)}`;
    const { hash } = content;
    for (const candidate of [path, withRemark(hash.slice(0, 8)), withRemark(hash)]) {
      const state = await this.#look(candidate, content, signal);
      if (state !== 'taken') return { path: candidate, state };
    }
    throw fail(
      'conflict',
      `Other files stand at ${this.absolute(path)} and at the names beside it.`,
      {
        hint: 'Restore into an empty folder.',
      },
    );
  }

  /**
   * Publishes an unfinished file, durable and with its time, at the wished path or the next free one, and
   * returns that path. Where the content itself has come to stand meanwhile the unfinished file is dropped.
   */
  async publish(
    temporary: string,
    target: RestoreTarget,
    content: { readonly hash: string; readonly bytes: number },
    signal: AbortSignal,
  ): Promise<string> {
    // A time that the file system cannot hold must not keep the photo away.
    if (target.modifiedMs !== null) {
      await this.#fileSystem.setModified(temporary, target.modifiedMs).catch(() => undefined);
    }
    await this.#fileSystem.sync(temporary);
    const slash = target.path.lastIndexOf('/');
    if (slash > 0) await this.#folder(target.path.slice(0, slash));
    for (let attempt = 1; ; attempt += 1) {
      const place = await this.place(target.path, content, signal);
      if (place.state === 'alreadyThere') {
        await this.#fileSystem.remove(temporary);
        return place.path;
      }
      try {
        await this.#fileSystem.publish(temporary, this.absolute(place.path));
        return place.path;
      } catch (error) {
        // Something came to stand there since it was looked at: look again.
        if (failureOf(error).code !== 'conflict' || attempt === maxAttempts) throw error;
      }
    }
  }

  async #look(
    path: string,
    content: { readonly hash: string; readonly bytes: number },
    signal: AbortSignal,
  ): Promise<'free' | 'alreadyThere' | 'taken'> {
    const absolute = this.absolute(path);
    try {
      const stat = await this.#fileSystem.stat(absolute);
      if (stat.kind !== 'file' || stat.size !== content.bytes) return 'taken';
    } catch (error) {
      if (failureOf(error).code === 'notFound') return 'free';
      throw error;
    }
    const { sha256 } = await this.#reader.hash(absolute, signal);
    return sha256.startsWith(content.hash) ? 'alreadyThere' : 'taken';
  }

  /** Makes a folder part by part, and never through a link: what is restored stays below the root. */
  #folder(path: string): Promise<void> {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const made = this.#makeFolder(path);
    this.#folders.set(path, made);
    return made;
  }

  async #makeFolder(path: string): Promise<void> {
    const slash = path.lastIndexOf('/');
    if (slash > 0) await this.#folder(path.slice(0, slash));
    const absolute = this.absolute(path);
    try {
      const { kind } = await this.#fileSystem.stat(absolute);
      if (kind === 'directory') return;
    } catch (error) {
      if (failureOf(error).code !== 'notFound') throw error;
      await this.#fileSystem.makeDirectory(absolute);
      return;
    }
    throw fail('conflict', `A folder is needed at ${absolute}, where something else stands.`, {
      hint: 'Restore into an empty folder.',
    });
  }
}
