import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { StoredSettings } from '../../../../electron/engine/app/settings/stored-settings.ts';
import { Catalog } from '../../../../electron/engine/catalog/catalog.ts';
import { Database } from '../../../../electron/engine/catalog/database.ts';
import { pathsIn } from '../../../../electron/engine/data-directory/paths.ts';
import { settingsSchema } from '../../../../shared/contract/app/settings.ts';
import { benchContent } from '../../catalog/bench-content.ts';
import type { Workspace } from '../../cli/workspace.ts';

const photosOfEvent = 500;

/**
 * A data directory as after years of use: so many photos on a drive that is away now, written straight into
 * the catalogue, beside the Pictures folder, which is there.
 */
export async function writeLibrary(
  workspace: Pick<Workspace, 'data' | 'photos' | 'backup' | 'path'>,
  photos: number,
): Promise<void> {
  const archive = workspace.path('archive');
  const { catalogue } = pathsIn(workspace.data);
  await mkdir(workspace.data, { recursive: true });
  await mkdir(workspace.backup, { recursive: true });
  fill(catalogue, archive, photos);
  const url = pathToFileURL(workspace.backup).href;
  const settings: StoredSettings = {
    settings: settingsSchema.parse({ setup: 'done', language: 'en' }),
    folders: [archive, workspace.photos].map((path, at) => ({
      id: `folder${String(at)}`,
      path,
      exclude: [],
    })),
    destinations: [{ id: 'backup', url, name: 'Backup', card: 'file', secrets: [] }],
    pause: null,
  };
  await writeFile(join(workspace.data, 'settings.json'), JSON.stringify(settings));
}

function fill(file: string, archive: string, photos: number): void {
  const catalog = new Catalog(Database.open(file));
  catalog.identity.become({ id: 'studio', name: 'studio' });
  const root = catalog.files.ensureRoot(archive, 'archive', 'root-archive');
  // In one transaction: each of many would write most pages of the catalogue again.
  catalog.transaction(() => {
    for (let start = 0; start < photos; start += photosOfEvent) {
      const directory = `event ${String(start / photosOfEvent)}`;
      const directoryId = catalog.files.addDirectory(root.id, directory);
      for (let index = start; index < Math.min(photos, start + photosOfEvent); index += 1) {
        addPhoto(catalog, { directoryId, rootPath: archive, directory }, index);
      }
    }
  });
  catalog.close();
}

function addPhoto(
  catalog: Catalog,
  place: { readonly directoryId: number; readonly rootPath: string; readonly directory: string },
  index: number,
): void {
  const now = 1_700_000_000_000 + index;
  const content = benchContent(index);
  const { directoryId, rootPath, directory } = place;
  const seen = {
    ...{ name: content.name, role: 'media' as const, describes: null, size: content.bytes },
    ...{ modifiedMs: now, bornMs: now, inode: index + 1, device: 1 },
  };
  const id = catalog.files.add(directoryId, seen, now);
  const state = 'discovered' as const;
  const file = { ...seen, id, state, rootPath, directory, firstSeenMs: now, version: 0 };
  catalog.recordContent(file, content, [], now);
}
