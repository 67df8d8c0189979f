import { describe } from '../../../shared/domain/describe.ts';
import { fail, failureOf, type Failure } from '../../../shared/domain/failure.ts';
import { parseTakeout, type TakeoutFacts } from '../../../shared/domain/takeout-facts.ts';
import type { Catalog, Content } from '../catalog/catalog.ts';
import type { FileRole, FileToRead } from '../catalog/files.ts';
import type { EnginePorts } from '../engine-ports.ts';
import { sameBytesLikely } from '../planner/plan-file.ts';
import type { FileStat } from '../ports/file-system.ts';
import type { Inspection } from '../ports/media-reader.ts';
import { below } from '../scan/roots.ts';
import { StabilityGate } from '../scan/stability.ts';
import type { CommitQueue } from '../flow/commit-queue.ts';
import type { Wakeup } from '../flow/wakeup.ts';
import { workThrough } from '../flow/work-through.ts';

/** Files in hand at once: few are read, as the reader decides, and the others wait for the catalogue. */
const filesAtOnce = 16;
/** Files fetched from the catalogue at once. */
const pageSize = 256;
/** Longest time that one run waits for a file that keeps changing, milliseconds. */
const longestChangeMs = 30_000;
/** How long a file that was seen changing must not change, milliseconds. */
const quietMs = 2000;
/** Age at which a file found on a hint was written at once: a little less than a watcher's rest, milliseconds. */
const restedMs = 240;
const largestTakeoutBytes = 1024 * 1024;

export interface ReadListener {
  onRead(path: string): void;
  onFailed(path: string, failure: Failure): void;
}

export interface ReadOptions {
  readonly rootIds: readonly number[];
  readonly destinationIds: readonly number[];
  readonly wakeup: Wakeup;
  readonly commits: CommitQueue;
  /** Whether a watcher, which waits for a moment of rest, led here. */
  readonly hinted: boolean;
  /** Whether the scan may still find files. */
  readonly scanning: () => boolean;
  /** Whether a delivery may still find that a file has to be read again. */
  readonly delivering: () => boolean;
}

/**
 * Finds out the content of every file that the scan discovered: photos first, so that a sidecar's photo is
 * known before the sidecar. A file counts as read only when it was the same before and after.
 */
export class FileReading {
  readonly #ports: EnginePorts;
  readonly #options: ReadOptions;
  readonly #listener: ReadListener;
  readonly #catalog: Catalog;
  readonly #gate: StabilityGate;
  readonly #inHand = new Set<number>();
  /** Files that still change, each with a timer running. */
  readonly #waiting = new Set<number>();
  readonly #changingSince = new Map<number, number>();
  #running = false;

