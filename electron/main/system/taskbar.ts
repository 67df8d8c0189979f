import type { ProgressBarOptions } from 'electron';

import type { EngineView } from '../engine/engine.ts';
import { attentionCount } from '../tray/tray-model.ts';

/** What dock and taskbar show. */
export interface TaskbarModel {
  /** 0 to 1; -1 for no bar, as Electron has it; above 1 for a bar without a known end. */
  readonly progress: number;
  readonly mode: NonNullable<ProgressBarOptions['mode']>;
  /** Things that wait for a person. */
  readonly badge: number;
}

const unknownProgress = 2;

export function taskbarModel({ process, status }: EngineView): TaskbarModel {
  const badge = status === null ? 0 : attentionCount(status);
  const syncing = process.state === 'running' && status?.activity === 'syncing';
  if (!syncing) return { progress: -1, mode: 'none', badge };
  return status.progress === null
    ? { progress: unknownProgress, mode: 'indeterminate', badge }
    : { progress: status.progress, mode: 'normal', badge };
}
