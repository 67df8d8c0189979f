import type { MenuItemConstructorOptions } from 'electron';

import type { View } from '../launch/links.ts';

/** What an item of a menu does, as data. */
export type MenuAction =
  | { readonly do: 'open' }
  | { readonly do: 'show'; readonly view: View }
  | { readonly do: 'upload' }
  | { readonly do: 'find' }
  | { readonly do: 'shortcuts' }
  | { readonly do: 'syncNow' }
  | { readonly do: 'pause'; readonly until: PauseLength }
  | { readonly do: 'resume' }
  | { readonly do: 'about' }
  | { readonly do: 'copyDiagnostics' }
  | { readonly do: 'openLogs' }
  | { readonly do: 'checkForUpdates' }
  | { readonly do: 'quit' };

export type PauseLength = 'hour' | 'tomorrow' | 'resumed';

/** One item; the look of a menu as data, so that it can be tested without one. */
export type MenuItem =
  | { readonly type: 'separator' }
  | { readonly type: 'note'; readonly label: string }
  | {
      readonly type: 'action';
      readonly label: string;
      readonly action: MenuAction;
      readonly accelerator?: string;
    }
  | {
      readonly type: 'role';
      readonly label: string;
      readonly role: NonNullable<MenuItemConstructorOptions['role']>;
    }
  | {
      readonly type: 'submenu';
      readonly label: string;
      readonly items: readonly MenuItem[];
      readonly role?: NonNullable<MenuItemConstructorOptions['role']>;
    };

export const separator: MenuItem = { type: 'separator' };

/** Items as Electron wants them. */
export function toTemplate(
  items: readonly MenuItem[],
  run: (action: MenuAction) => void,
): MenuItemConstructorOptions[] {
  return items.map((item) => {
    switch (item.type) {
      case 'separator':
        return { type: 'separator' };
      case 'note':
        return { label: item.label, enabled: false };
      case 'role':
        return { label: item.label, role: item.role };
      case 'submenu':
        return {
          label: item.label,
          ...(item.role === undefined ? {} : { role: item.role }),
          submenu: toTemplate(item.items, run),
        };
      case 'action':
        return {
          label: item.label,
          ...(item.accelerator === undefined ? {} : { accelerator: item.accelerator }),
          click: () => {
            run(item.action);
          },
        };
    }
  });
}

/** When a pause of that length ends, milliseconds since 1970; null for one that a person ends. */
export function pauseEnd(length: PauseLength, nowMs: number): number | null {
  if (length === 'resumed') return null;
  if (length === 'hour') return nowMs + 3_600_000;
  const tomorrow = new Date(nowMs);
  tomorrow.setDate(tomorrow.getDate() + 1);
  // Before people start their day, whatever the hour it was asked for.
  tomorrow.setHours(6, 0, 0, 0);
  return tomorrow.getTime();
}