  constructor(ports: EnginePorts, options: ReadOptions, listener: ReadListener) {
    this.#ports = ports;
    this.#options = options;
    this.#listener = listener;
    this.#catalog = ports.catalog;
    this.#gate = new StabilityGate(ports.clock, {
      quietMs,
      oldMs: options.hinted ? restedMs : quietMs,
    });
  }

  /** Works until every file is read or has a reason; goes on while the scan or a delivery may bring more. */
  async run(signal: AbortSignal): Promise<void> {
    this.#running = true;
    try {
      await this.#readAll(signal);
    } finally {
      this.#running = false;
      this.#options.wakeup.notify();
    }
  }

  async #readAll(signal: AbortSignal): Promise<void> {
    await workThrough<FileToRead>(
      {
        atOnce: filesAtOnce,
        next: () => this.#next(),
        keyOf: (file) => file.id,
        inHand: this.#inHand,
        perform: (file, aborted) => this.#read(file, aborted),
        moreToCome: () =>
          this.#options.scanning() || this.#options.delivering() || this.#waiting.size > 0,
        stopped: () => false,
        wakeup: this.#options.wakeup,
      },
      signal,
    );
  }

  /** Whether files are in hand or left that this very call of {@link run} will still read. */
  get reading(): boolean {
    return this.#running && this.busy;
  }

  /** Whether files are in hand or left. */
  get busy(): boolean {
    if (this.#inHand.size > 0 || this.#waiting.size > 0) return true;
    return this.#catalog.files.hasToRead(this.#options.rootIds);
  }

  #next(): FileToRead[] {
    const media = this.#page('media');
    if (media.length > 0) return media;
    return this.#inHand.size > 0 || this.#options.scanning() ? [] : this.#page('sidecar');
  }

  #page(role: FileRole): FileToRead[] {
    const passedOver = this.#inHand.size + this.#waiting.size;
    return this.#catalog.files
      .toRead(role, this.#options.rootIds, 0, pageSize + passedOver)
      .filter((file) => !this.#inHand.has(file.id) && !this.#waiting.has(file.id));
  }

  async #read(file: FileToRead, signal: AbortSignal): Promise<void> {
    const path = pathOf(file, file.name);
    try {
      await this.#readStable(file, path, signal);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'cancelled' && signal.aborted) return;
      if (failure.code === 'notFound') {
        // Its drive may have gone away in this moment; only a whole scan may call it absent.
        this.#catalog.files.setState(file.id, 'unknown');
        return;
      }
      if (failure.code === 'bug') throw error;
      this.#catalog.files.setFailed(file.id, failure);
      this.#listener.onFailed(path, failure);
    }
  }

  async #readStable(file: FileToRead, path: string, signal: AbortSignal): Promise<void> {
    const { fileSystem, mediaReader } = this.#ports;
    const before = await fileSystem.stat(path);
    if (before.kind !== 'file') throw fail('notFound', 'There is no file of that name any more.');
    if (before.placeholder) {
      throw fail(
        'unsupported',
        'The photo is kept online only; its bytes are not on this computer.',
        {
          hint: 'Have the cloud program keep it on this computer, then it is backed up.',
        },
      );
    }
    const waitMs = this.#gate.wait(path, before, !sameBytesLikely(file, before));
    if (waitMs > 0) {
      this.#waitForStability(file, waitMs, signal);
      return;
    }
    const inspection = await mediaReader.inspect(path, signal);
    const after = await fileSystem.stat(path);
    if (!sameBytesLikely(before, after) || inspection.bytes !== after.size) {
      this.#waitForStability(file, 0, signal);
      return;
    }
    await this.#record(file, inspection, after, signal);
    this.#gate.forget(path);
    this.#changingSince.delete(file.id);
    this.#listener.onRead(path);
  }

  async #record(
    file: FileToRead,
    inspection: Inspection,
    stat: FileStat,
    signal: AbortSignal,
  ): Promise<void> {
    if (inspection.type === null) {
      this.#catalog.files.setIgnored(file);
      return;
    }
    const takeout = await this.#takeoutOf(file, signal);
    const described = describe(
      { type: inspection.type, tags: inspection.tags },
      { fileName: file.name, modifiedMs: stat.modifiedMs, bornMs: stat.bornMs, takeout },
    );
    const wall = this.#catalog.files.describedWall(file.id);
    const content: Content = {
      hash: inspection.sha256,
      bytes: inspection.bytes,
      name: file.name,
      // A sidecar lies in the dated folder of its photo.
      description:
        wall === null ? described : { ...described, captured: { ...described.captured, wall } },
    };
    await this.#options.commits.add(() => {
      const seen = {
        ...file,
        size: stat.size,
        modifiedMs: stat.modifiedMs,
        bornMs: stat.bornMs,
        inode: stat.inode,
        device: stat.device,
      };
      const now = this.#ports.clock.now();
      if (sameBytesLikely(file, stat)) {
        this.#catalog.recordContent(file, content, this.#options.destinationIds, now);
      } else {
        // The scan saw an earlier state; what was read is the current one.
        this.#catalog.files.rediscover(file.id, seen, now);
        const current = { ...file, version: file.version + 1 };
        this.#catalog.recordContent(current, content, this.#options.destinationIds, now);
      }
    });
  }

  /** Google Takeout keeps what the photo itself may lack in a JSON beside it. */
  async #takeoutOf(file: FileToRead, signal: AbortSignal): Promise<TakeoutFacts | null> {
    if (file.role !== 'media') return null;
    const name = this.#catalog.files
      .sidecarsOf(file.id)
      .find((sidecar) => /\.json$/iu.test(sidecar));
    if (name === undefined || signal.aborted) return null;
    try {
      const bytes = await this.#ports.fileSystem.readFile(pathOf(file, name), largestTakeoutBytes);
      return parseTakeout(new TextDecoder().decode(bytes));
    } catch (error) {
      this.#ports.logger.warn('takeout sidecar not read', { code: failureOf(error).code });
      return null;
    }
  }

  /** The file is still being written: looked at again later, without holding up others. */
  #waitForStability(file: FileToRead, waitMs: number, signal: AbortSignal): void {
    const { clock } = this.#ports;
    const since = this.#changingSince.get(file.id) ?? clock.monotonic();
    this.#changingSince.set(file.id, since);
    if (clock.monotonic() - since > longestChangeMs) {
      throw fail('busy', 'The file keeps changing; it is probably still being written.', {
        hint: 'It is backed up by the next run after it is finished.',
      });
    }
    this.#waiting.add(file.id);
    clock
      .sleep(Math.max(waitMs, 1), signal)
      .catch(() => undefined)
      .finally(() => {
        this.#waiting.delete(file.id);
        this.#options.wakeup.notify();
      });
  }
}

function pathOf(file: FileToRead, name: string): string {
  return below(file.rootPath, file.directory === '' ? name : `${file.directory}/${name}`);
}
