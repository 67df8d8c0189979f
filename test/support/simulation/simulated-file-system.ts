import type {
  DirectoryEntry,
  FileStat,
  FileSystem,
  ListedEntry,
  VolumeSpace,
  WritableFile,
} from '../../../electron/engine/ports/file-system.ts';
import { fail, failureOf } from '../../../shared/domain/failure.ts';
import type { MountTable, Place } from './mount-table.ts';
import type { FileNode, Node } from './simulated-nodes.ts';
import type { SimulatedVolume } from './simulated-volume.ts';
import type { FaultKind, SimulatedProcess, Steps } from './steps.ts';

const readFaults: readonly FaultKind[] = ['EIO', 'EACCES'];
const listFaults: readonly FaultKind[] = ['EIO', 'EACCES', 'short'];
const createFaults: readonly FaultKind[] = ['EACCES', 'EIO', 'ENOSPC', 'EROFS', 'EIO-after'];
const writeFaults: readonly FaultKind[] = ['EIO', 'ENOSPC'];
const renameFaults: readonly FaultKind[] = ['EIO', 'EROFS', 'EIO-after'];
const removeFaults: readonly FaultKind[] = ['EIO', 'EACCES', 'EIO-after'];
const syncFaults: readonly FaultKind[] = ['EIO'];

export interface SimulatedFileSystemOptions {
  /** Bytes that one read gives at most, or a third of the file, so that it can change between two of them. */
  readonly chunkBytes?: number;
}

/**
 * The file system port of one process: every call is a step that the scheduler orders and may fail.
 * The disks, mounts and permissions behind it belong to the computer and outlive the process.
 */
export class SimulatedFileSystem implements FileSystem {
  readonly #mounts: MountTable;
  readonly #steps: Steps;
  readonly #process: SimulatedProcess;
  readonly #chunkBytes: number;
  /** How often each volume had lost power when this process first saw it. */
  readonly #boots = new Map<SimulatedVolume, number>();

  constructor(
    mounts: MountTable,
    steps: Steps,
    process: SimulatedProcess,
    options: SimulatedFileSystemOptions = {},
  ) {
    this.#mounts = mounts;
    this.#steps = steps;
    this.#process = process;
    this.#chunkBytes = options.chunkBytes ?? 64;
  }

  stat(path: string): Promise<FileStat> {
    return this.#step(`stat ${path}`, readFaults, () => this.#statNow(path));
  }

  readDirectory(path: string): Promise<readonly DirectoryEntry[]> {
    return this.#step(`readdir ${path}`, readFaults, () => this.#entries(path));
  }

