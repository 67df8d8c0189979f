import { realpath } from 'node:fs/promises';
import path from 'node:path';

import { fail } from '../../../shared/domain/failure.ts';
import { relativeTo } from '../scan/roots.ts';

/**
 * The data directory changes all the time and belongs to this computer alone: it must not lie in a folder
 * that is backed up or in a destination, nor the other way round. Links are resolved; places that do not
 * exist yet are taken at their word.
 * @throws `invalid`
 */
export async function refuseDataOverlap(
  dataDirectory: string,
  places: readonly string[],
): Promise<void> {
  const data = await resolved(dataDirectory);
  for (const given of places) {
    const place = await resolved(given);
    if (relativeTo(place, data) !== null) {
      throw fail('invalid', `The data directory ${dataDirectory} lies in ${given}.`, {
        hint: 'Name a data directory outside of it with --data.',
      });
    }
    if (relativeTo(data, place) !== null) {
      throw fail('invalid', `${given} lies in the data directory ${dataDirectory}.`, {
        hint: 'Name another folder, or another data directory with --data.',
      });
    }
  }
}

/** Resolves links in the part of a path that exists. */
async function resolved(given: string): Promise<string> {
  const absolute = path.resolve(given);
  try {
    return await realpath(absolute);
  } catch {
    const parent = path.dirname(absolute);
    if (parent === absolute) return absolute;
    return path.join(await resolved(parent), path.basename(absolute));
  }
}
