import { candidateByName } from '../../../shared/domain/media-types.ts';
import type { FileStat } from '../ports/file-system.ts';
import type { Look, Surroundings, UnchangedLook, WalkedFile } from '../scan/look.ts';

/**
 * A look at a directory as it crosses from a worker thread: one string and one array of numbers for the
 * files, because copying an object for each of 100,000 files costs more than looking at them.
 */
export interface PackedLook extends Surroundings {
  /** How many where they are those that the asker knows. */
  readonly files: number | PackedFiles;
}

export interface PackedFiles {
  /** Joined by `/`, which no name contains. */
  readonly names: string;
  /** Per file: {@link fields} numbers. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** By index of a sidecar, the name of the file that it describes. */
  readonly describes: readonly (readonly [number, string])[];
}

/** Size, modified, born, inode, device, placeholder. */
const fields = 6;

export function packLook(look: Look | UnchangedLook): PackedLook {
  const { files } = look;
  return { ...look, files: typeof files === 'number' ? files : packFiles(files) };
}

export function unpackLook(packed: PackedLook): Look | UnchangedLook {
  const { files, ...rest } = packed;
  return typeof files === 'number' ? { ...rest, files } : { ...rest, files: unpackFiles(files) };
}

function packFiles(files: readonly WalkedFile[]): PackedFiles {
  const names: string[] = [];
  const numbers = new Float64Array(files.length * fields);
  const describes: [number, string][] = [];
  for (const [index, file] of files.entries()) {
    const { stat } = file;
    const at = index * fields;
    numbers[at] = stat.size;
    numbers[at + 1] = stat.modifiedMs;
    numbers[at + 2] = stat.bornMs ?? Number.NaN;
    numbers[at + 3] = stat.inode;
    numbers[at + 4] = stat.device;
    numbers[at + 5] = stat.placeholder ? 1 : 0;
    names.push(file.name);
    if (file.describes !== null) describes.push([index, file.describes]);
  }
  return { names: names.join('/'), numbers, describes };
}

function unpackFiles({ names, numbers, describes }: PackedFiles): readonly WalkedFile[] {
  if (names === '') return [];
  const owners = new Map(describes);
  return names.split('/').flatMap((name, index) => {
    const candidate = candidateByName(name);
    if (candidate === 'other') return [];
    return [
      { name, candidate, stat: statAt(numbers, index), describes: owners.get(index) ?? null },
    ];
  });
}

function statAt(numbers: Float64Array, index: number): FileStat {
  const at = index * fields;
  const bornMs = numbers[at + 2] ?? Number.NaN;
  return {
    kind: 'file',
    size: numbers[at] ?? 0,
    modifiedMs: numbers[at + 1] ?? 0,
    bornMs: Number.isNaN(bornMs) ? null : bornMs,
    inode: numbers[at + 3] ?? 0,
    device: numbers[at + 4] ?? 0,
    placeholder: numbers[at + 5] === 1,
  };
}
