import type { Texts } from '../text/texts.ts';
import { separator, type MenuItem } from './menu-item.ts';

export interface MenuFacts {
  readonly texts: Texts;
  readonly platform: NodeJS.Platform;
  /** Whether developer tools are offered. */
  readonly development: boolean;
}

/** The menu of the application, each platform's way: macOS has it on top, the others in the window. */
export function applicationMenu(facts: MenuFacts): readonly MenuItem[] {
  const { texts, platform } = facts;
  return [
    ...(platform === 'darwin' ? [appleMenu(texts)] : []),
    fileMenu(facts),
    editMenu(texts),
    viewMenu(facts),
    windowMenu(facts),
    helpMenu(facts),
  ];
}

/** The menu of the dock's icon on macOS. */
export function dockMenu(texts: Texts): readonly MenuItem[] {
  return [
    { type: 'action', label: texts.uploadPhotos, action: { do: 'upload' } },
    { type: 'action', label: texts.syncStatus, action: { do: 'show', view: 'sync' } },
  ];
}

function appleMenu(texts: Texts): MenuItem {
  return {
    type: 'submenu',
    label: 'Cloudroll',
    items: [
      { type: 'action', label: texts.about, action: { do: 'about' } },
      { type: 'action', label: texts.checkForUpdates, action: { do: 'checkForUpdates' } },
      separator,
      settingsItem(texts),
      separator,
      { type: 'role', label: texts.services, role: 'services' },
      separator,
      { type: 'role', label: texts.hide, role: 'hide' },
      { type: 'role', label: texts.hideOthers, role: 'hideOthers' },
      { type: 'role', label: texts.showAll, role: 'unhide' },
      separator,
      quitItem(texts),
    ],
  };
}

function fileMenu({ texts, platform }: MenuFacts): MenuItem {
  return {
    type: 'submenu',
    label: texts.file,
    items: [
      {
        type: 'action',
        label: texts.uploadPhotos,
        action: { do: 'upload' },
        accelerator: 'CommandOrControl+U',
      },
      { type: 'action', label: texts.syncNow, action: { do: 'syncNow' } },
      separator,
      ...(platform === 'darwin' ? [] : [settingsItem(texts), separator]),
      { type: 'role', label: texts.close, role: 'close' },
      ...(platform === 'darwin' ? [] : [quitItem(texts)]),
    ],
  };
}

function editMenu(texts: Texts): MenuItem {
  return {
    type: 'submenu',
    label: texts.edit,
    items: [
      { type: 'role', label: texts.undo, role: 'undo' },
      { type: 'role', label: texts.redo, role: 'redo' },
      separator,
      { type: 'role', label: texts.cut, role: 'cut' },
      { type: 'role', label: texts.copy, role: 'copy' },
      { type: 'role', label: texts.paste, role: 'paste' },
      { type: 'role', label: texts.selectAll, role: 'selectAll' },
      separator,
      {
        type: 'action',
        label: texts.find,
        action: { do: 'find' },
        accelerator: 'CommandOrControl+F',
      },
    ],
  };
}

function viewMenu({ texts, development }: MenuFacts): MenuItem {
  const view = (label: string, name: 'timeline' | 'sync' | 'albums' | 'duplicates', key: number) =>
    ({
      type: 'action',
      label,
      action: { do: 'show', view: name },
      accelerator: `CommandOrControl+${String(key)}`,
    }) as const;
  const developer: readonly MenuItem[] = [
    { type: 'role', label: texts.reload, role: 'reload' },
    { type: 'role', label: texts.developerTools, role: 'toggleDevTools' },
  ];
  return {
    type: 'submenu',
    label: texts.view,
    items: [
      view(texts.timeline, 'timeline', 1),
      view(texts.albums, 'albums', 2),
      view(texts.duplicates, 'duplicates', 3),
      view(texts.syncStatus, 'sync', 4),
      separator,
      { type: 'role', label: texts.actualSize, role: 'resetZoom' },
      { type: 'role', label: texts.zoomIn, role: 'zoomIn' },
      { type: 'role', label: texts.zoomOut, role: 'zoomOut' },
      separator,
      { type: 'role', label: texts.fullScreen, role: 'togglefullscreen' },
      ...(development ? [separator, ...developer] : []),
    ],
  };
}

function windowMenu({ texts, platform }: MenuFacts): MenuItem {
  return {
    type: 'submenu',
    label: texts.window,
    role: 'windowMenu',
    items: [
      { type: 'role', label: texts.minimize, role: 'minimize' },
      ...(platform === 'darwin'
        ? [separator, { type: 'role', label: texts.front, role: 'front' } as const]
        : []),
    ],
  };
}

function helpMenu({ texts, platform }: MenuFacts): MenuItem {
  const about: readonly MenuItem[] = [
    separator,
    { type: 'action', label: texts.checkForUpdates, action: { do: 'checkForUpdates' } },
    { type: 'action', label: texts.about, action: { do: 'about' } },
  ];
  return {
    type: 'submenu',
    label: texts.help,
    role: 'help',
    items: [
      { type: 'action', label: texts.shortcuts, action: { do: 'shortcuts' } },
      separator,
      { type: 'action', label: texts.copyDiagnostics, action: { do: 'copyDiagnostics' } },
      { type: 'action', label: texts.openLogs, action: { do: 'openLogs' } },
      ...(platform === 'darwin' ? [] : about),
    ],
  };
}

function settingsItem(texts: Texts): MenuItem {
  return {
    type: 'action',
    label: texts.settings,
    action: { do: 'show', view: 'settings' },
    accelerator: 'CommandOrControl+,',
  };
}

function quitItem(texts: Texts): MenuItem {
  return {
    type: 'action',
    label: texts.quit,
    action: { do: 'quit' },
    accelerator: 'CommandOrControl+Q',
  };
}
