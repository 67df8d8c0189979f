import type { Logger } from '../engine/logging/logger.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import type { Engine } from './engine/engine.ts';
import { views } from './launch/links.ts';
import { pauseEnd, type MenuAction } from './menus/menu-item.ts';
import type { Timers } from './system/timers.ts';
import type { Windows } from './windows/windows.ts';

export interface ActionsOptions {
  readonly engine: Pick<Engine, 'call' | 'retryNow'>;
  readonly windows: Pick<Windows, 'show' | 'command'>;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly about: () => void;
  readonly copyDiagnostics: () => void;
  readonly openLogs: () => void;
  readonly checkForUpdates: () => void;
  readonly quit: () => void;
}

/** Carries out what the menus and the tray ask for. */
export function runAction(action: MenuAction, options: ActionsOptions): void {
  const { engine, windows, timers, logger } = options;
  const tell = (asked: Promise<unknown>): void => {
    asked.catch((error: unknown) => {
      logger.warn('menu action failed', { action: action.do, code: failureOf(error).code });
    });
  };
  switch (action.do) {
    case 'open':
      windows.show('timeline');
      engine.retryNow();
      break;
    case 'show':
      windows.command('timeline', { command: 'navigate', to: views[action.view] });
      break;
    case 'upload':
      windows.show('upload');
      break;
    case 'find':
    case 'shortcuts':
      windows.command('timeline', { command: action.do });
      break;
    case 'syncNow':
      tell(engine.call('sync.now', {}));
      break;
    case 'pause':
      tell(engine.call('sync.pause', { untilMs: pauseEnd(action.until, timers.now()) }));
      break;
    case 'resume':
      tell(engine.call('sync.resume', {}));
      break;
    case 'about':
    case 'copyDiagnostics':
    case 'openLogs':
    case 'checkForUpdates':
    case 'quit':
      options[action.do]();
      break;
  }
}
