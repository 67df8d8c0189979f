import { readFile } from 'node:fs/promises';
import { z } from 'zod';

import { fail } from '../../../shared/domain/failure.ts';

const fileName = 'sign-in-clients.json';
const clientsSchema = z.record(z.string().max(100), z.string().min(1).max(1000));

/**
 * Where `npm run build` leaves the clients that the build brings along: beside the built engine, also for an
 * engine that runs from its sources.
 *
 * @param from `import.meta.url` of this module
 */
function clientsFile(from: string): URL {
  const engine = from.endsWith('.ts') ? '../../../build/dist/engine' : '../../..';
  return new URL(`${engine}/${fileName}`, from);
}

/** Client ids and client secrets by the names of their variables; none where nothing was built with any. */
export async function builtClients(
  file: URL = clientsFile(import.meta.url),
): Promise<Readonly<Record<string, string>>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return {};
  }
  const parsed = clientsSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw fail('bug', `The file ${fileName} of this build is damaged.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
