import { z } from 'zod';

import type { Failure } from '../../domain/failure.ts';
import { largestPasted } from '../../domain/pasted-image.ts';
import type { WindowCommand } from '../app/host-bridge.ts';
import { assetIdSchema } from '../app/timeline.ts';

/**
 * What the preload of a window may ask of Electron's main process, and how the arguments are checked there.
 * Everything about photos goes straight to the engine instead.
 */
export const desktopRequests = {
  /** Joins the window to the engine: the port comes as the message {@link DesktopMessages} `enginePort`. */
  connectEngine: z.strictObject({ connection: z.int().min(1) }),
  chooseFolder: z.strictObject({ title: z.string().max(200) }),
  chooseFiles: z.strictObject({ title: z.string().max(200) }),
  openExternal: z.strictObject({ address: z.string().max(2000) }),
  copyPicture: z.strictObject({ asset: assetIdSchema }),
  /** Makes a file of an image that was pasted; answers with its path. */
  keepPasted: z.strictObject({
    image: z.instanceof(Uint8Array).refine(({ length }) => length <= largestPasted),
  }),
  /** Shows the main window at its photos, or at one of them. */
  showPhotos: z.strictObject({ asset: assetIdSchema.nullable() }),
  /** The window takes commands from now on; those that came before are handed over. */
  takeCommands: z.strictObject({}),
} as const;

export type DesktopRequest = keyof typeof desktopRequests;
export type DesktopParams<R extends DesktopRequest> = z.infer<(typeof desktopRequests)[R]>;

/** What each request is answered with. */
export interface DesktopResults {
  readonly connectEngine: null;
  readonly chooseFolder: string | null;
  readonly chooseFiles: readonly string[];
  readonly openExternal: null;
  readonly copyPicture: null;
  readonly keepPasted: string;
  readonly showPhotos: null;
  readonly takeCommands: readonly WindowCommand[];
}

/** An answer as data: an error would lose all but its message on the way. */
export type DesktopAnswer<R extends DesktopRequest> =
  | { readonly ok: true; readonly value: DesktopResults[R] }
  | { readonly ok: false; readonly failure: Failure };

/** What the main process tells a window unasked. */
export interface DesktopMessages {
  /** With the MessagePort that was asked for under this number. */
  readonly enginePort: { readonly connection: number };
  readonly command: WindowCommand;
}

/** How a request is named on Electron's IPC. */
export type RequestChannel<R extends DesktopRequest = DesktopRequest> = `request:${R}`;
/** How a message is named on Electron's IPC. */
export type MessageChannelName<M extends keyof DesktopMessages = keyof DesktopMessages> =
  `message:${M}`;

/** Start of the argument that tells the preload the person's languages, best first, with commas. */
export type LanguagesArgument = `--cloudroll-languages=${string}`;
