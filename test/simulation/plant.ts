import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

import type { Focus } from '../support/simulation/world-options.ts';
import { plantedBugs } from './planted.ts';
import type { PlantedBug } from './planted.ts';

const repository = new URL('../../', import.meta.url);

/** The planted bug of that name. */
export function plantedBug(name: string): PlantedBug {
  const bug = plantedBugs.find((candidate) => candidate.name === name);
  if (bug === undefined) throw new RangeError(`There is no planted bug “${name}”.`);
  return bug;
}

/** The file with the bug in it; throws where the place is not found exactly once. */
export function applyPatch(bug: PlantedBug, source: string): string {
  const parts = source.split(bug.find);
  if (parts.length !== 2) {
    throw new Error(
      `The place for the planted bug “${bug.name}” occurs ${String(parts.length - 1)} times in ${bug.file}.`,
    );
  }
  return parts.join(bug.replace);
}

/**
 * From now on this process loads the engine with the bug; the files on disk stay as they are.
 * @returns the kind of world to look for it in
 */
export function plant(name: string): Focus {
  const bug = plantedBug(name);
  const target = new URL(bug.file, repository).href;
  applyPatch(bug, readFileSync(fileURLToPath(target), 'utf8'));
  registerHooks({
    load(url, context, nextLoad) {
      if (url !== target) return nextLoad(url, context);
      const source = applyPatch(bug, readFileSync(fileURLToPath(url), 'utf8'));
      return { format: 'module-typescript', source, shortCircuit: true };
    },
  });
  return bug.focus ?? {};
}
