import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** A file of the built window. */
export interface StaticFile {
  readonly bytes: Buffer;
  readonly type: string;
  /** For `ETag`. */
  readonly tag: string;
  /** Whether its name changes with its content, so that it need never be asked for again. */
  readonly lasting: boolean;
}

const types: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.map', 'application/json; charset=utf-8'],
  ['.webmanifest', 'application/manifest+json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
  ['.txt', 'text/plain; charset=utf-8'],
]);
/** Vite puts a hash of the content into the names of this folder's files. */
const lastingFolder = '/assets/';

/**
 * The built window, kept in memory: a few files, so that no address of a request ever touches the disk.
 * They are read again when a new build has replaced the page.
 */
export class StaticFiles {
  readonly #directory: string;
  #built: { readonly modifiedMs: number; readonly files: ReadonlyMap<string, StaticFile> } | null =
    null;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The file at an address like `/assets/main.js`; `unbuilt` where there is no window at all. */
  async find(address: string): Promise<StaticFile | null | 'unbuilt'> {
    const page = await stat(path.join(this.#directory, 'index.html')).catch(() => null);
    if (page === null) return 'unbuilt';
    if (this.#built?.modifiedMs !== page.mtimeMs) {
      this.#built = { modifiedMs: page.mtimeMs, files: await readAll(this.#directory) };
    }
    return this.#built.files.get(address) ?? null;
  }
}

async function readAll(directory: string): Promise<Map<string, StaticFile>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(async (entry): Promise<[string, StaticFile]> => {
      const file = path.join(entry.parentPath, entry.name);
      const address = `/${path.relative(directory, file).split(path.sep).join('/')}`;
      const bytes = await readFile(file);
      return [
        address,
        {
          bytes,
          type: types.get(path.extname(file)) ?? 'application/octet-stream',
          tag: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
          lasting: address.startsWith(lastingFolder),
        },
      ];
    });
  return new Map(await Promise.all(files));
}
