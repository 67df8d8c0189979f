import { fail } from '../../../../shared/domain/failure.ts';

/** The path of an object below `root`; a key that would lead elsewhere is `invalid`. */
export function pathOfKey(root: string, key: string): string {
  const segments = key.split('/');
  const proper = segments.every(
    (segment) => segment !== '' && segment !== '.' && segment !== '..' && !segment.includes('\0'),
  );
  if (!proper) throw fail('invalid', `"${key}" is not a key of an object.`);
  return join(root, key);
}

/** `folder` and a relative path, both `/`-separated. */
export function join(folder: string, relative: string): string {
  if (relative === '') return folder;
  return folder.endsWith('/') ? `${folder}${relative}` : `${folder}/${relative}`;
}

/** The folder that holds `path`; `/` and `C:/` are their own. */
export function parentOf(path: string): string {
  const trimmed = path.replace(/(?<=.)\/+$/u, '');
  const slash = trimmed.lastIndexOf('/');
  if (slash < 0) return '.';
  const parent = trimmed.slice(0, slash);
  if (parent === '' || /^[A-Za-z]:$/u.test(parent)) return `${parent}/`;
  return parent;
}

/** Folders that systems put at the top of a volume; they hold no objects and may not be readable. */
export function isVolumeFolder(name: string): boolean {
  return volumeFolders.has(name) || name.startsWith('.Trash-');
}

const volumeFolders = new Set([
  'lost+found',
  'System Volume Information',
  '$RECYCLE.BIN',
  '.Trashes',
  '.Spotlight-V100',
  '.fseventsd',
  '.DocumentRevisions-V100',
  '.TemporaryItems',
]);
