import {
  openDataDirectory,
  type DataDirectory,
} from '../../../engine/data-directory/data-directory.ts';
import type { Context } from '../context.ts';
import type { Engine } from '../../../engine/runtime/engine.ts';
import type { LazyLog } from '../../../engine/logging/lazy-log.ts';

export type HeldData = AsyncDisposable & DataDirectory;

/** Opens the data directory, which this process alone holds until the end of the block, and its log. */
export async function holdData(context: Context, engine: Engine, log: LazyLog): Promise<HeldData> {
  const { dataDirectory, signal } = context;
  const { clock } = engine;
  const data = await openDataDirectory(dataDirectory, { clock, logger: log }, signal);
  log.open();
  const { path, catalog, thumbnailsPath, logsPath, notices } = data;
  const close = (): Promise<void> => data.close();
  return { path, catalog, thumbnailsPath, logsPath, notices, close, [Symbol.asyncDispose]: close };
}
