/**
 * The stand-in for the module `electron`, as far as the app's main process uses it. Each part names the part of
 * Electron's own definitions that it stands for, so that a change there fails to compile here.
 */
import { app } from './app.ts';
import { StandInWindow as BrowserWindow } from './browser-window.ts';
import { StandInMenu as Menu } from './menu.ts';
import { StandInImage } from './native-image.ts';
import {
  clipboard,
  crashReporter,
  dialog,
  ipcMain,
  nativeTheme,
  net,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
  StandInClipboardItem as ClipboardItem,
  StandInNotification as Notification,
} from './others.ts';
import { StandInMessageChannel as MessageChannelMain } from './ports.ts';
import { strict } from './strict.ts';
import { StandInTray as Tray } from './tray.ts';
import { StandInUtility as utilityProcess } from './utility-process.ts';
import './port-messages.ts';

const nativeImage = strict('nativeImage', {
  createFromPath: (path: string) => new StandInImage(path),
});

export {
  app,
  BrowserWindow,
  clipboard,
  ClipboardItem,
  crashReporter,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
};

/** For packages that import the whole. */
export default { app, ipcMain, shell };
