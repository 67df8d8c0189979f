import { fail } from '../../../../shared/domain/failure.ts';
import type { FileSystem } from '../../ports/file-system.ts';
import type { MediaReader } from '../../ports/media-reader.ts';
import { orCancelled, throwIfCancelled } from '../cancellation.ts';
import type { PutOptions, ReopenableSource } from '../contract.ts';
import { changed, exactBytes } from '../exact-source.ts';
import { codeOf } from './file-failure.ts';

interface Ports {
  readonly fileSystem: FileSystem;
  readonly mediaReader: MediaReader;
  /** Turns a failure of the destination's side into a destination's; the source's stay as they are. */
  readonly translated: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Writes the source to a new file `path`, durable and read back: when this resolves, the bytes there hash to
 * `source.sha256`. The caller removes the file when it rejects.
 */
export async function writeSource(
  ports: Ports,
  path: string,
  source: ReopenableSource,
  options: PutOptions,
  signal: AbortSignal,
): Promise<void> {
  const { fileSystem, translated } = ports;
  if (source.localPath === undefined) {
    await writeStream(ports, path, source, options, signal);
  } else {
    await copyLocal(ports, path, source.localPath, signal);
  }
  // A courtesy to people who look into the folder; some network shares refuse it.
  await fileSystem.setModified(path, source.modifiedMs).catch(() => undefined);
  await translated(() => fileSystem.sync(path));
  await compare(ports, path, source, signal);
  options.onProgress?.(source.bytes);
}

async function writeStream(
  { fileSystem, translated }: Ports,
  path: string,
  source: ReopenableSource,
  options: PutOptions,
  signal: AbortSignal,
): Promise<void> {
  const file = await translated(() => fileSystem.create(path));
  try {
    let written = 0;
    for await (const chunk of exactBytes(source, 0, signal)) {
      await translated(() => file.write(chunk));
      written += chunk.length;
      if (written < source.bytes) options.onProgress?.(written);
    }
  } finally {
    await translated(() => file.close());
  }
}

async function copyLocal(
  { fileSystem, translated }: Ports,
  path: string,
  localPath: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await translated(() => fileSystem.copy(localPath, path, signal));
  } catch (error) {
    // A copy has two sides; only the source's own trouble is the photo's and not the destination's.
    if (codeOf(error) !== 'cancelled') await requireReadable(fileSystem, localPath, signal);
    throw error;
  }
}

async function requireReadable(
  fileSystem: FileSystem,
  localPath: string,
  signal: AbortSignal,
): Promise<void> {
  throwIfCancelled(signal);
  try {
    const iterator = fileSystem.read(localPath, signal, 0, 1)[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.return?.();
  } catch (error) {
    if (codeOf(error) === 'notFound') throw changed('is no longer where it was');
    throw fail('unreadable', `The file ${localPath} cannot be read.`, { cause: error });
  }
}

async function compare(
  { mediaReader, translated }: Ports,
  path: string,
  source: ReopenableSource,
  signal: AbortSignal,
): Promise<void> {
  const stored = await translated(() => orCancelled(mediaReader.hash(path, signal), signal));
  if (stored.sha256 === source.sha256 && stored.bytes === source.bytes) return;
  if (source.localPath !== undefined) {
    const now = await orCancelled(mediaReader.hash(source.localPath, signal), signal).catch(
      (error: unknown) => {
        if (codeOf(error) === 'cancelled') throw error;
        return null;
      },
    );
    if (now?.sha256 !== source.sha256) throw changed('changed while it was copied');
  }
  throw fail('corrupt', 'The bytes read back from the folder are not the bytes of the photo.', {
    hint: 'It is tried again; if this happens often, check the drive and its cable.',
  });
}
