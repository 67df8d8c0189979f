import { z } from 'zod';

/** A window's place on the screen, in pixels that do not depend on its density. */
export const boundsSchema = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1).max(100_000),
  height: z.int().min(1).max(100_000),
});
export type Bounds = z.infer<typeof boundsSchema>;

export const windowStateSchema = z.strictObject({
  bounds: boundsSchema,
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

/**
 * What this app remembers about itself on this computer. Settings that the engine needs are the engine's;
 * photos and secrets are never here.
 */
export const preferencesSchema = z.strictObject({
  windows: z.strictObject({
    timeline: windowStateSchema.nullable().default(null),
    upload: windowStateSchema.nullable().default(null),
  }),
  /** Whether the person was told that closing the window leaves the app in the tray. */
  toldAboutTray: z.boolean().default(false),
});
export type Preferences = z.infer<typeof preferencesSchema>;

const defaults: Preferences = {
  windows: { timeline: null, upload: null },
  toldAboutTray: false,
};

/** A newer format gets the next number and a step from the one before; steps are never changed. */
export const preferencesVersion = 1;
type Step = (old: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
const steps: readonly Step[] = [
  // 0 → 1: before the first release the one window's place stood at the top.
  ({ window, ...rest }) => ({ ...rest, windows: { timeline: window ?? null, upload: null } }),
];

const storedSchema = z.looseObject({ version: z.int().nonnegative().default(0) });

/**
 * What was stored, brought to this version; the defaults where it cannot be understood or a newer version
 * wrote it.
 */
export function readPreferences(stored: unknown): Preferences {
  const versioned = storedSchema.safeParse(stored);
  if (!versioned.success || versioned.data.version > preferencesVersion) return defaults;
  const { version, ...content } = versioned.data;
  if (version === 0 && Object.keys(content).length === 0) return defaults;
  const migrated = steps
    .slice(version)
    .reduce<Readonly<Record<string, unknown>>>((old, step) => step(old), content);
  const parsed = preferencesSchema.safeParse(migrated);
  return parsed.success ? parsed.data : defaults;
}
