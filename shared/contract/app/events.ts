import { z } from 'zod';

import { testStepSchema } from './destinations.ts';
import { folderCountSchema } from './folders.ts';
import { settingsSchema } from './settings.ts';
import { signInStatusSchema } from './sign-in.ts';
import { syncStatusSchema } from './status.ts';
import { assetIdSchema, daySchema } from './timeline.ts';
import { uploadBatchSchema } from './uploads.ts';

/** Everything the engine tells all its windows without being asked. */
export const appEvents = {
  /** At most a few times a second, and always after the last change. */
  status: syncStatusSchema,
  settings: settingsSchema,
  folderCount: folderCountSchema,
  testStep: testStepSchema,
  signIn: signInStatusSchema,
  /** Days whose photos changed (added, moved, new picture, new state); null: ask for everything again. */
  timelineChanged: z.strictObject({ days: z.array(daySchema).nullable() }),
  /** Photos that got their picture just now. */
  picturesMade: z.strictObject({ ids: z.array(assetIdSchema) }),
  upload: uploadBatchSchema,
  exported: z.strictObject({ done: z.int().nonnegative(), total: z.int().nonnegative() }),
  /** The history has a new line, which is not part of the status and may come after its last change. */
  activityAdded: z.strictObject({}),
  /** For the host: worth a notification. `photos` were backed up since the last one. */
  finished: z.strictObject({ photos: z.int().nonnegative() }),
} as const;

export type AppEventName = keyof typeof appEvents;
export type AppEventData<E extends AppEventName> = z.infer<(typeof appEvents)[E]>;

/** How the engine tells its windows. */
export type Announce = <E extends AppEventName>(name: E, data: AppEventData<E>) => void;
