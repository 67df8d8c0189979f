import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

import Conf from 'conf';
import { z } from 'zod';

import { settingsSchema } from '../../../../shared/contract/app/settings.ts';
import type { Failure } from '../../../../shared/domain/failure.ts';
import { translated } from '../../adapters/file-system-failure.ts';
import { stampOf } from '../../data-directory/paths.ts';
import { initialSettings, storedSettingsSchema, type StoredSettings } from './stored-settings.ts';

const fileName = 'settings';
/** Larger than any settings can be. */
const largestBytes = 64 * 1024 * 1024;

/** What a file may lack or have too much of, and still say all that matters: a setting that cannot be is dropped. */
const lenientSchema = z.object({
  settings: z.preprocess(
    (value) => Object.fromEntries(Object.entries(value ?? {}).filter(isUsable)),
    settingsSchema,
  ),
  folders: storedSettingsSchema.shape.folders.default([]),
  destinations: storedSettingsSchema.shape.destinations.default([]),
  pause: storedSettingsSchema.shape.pause.default(null),
});

/**
 * Changes of what is stored, by the version that made them, each applied once when that version or a later
 * one first opens the file (see `conf`).
 */
type Migrations = Readonly<Record<string, (store: Conf<StoredSettings>) => void>>;
const migrations: Migrations = {};

/**
 * Preferences, folders and destinations in `settings.json` of the data directory, written whole and
 * atomically. Every host shares them, and only one process has them open: the one that holds the directory.
 */
export class SettingsStore {
  readonly #store: Conf<StoredSettings>;
  #current: StoredSettings;

  private constructor(store: Conf<StoredSettings>, current: StoredSettings) {
    this.#store = store;
    this.#current = current;
  }

  /**
   * Opens the settings, which begin anew where there are none. A file that cannot be understood is set aside
   * under a dated name, never deleted, and told of in the notice.
   * @throws `unreadable`, `diskFull` … where the data directory refuses
   */
  static async open(
    dataDirectory: string,
    version: string,
    nowMs: number,
  ): Promise<{ settings: SettingsStore; notice: Failure | null }> {
    const path = join(dataDirectory, `${fileName}.json`);
    try {
      const notice = await setAsideIfDamaged(path, nowMs);
      const store = new Conf<StoredSettings>({
        cwd: dataDirectory,
        configName: fileName,
        configFileMode: 0o600,
        projectVersion: version,
        migrations: { ...migrations },
        defaults: initialSettings,
        schema: {
          settings: { type: 'object' },
          folders: { type: 'array' },
          destinations: { type: 'array' },
          pause: { type: ['object', 'null'] },
        },
      });
      const parsed = lenientSchema.safeParse(store.store);
      const settings = new SettingsStore(store, parsed.success ? parsed.data : initialSettings);
      return { settings, notice };
    } catch (error) {
      throw translated(error, path);
    }
  }

  get(): StoredSettings {
    return this.#current;
  }

  /** Durable when it returns. */
  change(changes: Partial<StoredSettings>): StoredSettings {
    const next = storedSettingsSchema.parse({ ...this.#current, ...changes });
    try {
      this.#store.set(next);
    } catch (error) {
      throw translated(error, this.#store.path);
    }
    this.#current = next;
    return next;
  }
}

async function setAsideIfDamaged(path: string, nowMs: number): Promise<Failure | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null || isSound(text)) return null;
  const aside = path.replace(/\.json$/u, `-damaged-${stampOf(nowMs)}.json`);
  await rename(path, aside);
  return {
    code: 'corrupt',
    message: 'The settings could not be read and were begun anew.',
    hint: `Add your folders and destinations again: nothing is uploaded twice. The old file is kept as ${aside}.`,
  };
}

function isSound(text: string): boolean {
  if (text.length > largestBytes) return false;
  try {
    return lenientSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

function isUsable([name, value]: [string, unknown]): boolean {
  const field = Object.entries(settingsSchema.shape).find(([known]) => known === name);
  return field?.[1].safeParse(value).success === true;
}
