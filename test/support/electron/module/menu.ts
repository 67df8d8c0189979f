import type { MenuItemConstructorOptions } from 'electron';

import type { MenuState } from '../messages.ts';
import { onTest } from './link.ts';
import { record } from './state.ts';

type Click = () => void;
const clicks = new Map<number, Click>();
let lastId = 0;

function itemOf(options: MenuItemConstructorOptions): MenuState {
  lastId += 1;
  const { label = '', submenu, role, accelerator, enabled = true, click } = options;
  // Electron's `click` takes the item, the window and the event; the app uses none of them.
  if (click !== undefined) clicks.set(lastId, click as Click);
  const items = Array.isArray(submenu) ? submenu : [];
  const type = options.type ?? (items.length > 0 ? 'submenu' : 'normal');
  return {
    id: lastId,
    label,
    type,
    role: role ?? null,
    accelerator: accelerator ?? null,
    enabled,
    submenu: items.map(itemOf),
  };
}

/** A menu; tests choose from it by id. */
export class StandInMenu {
  readonly items: readonly MenuState[];

  constructor(items: readonly MenuState[] = []) {
    this.items = items;
  }

  static buildFromTemplate(template: MenuItemConstructorOptions[]): StandInMenu {
    return new StandInMenu(template.map(itemOf));
  }

  static setApplicationMenu(menu: StandInMenu | null): void {
    record(() => ({ applicationMenu: menu?.items ?? [] }));
  }
}

onTest((message) => {
  if (message.type !== 'drive' || message.drive.do !== 'chooseMenu') return;
  clicks.get(message.drive.id)?.();
});
