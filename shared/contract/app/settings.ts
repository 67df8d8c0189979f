import { z } from 'zod';

/** How the window looks; `system` follows the computer. */
export const themes = ['system', 'light', 'dark'] as const;
/** Languages that every text exists in; `system` follows the computer. */
export const languages = ['system', 'ko', 'en'] as const;
/** How far the first-run wizard got; `done` also when it was skipped. */
export const setupSteps = ['welcome', 'folders', 'destination', 'options', 'done'] as const;

/** What a person can set, apart from folders and destinations. Every field has a default. */
export const settingsSchema = z.strictObject({
  theme: z.enum(themes).default('system'),
  language: z.enum(languages).default('system'),
  setup: z.enum(setupSteps).default('welcome'),
  /** Bytes a second over all destinations; null for no limit. */
  uploadLimit: z.int().min(10_000).max(10_000_000_000).nullable().default(null),
  /** Transfers at once at one destination; null lets each destination adapt. */
  transfersAtOnce: z.int().min(1).max(64).nullable().default(null),
  pauseOnBattery: z.boolean().default(false),
  /** There is no way to ask a system for it: the person says that this network costs money. */
  meteredNetwork: z.boolean().default(false),
  startAtLogin: z.boolean().default(true),
  notifyFinished: z.boolean().default(true),
  notifyProblems: z.boolean().default(true),
  /** Bytes that the pictures of the timeline may take on this computer. */
  pictureCacheBytes: z.int().min(100_000_000).max(1_000_000_000_000).default(2_000_000_000),
});
export type Settings = z.infer<typeof settingsSchema>;

/** Some settings, to change just these. */
export const settingsPatchSchema = z
  .strictObject({
    theme: z.enum(themes),
    language: z.enum(languages),
    setup: z.enum(setupSteps),
    uploadLimit: z.int().min(10_000).max(10_000_000_000).nullable(),
    transfersAtOnce: z.int().min(1).max(64).nullable(),
    pauseOnBattery: z.boolean(),
    meteredNetwork: z.boolean(),
    startAtLogin: z.boolean(),
    notifyFinished: z.boolean(),
    notifyProblems: z.boolean(),
    pictureCacheBytes: z.int().min(100_000_000).max(1_000_000_000_000),
  })
  .partial();
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