  listDirectory(
    path: string,
    wanted: (entry: DirectoryEntry) => boolean,
  ): Promise<readonly ListedEntry[]> {
    return this.#step(
      `list ${path}`,
      listFaults,
      (fault) => {
        let unreadable = fault === 'short' ? 1 : 0;
        return this.#entries(path).map((entry): ListedEntry => {
          if (!wanted(entry)) return { ...entry, stat: null };
          unreadable -= 1;
          return this.#listed(path, entry, unreadable === 0);
        });
      },
      ['short'],
    );
  }

  readFile(path: string, maxBytes: number): Promise<Uint8Array> {
    return this.#step(`readFile ${path}`, readFaults, () => {
      const { volume, path: inside } = this.#readable(path);
      const { data } = volume.file(inside);
      if (data.length > maxBytes) throw fail('invalid', `${path} is larger than expected.`);
      return data;
    });
  }

  async *read(
    path: string,
    signal: AbortSignal,
    start = 0,
    end = Number.POSITIVE_INFINITY,
  ): AsyncGenerator<Uint8Array> {
    const file = await this.#openForReading(path, signal);
    for (let offset = start; offset < end;) {
      const chunk = await this.#readChunk(path, file, offset, end, signal);
      if (chunk.length === 0) return;
      offset += chunk.length;
      yield chunk;
    }
  }

  async readInto(
    path: string,
    target: Uint8Array,
    start: number,
    signal: AbortSignal,
  ): Promise<number> {
    let filled = 0;
    for await (const chunk of this.read(path, signal, start, start + target.length)) {
      target.set(chunk, filled);
      filled += chunk.length;
    }
    return filled;
  }

  create(path: string): Promise<WritableFile> {
    return this.#step(
      `create ${path}`,
      createFaults,
      (fault) => {
        const { volume, path: inside } = this.#place(path);
        const node = volume.createFile(inside, 'engine');
        if (fault !== null) throw injected(fault, path);
        return this.#writable(path, volume, node);
      },
      ['EIO-after'],
    );
  }

  async copy(from: string, to: string, signal: AbortSignal): Promise<void> {
    const source = await this.#openForReading(from, signal);
    const target = await this.#step(`copy ${from} to ${to}`, createFaults, () => {
      const { volume, path } = this.#place(to);
      return { volume, node: volume.createFile(path, 'engine') };
    });
    for (let offset = 0; ;) {
      const chunk = await this.#readChunk(from, source, offset, Number.POSITIVE_INFINITY, signal);
      if (chunk.length === 0) return;
      offset += chunk.length;
      await this.#append(to, target.volume, target.node, chunk);
    }
  }

  sync(path: string): Promise<void> {
    return this.#step(
      `sync ${path}`,
      syncFaults,
      (fault) => {
        const { volume, path: inside } = this.#place(path);
        syncNode(path, volume, volume.file(inside), fault);
      },
      ['EIO'],
    );
  }

  syncDirectory(path: string): Promise<void> {
    return this.#step(`syncdir ${path}`, syncFaults, () => {
      const { volume, path: inside } = this.#place(path);
      volume.syncDirectory(inside);
    });
  }

  async publish(from: string, to: string): Promise<void> {
    if (this.#place(to).volume.options.hardLinks) {
      await this.#rename(`publish ${from} as ${to}`, from, to, false);
      return;
    }
    const own = await this.#step(`reserve ${to}`, createFaults, () => {
      const source = this.#place(from);
      const target = this.#place(to);
      source.volume.file(source.path);
      return target.volume.createFile(target.path, 'engine');
    });
    try {
      await this.#rename(`publish ${from} over the empty ${to}`, from, to, true);
    } catch (error) {
      await this.#step(`take back ${to}`, [], () => {
        const { volume, path } = this.#place(to);
        if (volume.find(path) === own) volume.unlink(path, 'engine');
      });
      throw error;
    }
  }

  replace(from: string, to: string): Promise<void> {
    return this.#rename(`replace ${to} by ${from}`, from, to, true);
  }

  remove(path: string): Promise<void> {
    return this.#step(
      `remove ${path}`,
      removeFaults,
      (fault) => {
        const { volume, path: inside } = this.#place(path);
        volume.unlink(inside, 'engine');
        if (fault !== null) throw injected(fault, path);
      },
      ['EIO-after'],
    );
  }

  removeDirectory(path: string): Promise<void> {
    return this.#step(`rmdir ${path}`, removeFaults, () => {
      const { volume, path: inside } = this.#place(path);
      volume.removeDirectory(inside, 'engine');
    });
  }

  makeDirectory(path: string): Promise<void> {
    return this.#step(
      `mkdir ${path}`,
      createFaults,
      (fault) => {
        const { volume, path: inside } = this.#place(path);
        // As on real systems nobody but the system itself may add a mount point.
        if (volume.options.systemRoot === true && inside.length === 1)
          throw injected('EACCES', path);
        if (volume.find(inside)?.kind !== 'directory') volume.makeDirectory(inside, 'engine');
        if (fault !== null) throw injected(fault, path);
      },
      ['EIO-after'],
    );
  }

  setModified(path: string, modifiedMs: number): Promise<void> {
    return this.#step(`utimes ${path}`, readFaults, () => {
      const { volume, path: inside } = this.#place(path);
      volume.setModified(inside, modifiedMs, 'engine');
    });
  }

  realPath(path: string): Promise<string> {
    return this.#step(`realpath ${path}`, readFaults, () => {
      const { volume, path: inside } = this.#place(path);
      const node = volume.get(inside);
      return node.kind === 'symlink' ? node.target : path;
    });
  }

  space(path: string): Promise<VolumeSpace> {
    return this.#step(`statfs ${path}`, [], () => {
      const { volume } = this.#place(path);
      return { used: volume.used, free: volume.capacity - volume.used };
    });
  }

  /** `handled`: faults that `perform` brings about itself; any other fails before it. */
  #step<T>(
    label: string,
    faults: readonly FaultKind[],
    perform: (fault: FaultKind | null) => T,
    handled: readonly FaultKind[] = [],
    signal?: AbortSignal,
  ): Promise<T> {
    return this.#steps.step({
      process: this.#process,
      label,
      faults,
      signal,
      perform: (fault) => {
        if (fault !== null && !handled.includes(fault)) throw injected(fault, label);
        return perform(fault);
      },
    });
  }

  #openForReading(path: string, signal: AbortSignal): Promise<OpenFile> {
    return this.#step(
      `open ${path}`,
      readFaults,
      () => {
        const place = this.#readable(path);
        return { volume: place.volume, node: place.volume.file(place.path) };
      },
      [],
      signal,
    );
  }

  #readChunk(
    path: string,
    file: OpenFile,
    offset: number,
    end: number,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    return this.#step(
      `read ${path} from ${String(offset)}`,
      readFaults,
      () => {
        this.#demandMounted(file.volume, path);
        const { data } = file.node;
        const chunk = Math.max(this.#chunkBytes, Math.ceil(data.length / 3));
        return data.slice(offset, Math.min(end, offset + chunk));
      },
      [],
      signal,
    );
  }

  #writable(path: string, volume: SimulatedVolume, node: FileNode): WritableFile {
    return {
      write: (bytes) => this.#append(path, volume, node, bytes),
      sync: () =>
        this.#step(
          `sync ${path}`,
          syncFaults,
          (fault) => {
            this.#demandMounted(volume, path);
            syncNode(path, volume, node, fault);
          },
          ['EIO'],
        ),
      close: () => Promise.resolve(),
    };
  }

  #append(path: string, volume: SimulatedVolume, node: FileNode, bytes: Uint8Array): Promise<void> {
    return this.#step(
      `write ${path}`,
      writeFaults,
      (fault) => {
        this.#demandMounted(volume, path);
        const taken = fault === null ? bytes : bytes.subarray(0, bytes.length >> 1);
        const data = new Uint8Array(node.data.length + taken.length);
        data.set(node.data);
        data.set(taken, node.data.length);
        volume.write(node, data, 'engine');
        if (fault !== null) throw injected(fault, path);
      },
      writeFaults,
    );
  }

  #rename(label: string, from: string, to: string, replacing: boolean): Promise<void> {
    return this.#step(
      label,
      renameFaults,
      (fault) => {
        const source = this.#place(from);
        const target = this.#place(to);
        if (source.volume !== target.volume) throw fail('unreadable', 'EXDEV: another volume.');
        source.volume.rename(source.path, target.path, 'engine', replacing);
        if (fault !== null) throw injected(fault, to);
      },
      ['EIO-after'],
    );
  }

  #entries(path: string): DirectoryEntry[] {
    const { volume, path: inside } = this.#readable(path);
    const entries = [...volume.directory(inside).entries.values()];
    return entries.map(({ name, node }) => ({ name, kind: node.kind }));
  }

  #statNow(path: string): FileStat {
    const place = this.#place(path);
    return statOf(place, place.volume.get(place.path));
  }

  #listed(directory: string, entry: DirectoryEntry, fails: boolean): ListedEntry {
    try {
      if (fails) throw injected('EIO', entry.name);
      return { ...entry, stat: this.#statNow(`${directory}/${entry.name}`) };
    } catch (error) {
      return { ...entry, stat: null, failure: failureOf(error) };
    }
  }

  #place(path: string): Place {
    const place = this.#mounts.resolve(path);
    this.#demandFresh(place.volume, path);
    return place;
  }

  #readable(path: string): Place {
    const place = this.#mounts.resolveReadable(path);
    this.#demandFresh(place.volume, path);
    return place;
  }

  #demandMounted(volume: SimulatedVolume, path: string): void {
    if (!this.#mounts.isMounted(volume)) throw injected('EIO', path);
    this.#demandFresh(volume, path);
  }

  /** ESTALE: a server that restarted does not know the session of a process from before. */
  #demandFresh(volume: SimulatedVolume, path: string): void {
    const boots = this.#boots.get(volume);
    if (boots === undefined) this.#boots.set(volume, volume.boots);
    else if (boots !== volume.boots) throw injected('EIO', path);
  }
}

interface OpenFile {
  readonly volume: SimulatedVolume;
  readonly node: FileNode;
}

function syncNode(
  path: string,
  volume: SimulatedVolume,
  node: FileNode,
  fault: FaultKind | null,
): void {
  if (fault !== null) {
    node.poisoned = node.data !== node.durable;
    throw injected(fault, path);
  }
  volume.syncFile(node);
}

function statOf(place: Place, node: Node): FileStat {
  const told = place.volume.options.inodes !== false;
  return {
    kind: node.kind,
    size: node.kind === 'file' ? node.data.length : 0,
    modifiedMs: node.modifiedMs,
    bornMs: told ? node.bornMs : null,
    inode: told ? node.inode : 0,
    device: place.volume.device,
    placeholder: false,
  };
}

function injected(fault: FaultKind, what: string): Error {
  const code = fault === 'EIO-after' ? 'EIO' : fault;
  const cause = { code };
  if (fault === 'ENOSPC') return fail('diskFull', `ENOSPC: ${what}`, { cause });
  if (fault === 'EROFS') return fail('readOnly', `EROFS: ${what}`, { cause });
  return fail('unreadable', `${code}: ${what}`, { cause });
}
