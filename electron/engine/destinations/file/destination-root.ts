import { fail } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import type { FileStat, FileSystem } from '../../ports/file-system.ts';
import { markerKey, systemFolder } from '../contract.ts';
import type { Purpose } from '../open-context.ts';
import { codeOf, translate } from './file-failure.ts';
import { join, parentOf } from './file-path.ts';

/**
 * The folder itself, and the question whether it is still the same one. A drive that is unmounted leaves
 * an empty folder behind (or none): writing there would fill the wrong disk, and finding nothing there
 * would look like loss. So the volume that was seen first must be there at every step.
 */
export class DestinationRoot {
  readonly path: string;
  readonly #fileSystem: FileSystem;
  readonly #purpose: Purpose;
  #device: number | undefined;
  #creation: Promise<void> | undefined;

  constructor(path: string, fileSystem: FileSystem, purpose: Purpose) {
    this.path = path;
    this.#fileSystem = fileSystem;
    this.#purpose = purpose;
  }

  /** Whether the folder is there; `offline` where it was there before or has to be. */
  async exists(): Promise<boolean> {
    const stat = await this.#stat();
    if (stat === null) {
      if (this.#device !== undefined || this.#purpose === 'write') throw this.#away();
      return false;
    }
    if (this.#device !== undefined && stat.device !== this.#device) throw this.#away();
    if (this.#device === undefined) {
      if (this.#purpose === 'write') await this.#requireMarker();
      this.#device = stat.device;
    }
    return true;
  }

  /** As {@link exists}, and `notFound` where it is not. */
  async require(): Promise<void> {
    if (await this.exists()) return;
    throw fail('notFound', `The folder ${this.path} does not exist.`, {
      hint: 'Check the path, or connect the drive that holds it.',
    });
  }

  /** The folder is there afterwards; made only on first set-up, and only if the folder above exists. */
  async prepare(): Promise<void> {
    if (await this.exists()) return;
    this.#creation ??= this.#create().finally(() => {
      this.#creation = undefined;
    });
    await this.#creation;
  }

  /**
   * `notFound` where {@link prepare} could not make the folder; `readOnly` where it may not. Leaves nothing.
   *
   * The folder itself is not made for that, not even for a moment: another computer that sets it up would take it
   * for the one that stays, and find it gone when it writes there.
   */
  async requireCreatable(): Promise<void> {
    await this.#requireParent();
    if (this.#purpose !== 'setUp') await this.require();
    const trial = join(parentOf(this.path), trialFolder);
    try {
      await this.#fileSystem.makeDirectory(trial);
      await this.#fileSystem.removeDirectory(trial);
    } catch (error) {
      // Another computer that tries the same has removed it already.
      if (codeOf(error) !== 'notFound') throw translate(error, this.path);
    }
  }

  async #create(): Promise<void> {
    await this.#requireParent();
    await this.#makeToStay();
    try {
      await this.#fileSystem.syncDirectory(parentOf(this.path));
    } catch (error) {
      throw translate(error, this.path);
    }
    await this.require();
  }

  /** A folder that is left empty may be tidied away by another program, so it is not left empty. */
  async #makeToStay(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      await this.#makeOne();
      try {
        await this.#fileSystem.makeDirectory(join(this.path, systemFolder.slice(0, -1)));
        return;
      } catch (error) {
        if (codeOf(error) !== 'notFound' || attempt === mostAttempts) {
          throw translate(error, this.path);
        }
      }
    }
  }

  async #makeOne(): Promise<void> {
    if (this.#purpose !== 'setUp') await this.require();
    try {
      await this.#fileSystem.makeDirectory(this.path);
    } catch (error) {
      throw translate(error, this.path);
    }
  }

  async #requireParent(): Promise<void> {
    const parent = parentOf(this.path);
    try {
      const stat = await this.#fileSystem.stat(parent);
      if (stat.kind === 'directory' || stat.kind === 'symlink') return;
    } catch (error) {
      if (codeOf(error) !== 'notFound') throw translate(error, this.path);
    }
    throw fail('notFound', `There is no folder ${parent} in which ${this.path} could be made.`, {
      hint: 'Check the path, or connect the drive that holds it.',
    });
  }

  async #requireMarker(): Promise<void> {
    try {
      await this.#fileSystem.stat(join(this.path, markerKey));
    } catch (error) {
      if (codeOf(error) !== 'notFound') throw translate(error, this.path);
      throw fail('offline', `${this.path} is not the backup folder that was set up there.`, {
        hint: `Connect the drive that holds it. If you moved the backup, point Cloudroll to the folder that holds ${markerKey}.`,
      });
    }
  }

  async #stat(): Promise<FileStat | null> {
    try {
      let stat = await this.#fileSystem.stat(this.path);
      if (stat.kind === 'symlink') {
        // A link to the folder is a fine root, and a stat follows no links.
        stat = await this.#fileSystem.stat(await this.#fileSystem.realPath(this.path));
      }
      if (stat.kind === 'directory') return stat;
    } catch (error) {
      if (codeOf(error) === 'notFound') return null;
      throw translate(error, this.path);
    }
    throw fail('invalid', `${this.path} is not a folder.`, { hint: 'Choose a folder.' });
  }

  #away(): CloudrollError {
    return fail('offline', `The backup folder ${this.path} is not there at the moment.`, {
      hint: 'Connect the drive that holds it.',
    });
  }
}

const mostAttempts = 8;
/** Made and removed again beside the root, to see whether a folder can be made there. */
const trialFolder = '.cloudroll-trial';
