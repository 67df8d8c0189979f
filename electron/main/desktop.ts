import { homedir } from 'node:os';
import { join } from 'node:path';

import {
  app,
  clipboard,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeTheme,
  net,
  powerMonitor,
  protocol,
  session,
  shell,
  type BrowserWindow,
} from 'electron';

import type { Settings } from '../../shared/contract/app/settings.ts';
import { logFile } from '../engine/logging/log-file.ts';
import type { Logger } from '../engine/logging/logger.ts';
import { runAction } from './actions.ts';
import { collectDiagnostics } from './diagnostics/diagnostics.ts';
import { Engine, type EngineView } from './engine/engine.ts';
import { forkEngine, forkThumbnails } from './engine/fork-engine.ts';
import type { LaunchRequest } from './launch/arguments.ts';
import { parseLink } from './launch/links.ts';
import { applicationMenu, dockMenu } from './menus/application-menu.ts';
import { toTemplate, type MenuAction } from './menus/menu-item.ts';
import { Notifications } from './notifications/notifications.ts';
import { Notifier, type Note } from './notifications/notifier.ts';
import type { AppPaths } from './paths.ts';
import { PreferencesStore } from './preferences/preferences-store.ts';
import { serveProtocol } from './protocol/protocol.ts';
import { Quit } from './quit.ts';
import { guardPermissions } from './security/guards.ts';
import { serveRequests } from './security/requests.ts';
import { isTrustedSender } from './security/sender.ts';
import { applyLoginItem } from './system/login-item.ts';
import { watchSurroundings } from './system/surroundings.ts';
import { taskbarModel } from './system/taskbar.ts';
import { systemTimers } from './system/timers.ts';
import { Updates } from './system/updates.ts';
import { languageFor, textsFor, type Texts } from './text/texts.ts';
import { trayModel } from './tray/tray-model.ts';
import { TrayView } from './tray/tray-view.ts';
import { openExternal, windowRequests } from './window-requests.ts';
import { Windows } from './windows/windows.ts';

export interface DesktopOptions {
  readonly paths: AppPaths;
  readonly dataDirectory: string;
  /** Where this app keeps what is its own. */
  readonly ownDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly logger: Logger;
  readonly redact: (text: string) => string;
}

/** The engine has this long to park its transfers, milliseconds. */
const parkDeadlineMs = 20_000;

/** The app, put together: the engine's process, windows, tray and everything that follows the engine's state. */
export class Desktop {
  readonly #options: DesktopOptions;
  readonly #timers = systemTimers;
  readonly #languages = app.getPreferredSystemLanguages();
  readonly #engine: Engine;
  readonly #windows: Windows;
  readonly #tray: TrayView;
  readonly #preferences: PreferencesStore;
  readonly #notifications: Notifications;
  readonly #notifier: Notifier;
  readonly #updates: Updates;
  readonly #quit: Quit;
  #applied: Settings | null = null;

