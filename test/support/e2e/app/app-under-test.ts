import type { Locator, Page } from 'playwright-core';

import type { Workspace } from '../../cli/workspace.ts';

/** What the tray shows, where there is one. */
export type TrayPicture = 'idle' | 'scanning' | 'syncing' | 'paused' | 'attention' | 'offline';

export interface Person {
  /** Best first, e.g. `ko-KR`. */
  readonly languages?: readonly string[];
  readonly colorScheme?: 'light' | 'dark';
  /** Further environment variables of the app. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * The whole app, real engine and real photos, as a person has it before them. The same stories are told of it
 * on every host.
 */
export interface AppUnderTest extends AsyncDisposable {
  /** The page of its main window, the one after a crash too. */
  readonly page: Page;
  /** Drops files and folders of this computer onto the upload view, as from its file manager. */
  drop(paths: readonly string[]): Promise<void>;
  /** Presses a button that asks for a folder, and chooses that folder of the home directory. */
  chooseFolder(button: Locator, path: string): Promise<void>;
  /** Presses a button that opens a page in the person's browser, and returns that page. */
  openInBrowser(button: Locator): Promise<Page>;
  /** Kills the engine as a crash does, and waits until the window is joined to the next one. */
  crash(): Promise<void>;
  /** Waits until the tray has that picture; at once where there is no tray. */
  showsInTray(picture: TrayPicture): Promise<void>;
  /** Ends it as a person does: afterwards nothing of it runs. */
  stop(): Promise<void>;
}

export interface AppHost {
  readonly name: string;
  /** Why it cannot be had here; null where it can. */
  readonly missing: () => string | null;
  /** Starts the app for whoever has the workspace as their home directory. */
  readonly start: (workspace: Workspace, person?: Person) => Promise<AppUnderTest>;
}
