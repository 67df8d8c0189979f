import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import { itemSchema, itemSelection, pathIn, pathOfItem } from './drive-items.ts';
import type { DriveItem, DrivePath } from './drive-items.ts';
import type { GraphApi } from './graph-api.ts';

/** Makes folders, each once in a session; OneDrive itself refuses a second one of the same name. */
export class DriveFolders {
  readonly #api: GraphApi;
  readonly #known = new Map<string, Promise<void>>();

  constructor(api: GraphApi) {
    this.#api = api;
  }

  /** The folder, and those above it, are there afterwards. */
  async make(path: DrivePath, signal: AbortSignal): Promise<void> {
    const name = path.at(-1);
    if (name === undefined) return;
    const address = pathOfItem(path);
    for (;;) {
      const others = this.#known.get(address);
      const pending = others ?? this.#create(path, name, signal);
      if (others === undefined) this.#remember(address, pending);
      try {
        await pending;
        return;
      } catch (error) {
        // Somebody else's attempt may have been cancelled; ours was not.
        if (others === undefined || signal.aborted) throw error;
      }
    }
  }

  /** Says that a folder, and so perhaps any, turned out to be gone. */
  forget(): void {
    this.#known.clear();
  }

  #remember(address: string, pending: Promise<void>): void {
    this.#known.set(address, pending);
    void pending.catch(() => {
      if (this.#known.get(address) === pending) this.#known.delete(address);
    });
  }

  async #create(path: DrivePath, name: string, signal: AbortSignal): Promise<void> {
    const above = path.slice(0, -1);
    if (await this.#tryToCreate(above, name, signal)) return;
    await this.make(above, signal);
    if (await this.#tryToCreate(above, name, signal)) return;
    throw fail('serverError', 'OneDrive does not show a folder that it has just made.');
  }

  /** False where the folder above is missing. */
  async #tryToCreate(above: DrivePath, name: string, signal: AbortSignal): Promise<boolean> {
    const body = { name, folder: {}, '@microsoft.graph.conflictBehavior': 'fail' };
    const request = {
      method: 'POST',
      path: pathIn(above, 'children'),
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(body)),
    };
    try {
      await this.#api.command(request, [201, 200], signal);
      return true;
    } catch (error) {
      const { code } = failureOf(error);
      if (code === 'notFound') return false;
      // A refusal without a clear reason may come from a file that stands above.
      const suspect = code === 'conflict' ? [...above, name] : above;
      if (code === 'conflict' || code === 'unsupported') await this.#requireFolder(suspect, signal);
      if (code !== 'conflict') throw error;
      return true;
    }
  }

  async #requireFolder(path: DrivePath, signal: AbortSignal): Promise<void> {
    const item = await lookUp(this.#api, path, signal);
    if (item === null || isFolder(item)) return;
    throw fail(
      'invalid',
      `At OneDrive a file stands where the folder "${path.join('/')}" has to be.`,
      {
        hint: 'Move or rename that file, or choose another folder.',
      },
    );
  }
}

/** Null where there is nothing at that path. */
export async function lookUp(
  api: GraphApi,
  path: DrivePath,
  signal: AbortSignal,
): Promise<DriveItem | null> {
  const request = { method: 'GET', path: `${pathOfItem(path)}?${itemSelection}` };
  try {
    return await api.json(itemSchema, request, [200], signal);
  } catch (error) {
    if (failureOf(error).code === 'notFound') return null;
    throw error;
  }
}

export function isFolder(item: DriveItem): boolean {
  return item.folder !== null && item.folder !== undefined;
}