  constructor(options: DesktopOptions) {
    this.#options = options;
    const { paths, logger, dataDirectory, environment } = options;
    const timers = this.#timers;
    const surroundings = watchSurroundings({
      power: powerMonitor,
      net,
      platform: process.platform,
      timers,
    });
    this.#preferences = new PreferencesStore(options.ownDirectory);
    this.#engine = new Engine(
      {
        fork: () => forkEngine(paths.engine, environment),
        forkThumbnails: () => forkThumbnails(paths.thumbnails, environment),
        openPorts: () => new MessageChannelMain(),
        dataDirectory,
        version: app.getVersion(),
        timers,
        logger,
      },
      surroundings.value,
    );
    surroundings.follow((now) => {
      this.#engine.surroundings(now);
    });
    this.#windows = new Windows({
      preload: paths.preload,
      languages: this.#languages,
      preferences: this.#preferences,
      timers,
      logger,
      icon: process.platform === 'linux' ? join(paths.icons, 'app', '256.png') : null,
      darkBackground: () => nativeTheme.shouldUseDarkColors,
      onAllClosed: () => {
        this.#tellAboutTray();
      },
      onOpened: (window) => {
        this.#showTaskbar(window, this.#engine.view.value);
      },
    });
    this.#tray = new TrayView({
      icons: join(paths.icons, 'tray'),
      platform: process.platform,
      run: (action) => {
        this.#run(action);
      },
    });
    this.#notifications = new Notifications((note) => {
      this.#follow(note);
    });
    this.#notifier = new Notifier({
      show: (note) => {
        this.#notifications.show(note);
      },
      texts: () => this.#texts,
      timers,
    });
    this.#updates = new Updates({
      packaged: app.isPackaged,
      resources: process.resourcesPath,
      timers,
      logger,
      onReady: (version) => {
        const { updateReadyTitle, updateReadyBody } = this.#texts;
        this.#notifications.show({
          kind: 'update',
          title: updateReadyTitle,
          body: updateReadyBody(version),
        });
      },
    });
    this.#quit = new Quit({
      park: () => this.#engine.stop(parkDeadlineMs),
      end: () => {
        this.#tray.destroy();
        app.quit();
      },
      logger,
    });
  }

  start(): void {
    const { paths, logger } = this.#options;
    guardPermissions(session.defaultSession);
    serveProtocol(protocol, {
      files: paths.window,
      findPicture: (asset, size, signal) => this.#engine.picture(asset, size, signal),
    });
    serveRequests(ipcMain, windowRequests(this.#engine, this.#windows), {
      isTrusted: (event) => isTrustedSender(event, this.#windows.contentIds),
      logger,
    });
    app.on('before-quit', (event) => {
      this.#windows.closeAll();
      this.#quit.beforeQuit(event);
    });
    app.on('activate', () => {
      this.#windows.show('timeline');
    });
    // The app lives in the tray: quitting is asked for by name.
    app.on('window-all-closed', () => undefined);
    powerMonitor.on('shutdown', () => {
      app.quit();
    });
    this.#engine.onFinished(({ photos }) => {
      this.#notifier.finished(photos);
    });
    this.#engine.view.follow((view) => {
      this.#show(view);
    });
    this.#setMenus();
    this.#engine.start();
    this.#updates.start();
  }

  /** Does what a start, a link or a file asks for; without a wish it shows the timeline. */
  open({ hidden, upload, paths, link }: LaunchRequest): void {
    const target = link === null ? null : parseLink(link);
    if (target?.kind === 'navigate') {
      this.#windows.command('timeline', { command: 'navigate', to: target.to });
    } else if (paths.length > 0) {
      this.#windows.command('upload', { command: 'upload', paths });
    } else if (upload || target?.kind === 'upload') {
      this.#windows.show('upload');
    } else if (!hidden) {
      this.#windows.show('timeline');
    }
  }

  get #texts(): Texts {
    return textsFor(this.#engine.view.value.settings?.language ?? 'system', this.#languages);
  }

  #show(view: EngineView): void {
    this.#applySettings(view.settings);
    this.#tray.show(this.#trayModel(view));
    for (const window of this.#windows.all) this.#showTaskbar(window, view);
    if (process.platform !== 'win32') app.setBadgeCount(taskbarModel(view).badge);
    this.#notifier.follow(view);
  }

  #trayModel(view: EngineView): ReturnType<typeof trayModel> {
    const language = languageFor(view.settings?.language ?? 'system', this.#languages);
    const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
    return trayModel({
      engine: view.process,
      status: view.status,
      recent: view.recent,
      texts: this.#texts,
      time: (ms) => format.format(ms),
    });
  }

  #showTaskbar(window: BrowserWindow, view: EngineView): void {
    const { progress, mode } = taskbarModel(view);
    window.setProgressBar(progress, { mode });
  }

  #applySettings(settings: Settings | null): void {
    const before = this.#applied;
    if (settings === null) return;
    this.#applied = settings;
    if (settings.theme !== before?.theme) nativeTheme.themeSource = settings.theme;
    if (settings.language !== before?.language) this.#setMenus();
    // From source there is no program that a login could start; before the wizard nobody was asked.
    const decided = settings.setup === 'done' && app.isPackaged;
    const changed =
      settings.startAtLogin !== before?.startAtLogin || settings.setup !== before.setup;
    if (decided && changed) this.#applyLoginItem(settings.startAtLogin);
  }

  #applyLoginItem(wanted: boolean): void {
    const { platform, env: environment, execPath: program } = process;
    applyLoginItem(wanted, { app, platform, environment, home: homedir(), program }).catch(
      (error: unknown) => {
        this.#options.logger.warn('login item not set', { error: String(error) });
      },
    );
  }

  #setMenus(): void {
    const run = (action: MenuAction): void => {
      this.#run(action);
    };
    const texts = this.#texts;
    const facts = { texts, platform: process.platform, development: !app.isPackaged };
    Menu.setApplicationMenu(Menu.buildFromTemplate(toTemplate(applicationMenu(facts), run)));
    app.dock?.setMenu(Menu.buildFromTemplate(toTemplate(dockMenu(texts), run)));
    app.setAboutPanelOptions({
      applicationName: 'Cloudroll',
      applicationVersion: app.getVersion(),
      version: '',
      copyright: texts.aboutBody,
    });
    if (process.platform === 'win32') {
      app.setUserTasks([
        {
          program: process.execPath,
          arguments: 'upload',
          title: texts.uploadPhotos,
          description: texts.uploadPhotos,
          iconPath: process.execPath,
          iconIndex: 0,
        },
      ]);
    }
  }

  #run(action: MenuAction): void {
    runAction(action, {
      engine: this.#engine,
      windows: this.#windows,
      timers: this.#timers,
      logger: this.#options.logger,
      about: () => {
        app.showAboutPanel();
      },
      copyDiagnostics: () => {
        void this.#copyDiagnostics();
      },
      openLogs: () => {
        shell.showItemInFolder(join(this.#options.dataDirectory, logFile));
      },
      checkForUpdates: () => {
        void this.#checkForUpdates();
      },
      quit: () => {
        app.quit();
      },
    });
  }

  async #copyDiagnostics(): Promise<void> {
    const text = await collectDiagnostics({
      version: app.getVersion(),
      packaged: app.isPackaged,
      platform: `${process.platform} ${process.arch}`,
      systemVersion: process.getSystemVersion(),
      versions: process.versions,
      languages: this.#languages,
      summary: this.#trayModel(this.#engine.view.value).summary,
      engine: () => this.#engine.call('app.diagnostics', {}),
      log: join(this.#options.ownDirectory, logFile),
      redact: this.#options.redact,
    });
    await clipboard.writeText(text);
    const { copyDiagnostics, diagnosticsCopied } = this.#texts;
    this.#notifications.show({
      kind: 'diagnostics',
      title: copyDiagnostics,
      body: diagnosticsCopied,
    });
  }

  async #checkForUpdates(): Promise<void> {
    const texts = this.#texts;
    const result = await this.#updates.check();
    // A version that is ready announces itself.
    if (result === 'ready') return;
    const bodies = { none: texts.upToDate, failed: texts.updateFailed, off: texts.updatesOff };
    this.#notifications.show({
      kind: 'update',
      title: texts.checkForUpdates.replace('…', ''),
      body: bodies[result],
    });
  }

  /** Once in a lifetime: that a closed window is not a closed app. */
  #tellAboutTray(): void {
    if (this.#quit.quitting || this.#preferences.value.toldAboutTray) return;
    this.#preferences.update({ toldAboutTray: true });
    const { stillRunningTitle, stillRunningBody } = this.#texts;
    this.#notifications.show({
      kind: 'background',
      title: stillRunningTitle,
      body: stillRunningBody,
    });
  }

  /** A click on a notification. */
  #follow({ kind }: Note): void {
    if (kind === 'attention') this.#run({ do: 'show', view: 'problems' });
    else if (kind !== 'diagnostics') this.#run({ do: 'open' });
  }
}

/** Opens an address that a page wanted to go to. */
export function openFromPage(address: string, logger: Logger): void {
  openExternal(address).catch((error: unknown) => {
    logger.warn('address not opened', { error: String(error) });
  });
}
