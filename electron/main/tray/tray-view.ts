import { join } from 'node:path';

import { Menu, nativeImage, Tray, type NativeImage } from 'electron';

import { toTemplate, type MenuAction } from '../menus/menu-item.ts';
import { tooltipOf, type TrayIcon, type TrayModel } from './tray-model.ts';

export interface TrayViewOptions {
  /** Where the icons lie. */
  readonly icons: string;
  readonly platform: NodeJS.Platform;
  readonly run: (action: MenuAction) => void;
}

/** The file of an icon: a template image on macOS, ICO on Windows. */
export function trayIconFile(icon: TrayIcon, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return `${icon}Template.png`;
  return platform === 'win32' ? `${icon}.ico` : `${icon}.png`;
}

/** The icon in the tray. Held for as long as the app runs: Electron removes one that nobody holds. */
export class TrayView {
  readonly #options: TrayViewOptions;
  readonly #images = new Map<TrayIcon, NativeImage>();
  #tray: Tray | null = null;
  #shown: TrayModel | null = null;
  #menu = '';

  constructor(options: TrayViewOptions) {
    this.#options = options;
  }

  show(model: TrayModel): void {
    const tray = (this.#tray ??= this.#create(model));
    if (model.icon !== this.#shown?.icon) tray.setImage(this.#image(model.icon));
    if (model.summary !== this.#shown?.summary) tray.setToolTip(tooltipOf(model));
    // Linux takes a menu as it is at this moment: every change has it set anew.
    const menu = JSON.stringify(model.menu);
    if (menu !== this.#menu) {
      tray.setContextMenu(Menu.buildFromTemplate(toTemplate(model.menu, this.#options.run)));
    }
    this.#menu = menu;
    this.#shown = model;
  }

  destroy(): void {
    this.#tray?.destroy();
    this.#tray = null;
  }

  #create({ icon }: TrayModel): Tray {
    const tray = new Tray(this.#image(icon));
    // On macOS a click opens the menu.
    if (this.#options.platform !== 'darwin') {
      tray.on('click', () => {
        this.#options.run({ do: 'open' });
      });
    }
    return tray;
  }

  #image(icon: TrayIcon): NativeImage {
    const known = this.#images.get(icon);
    if (known !== undefined) return known;
    const { icons, platform } = this.#options;
    const image = nativeImage.createFromPath(join(icons, trayIconFile(icon, platform)));
    if (platform === 'darwin') image.setTemplateImage(true);
    this.#images.set(icon, image);
    return image;
  }
}
