import { EventEmitter } from 'node:events';

import type { NativeImage, Tray } from 'electron';

import { onTest } from './link.ts';
import type { StandInMenu } from './menu.ts';
import { pathOf } from './native-image.ts';
import { record } from './state.ts';

type TrayMethods = Pick<Tray, 'setImage' | 'setToolTip' | 'destroy'>;

/** The tray's icon; the test sees what it shows. */
export class StandInTray extends EventEmitter implements TrayMethods {
  constructor(image: NativeImage | string) {
    super();
    record(() => ({ tray: { image: pathOf(image), toolTip: '', menu: [] } }));
    onTest((message) => {
      if (message.type === 'drive' && message.drive.do === 'clickTray') this.emit('click');
    });
  }

  setImage(image: NativeImage | string): void {
    record(({ tray }) => ({ tray: tray && { ...tray, image: pathOf(image) } }));
  }

  setToolTip(toolTip: string): void {
    record(({ tray }) => ({ tray: tray && { ...tray, toolTip } }));
  }

  setContextMenu(menu: StandInMenu | null): void {
    record(({ tray }) => ({ tray: tray && { ...tray, menu: menu?.items ?? [] } }));
  }

  destroy(): void {
    record(() => ({ tray: null }));
  }
}
