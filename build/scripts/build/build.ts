import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type InlineConfig } from 'vite';

import { fingerprint } from './fingerprint.ts';
import { writeSignInClients } from './sign-in-clients.ts';
import { distFolder, targets, type TargetName } from './targets.ts';

export interface Built {
  readonly name: TargetName;
  /** Null where it was up to date. */
  readonly seconds: number | null;
}

/** Builds those of the targets whose sources changed since they were built last; with `force` all. */
export async function buildWhatChanged(
  names: readonly TargetName[],
  force: boolean,
): Promise<Built[]> {
  const built: Built[] = [];
  for (const name of names) {
    const { sources, config, proof } = targets[name];
    const wanted = await fingerprint(sources);
    const stamp = path.join(distFolder, 'stamps', name);
    if (!force && (await isCurrent(stamp, wanted, proof))) {
      built.push({ name, seconds: null });
      continue;
    }
    const started = performance.now();
    // A build that is broken off must not pass for the one before.
    await rm(stamp, { force: true });
    await buildForUse(config);
    await mkdir(path.dirname(stamp), { recursive: true });
    await writeFile(stamp, wanted);
    built.push({ name, seconds: (performance.now() - started) / 1000 });
  }
  // Not of the sources, so not of the stamp either.
  if (names.includes('engine')) {
    await writeSignInClients(path.join(distFolder, 'engine'), process.env);
  }
  return built;
}

/** Test runners say that this is a test: what is built would be made for developers, larger and slower. */
async function buildForUse(config: InlineConfig): Promise<void> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await build(config);
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

async function isCurrent(stamp: string, wanted: string, proof: string): Promise<boolean> {
  const [found, made] = await Promise.all([
    readFile(stamp, 'utf8').catch(() => null),
    readFile(proof).catch(() => null),
  ]);
  return found === wanted && made !== null;
}
