import { z } from 'zod';

import { pathSchema } from '../../../../shared/contract/app/folders.ts';
import { settingsSchema } from '../../../../shared/contract/app/settings.ts';

/** A folder that is kept backed up. */
export const storedFolderSchema = z.strictObject({
  id: z.string().min(1).max(64),
  path: pathSchema,
  exclude: z.array(z.string().min(1).max(500)).max(200),
});
export type StoredFolder = z.infer<typeof storedFolderSchema>;

/** A destination that everything goes to. */
export const storedDestinationSchema = z.strictObject({
  id: z.string().min(1).max(64),
  /** As the catalogue keeps it; holds no secret. */
  url: z.string().min(1).max(40_000),
  name: z.string().min(1).max(100),
  card: z.string().min(1).max(100),
  /** Names of the secrets that the keychain holds for it. */
  secrets: z.array(z.string().max(100)).max(20),
});
export type StoredDestination = z.infer<typeof storedDestinationSchema>;

/** Everything in `settings.json`. */
export const storedSettingsSchema = z.strictObject({
  settings: settingsSchema,
  folders: z.array(storedFolderSchema).max(1000),
  destinations: z.array(storedDestinationSchema).max(50),
  /** A pause that the person asked for; `untilMs` null until resumed. */
  pause: z.strictObject({ untilMs: z.number().nullable() }).nullable(),
});
export type StoredSettings = z.infer<typeof storedSettingsSchema>;

export const initialSettings: StoredSettings = {
  settings: settingsSchema.parse({}),
  folders: [],
  destinations: [],
  pause: null,
};
