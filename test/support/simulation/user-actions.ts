import { sha256Of } from './destination-view.ts';
import { encodeFakePhoto } from './fake-photo.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { FileNode } from './simulated-nodes.ts';
import type { Segments, SimulatedVolume } from './simulated-volume.ts';

/** A file of the user and where it lies. */
export interface UserFile {
  readonly volume: SimulatedVolume;
  readonly path: Segments;
  readonly node: FileNode;
}

/** What a person does with the files of one folder. Each action is atomic and says what it did. */
export class UserActions {
  readonly #random: SeededRandom;
  /** The contents that exist in this world: few, so that duplicates are common. */
  readonly #pool: Uint8Array[] = [];
  /** SHA-256 of everything that any file ever held at rest. */
  readonly everyContent = new Set<string>();
  /** Every place that a file was taken away from, as `volume:/path`. */
  readonly everVacated = new Set<string>();
  #serial = 0;

  constructor(random: SeededRandom, poolSize: number) {
    this.#random = random;
    for (let index = 0; index < poolSize; index += 1) this.#pool.push(this.#newContent());
  }

  /** Does something to a folder; `root` is its path in the volume. */
  act(volume: SimulatedVolume, root: Segments): string {
    const files = this.#files(volume, root);
    if (files.length === 0 || this.#random.chance(0.3)) return this.addPhoto(volume, root);
    const file = this.#random.pick(files);
    const action = this.#random.pick([
      () => this.#edit(file),
      () => this.#editKeepingSize(file),
      () => this.#replace(file),
      () => this.#grow(file),
      () => this.#rename(file),
      () => this.#move(file, root),
      () => this.#copy(file, root),
      () => this.#delete(file),
      () => this.#addSidecar(file),
      () => this.#shiftHours(volume, root),
      () => this.#renameCase(file),
      () => this.#addLink(file),
    ]);
    return action();
  }

  addPhoto(volume: SimulatedVolume, root: Segments): string {
    const data = this.#random.chance(0.9) ? this.#random.pick(this.#pool) : this.#newContent();
    const path = this.#freshPath(volume, root, this.#newName());
    const node = volume.createFile(path, 'user', data);
    if (this.#random.chance(0.6)) this.#age(volume, node);
    return `adds ${volume.options.name}:/${path.join('/')}`;
  }

  /** Deletes everything in a folder: looks like a drive that is not there. */
  empty(volume: SimulatedVolume, root: Segments): string {
    for (const file of this.#files(volume, root)) this.#unlink(file);
    return `empties ${volume.options.name}:/${root.join('/')}`;
  }

  #edit(file: UserFile): string {
    file.volume.write(file.node, this.#newContent(), 'user', this.#laterThan(file));
    return `edits ${shown(file)}`;
  }

  #editKeepingSize(file: UserFile): string {
    const data = Uint8Array.from(file.node.data);
    const last = data.length - 1;
    data[last] = ((data[last] ?? 0) + 1) & 0x7f;
    this.#remember(data);
    const { granularityMs } = file.volume.options;
    file.volume.write(file.node, data, 'user', file.node.modifiedMs + granularityMs);
    return `edits ${shown(file)} keeping its size`;
  }

  #replace(file: UserFile): string {
    const modifiedMs = this.#laterThan(file);
    const temporary = [...file.path.slice(0, -1), `.saving-${String(this.#next())}`];
    const node = file.volume.createFile(temporary, 'user', this.#newContent());
    file.volume.rename(temporary, file.path, 'user', true);
    file.volume.setModified(file.path, modifiedMs, 'user');
    return `saves ${shown(file)} anew as inode ${String(node.inode)}`;
  }

  #grow(file: UserFile): string {
    const more = this.#random.bytes(8).map((byte) => byte & 0x7f);
    const data = this.#remember(Uint8Array.from([...file.node.data, ...more]));
    file.volume.write(file.node, data, 'user', this.#laterThan(file));
    return `appends to ${shown(file)}`;
  }

  #rename(file: UserFile): string {
    const name = `renamed-${String(this.#next())}${extensionOf(file.path)}`;
    return this.#renameTo(file, [...file.path.slice(0, -1), name]);
  }

  #move(file: UserFile, root: Segments): string {
    const name = file.path.at(-1) ?? '';
    return this.#renameTo(file, this.#freshPath(file.volume, root, name));
  }

  #renameCase(file: UserFile): string {
    const name = file.path.at(-1) ?? '';
    const other = this.#random.chance(0.5) ? name.toUpperCase() : name.normalize('NFD');
    const target = [...file.path.slice(0, -1), other];
    const standing = file.volume.find(target);
    if (standing !== undefined && standing !== file.node) return this.#rename(file);
    return this.#renameTo(file, target);
  }

  #copy(file: UserFile, root: Segments): string {
    const name = `copy-${String(this.#next())}${extensionOf(file.path)}`;
    const path = this.#freshPath(file.volume, root, name);
    file.volume.createFile(path, 'user', file.node.data);
    if (this.#random.chance(0.5)) file.volume.setModified(path, file.node.modifiedMs, 'user');
    return `copies ${shown(file)} to /${path.join('/')}`;
  }

  #delete(file: UserFile): string {
    this.#unlink(file);
    return `deletes ${shown(file)}`;
  }

  #unlink(file: UserFile): void {
    this.everVacated.add(shown(file));
    file.volume.unlink(file.path, 'user');
  }

  #addSidecar(file: UserFile): string {
    const path = [...file.path.slice(0, -1), `${file.path.at(-1) ?? ''}.xmp`];
    if (file.volume.find(path) !== undefined) return this.#edit(file);
    const rating = String(this.#random.between(1, 5));
    const data = new TextEncoder().encode(`<x:xmpmeta rating="${rating}"/>`);
    file.volume.createFile(path, 'user', this.#remember(data));
    return `adds the sidecar /${path.join('/')}`;
  }

  #addLink(file: UserFile): string {
    const path = [...file.path.slice(0, -1), `link-${String(this.#next())}.jpg`];
    file.volume.makeSymlink(path, `/${file.path.join('/')}`);
    return `links /${path.join('/')}`;
  }

  /** What a change of daylight saving does to every time on a FAT drive. */
  #shiftHours(volume: SimulatedVolume, root: Segments): string {
    const hours = this.#random.chance(0.5) ? 1 : -1;
    for (const { path, node } of this.#files(volume, root)) {
      volume.setModified(path, node.modifiedMs + hours * 3_600_000, 'user');
    }
    return `sees all times in ${volume.options.name}:/${root.join('/')} shifted by ${String(hours)} h`;
  }

  #renameTo(file: UserFile, to: Segments): string {
    this.everVacated.add(shown(file));
    file.volume.rename(file.path, to, 'user', false);
    return `renames ${shown(file)} to /${to.join('/')}`;
  }

  /** Makes a file as old as photos usually are. */
  #age(volume: SimulatedVolume, node: FileNode): void {
    const days = this.#random.between(1, 2000);
    volume.write(node, node.data, 'user', volume.options.now() - days * 86_400_000);
  }

  #files(volume: SimulatedVolume, root: Segments): UserFile[] {
    const directory = volume.find(root);
    if (directory?.kind !== 'directory') return [];
    return [...volume.files(directory, root)].map(({ path, node }) => ({ volume, path, node }));
  }

  /** A changed file always has a time that its file system can tell from the one before. */
  #laterThan(file: UserFile): number {
    const { now, granularityMs } = file.volume.options;
    return Math.max(now(), file.node.modifiedMs + granularityMs);
  }

  #freshPath(volume: SimulatedVolume, root: Segments, name: string): Segments {
    const folder = this.#random.pick([root, [...root, 'trip'], [...root, 'Ünterwegs']]);
    if (volume.find(folder) === undefined) volume.makeDirectory(folder, 'user');
    const path = [...folder, name];
    if (volume.find(path) === undefined) return path;
    return [...folder, `${String(this.#next())}-${name}`];
  }

  #newName(): string {
    const stems = ['IMG_0001', 'img_0001', 'IMG_0002', 'é', '사진', 'CON', 'photo.edited'];
    const stem = this.#random.pick(stems);
    return stem + this.#random.pick(['.jpg', '.JPG', '.mov', '.dng']);
  }

  #newContent(): Uint8Array {
    const serial = this.#next();
    const day = String(this.#random.between(1, 28)).padStart(2, '0');
    const photo = encodeFakePhoto({
      mime: this.#random.pick(['image/jpeg', 'image/x-adobe-dng', 'video/quicktime']),
      date: this.#random.chance(0.8) ? `202${String(serial % 4)}:05:${day} 12:00:00` : null,
      body: `content ${String(serial)} `.repeat(this.#random.between(1, 5)),
    });
    return this.#remember(photo);
  }

  #remember(data: Uint8Array): Uint8Array {
    this.everyContent.add(sha256Of(data));
    return data;
  }

  #next(): number {
    this.#serial += 1;
    return this.#serial;
  }
}

function extensionOf(path: Segments): string {
  const name = path.at(-1) ?? '';
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}

function shown(file: UserFile): string {
  return `${file.volume.options.name}:/${file.path.join('/')}`;
}
