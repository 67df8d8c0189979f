import { CloudrollError } from '../../../shared/domain/failure.ts';
import type { AssetFile } from '../catalog/asset-records.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { FileSystem } from '../ports/file-system.ts';
import { pathOf } from './details.ts';

/** A file that still is what it was when its content was read. */
export interface Original {
  readonly path: string;
  readonly file: AssetFile;
}

/** Whether nothing about the file says that its content is not the one that was read. */
export async function isUnchanged(file: AssetFile, fileSystem: FileSystem): Promise<boolean> {
  try {
    const { kind, size, modifiedMs, placeholder } = await fileSystem.stat(pathOf(file));
    return kind === 'file' && !placeholder && size === file.size && modifiedMs === file.modifiedMs;
  } catch (error) {
    if (error instanceof CloudrollError) return false;
    throw error;
  }
}

/** A file on this computer that holds the asset's bytes, as far as can be told without reading it. */
export async function originalOf(
  id: number,
  { catalog, fileSystem }: { readonly catalog: Catalog; readonly fileSystem: FileSystem },
): Promise<Original | null> {
  for (const file of catalog.records.files(id)) {
    if (file.state !== 'hashed') continue;
    if (await isUnchanged(file, fileSystem)) return { path: pathOf(file), file };
  }
  return null;
}
