import { randomUUID } from 'node:crypto';

import { CloudrollError, fail, failureOf } from '../../../shared/domain/failure.ts';
import { below } from '../scan/roots.ts';
import { idOf } from './opaque-id.ts';
import { isUnchanged, originalOf, type Original } from './original.ts';
import type { TimelinePorts } from './ports.ts';

/** More files of one name in one folder than anybody has. */
const mostNames = 10_000;

/**
 * Copies originals into a folder under their own names, with a number where a name is taken; nothing that is
 * there is touched. A Live Photo comes with its video and counts once. A photo without a readable file on this computer counts as failed.
 * @throws `notFound`, `invalid` where there is no such folder
 */
export async function exportOriginals(
  { ids, into }: { readonly ids: readonly string[]; readonly into: string },
  ports: Pick<TimelinePorts, 'catalog' | 'fileSystem' | 'announce'>,
  signal: AbortSignal,
): Promise<{ copied: number; failed: number }> {
  const { kind } = await ports.fileSystem.stat(await ports.fileSystem.realPath(into));
  if (kind !== 'directory') throw fail('invalid', `${into} is not a folder.`);
  const distinct = [...new Set(ids)];
  let copied = 0;
  for (const [index, id] of distinct.entries()) {
    signal.throwIfAborted();
    if (await exportPhoto(idOf(id), into, ports, signal)) copied += 1;
    ports.announce('exported', { done: index + 1, total: distinct.length });
  }
  return { copied, failed: distinct.length - copied };
}

/** @returns whether all that belongs to the photo has been copied */
async function exportPhoto(
  id: number,
  into: string,
  ports: Pick<TimelinePorts, 'catalog' | 'fileSystem'>,
  signal: AbortSignal,
): Promise<boolean> {
  const film = ports.catalog.records.film(id);
  const photoCopied = await exportOne(id, into, ports, signal);
  return film === null ? photoCopied : (await exportOne(film, into, ports, signal)) && photoCopied;
}

async function exportOne(
  id: number,
  into: string,
  ports: Pick<TimelinePorts, 'catalog' | 'fileSystem'>,
  signal: AbortSignal,
): Promise<boolean> {
  const { fileSystem } = ports;
  const original = await originalOf(id, ports);
  if (original === null) return false;
  const temporary = below(into, `.cloudroll-${randomUUID()}.tmp`);
  try {
    await fileSystem.copy(original.path, temporary, signal);
    // It may have been written to while it was copied.
    if (!(await isUnchanged(original.file, fileSystem))) return false;
    await fileSystem.setModified(temporary, original.file.modifiedMs);
    await fileSystem.sync(temporary);
    return await publishBeside(temporary, into, original, ports);
  } catch (error) {
    if (!(error instanceof CloudrollError) || failureOf(error).code === 'cancelled') throw error;
    return false;
  } finally {
    await fileSystem.remove(temporary).catch(() => undefined);
  }
}

/** Gives the copy the first name that is free. */
async function publishBeside(
  temporary: string,
  into: string,
  { file }: Original,
  { fileSystem }: Pick<TimelinePorts, 'fileSystem'>,
): Promise<boolean> {
  for (let number = 1; number <= mostNames; number += 1) {
    try {
      await fileSystem.publish(temporary, below(into, numberedName(file.name, number)));
      return true;
    } catch (error) {
      if (failureOf(error).code !== 'conflict') throw error;
    }
  }
  return false;
}

function numberedName(name: string, number: number): string {
  if (number === 1) return name;
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot <= 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
  return `${stem} (${String(number)})${ending}`;
}
