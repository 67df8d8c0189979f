import type { DesktopState } from '../messages.ts';
import { tellTest } from './link.ts';

let state: DesktopState = {
  tray: null,
  applicationMenu: [],
  notifications: [],
  windows: [],
  engine: null,
  engineStarts: 0,
  openedExternally: [],
  clipboardText: '',
  clipboardTypes: [],
  badge: 0,
  themeSource: 'system',
  schemes: [],
};

/** Tells the test what the app shows now. */
export function record(change: (state: DesktopState) => Partial<DesktopState>): void {
  state = { ...state, ...change(state) };
  tellTest({ type: 'state', state });
}
