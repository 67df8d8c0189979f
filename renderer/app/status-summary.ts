import type { SyncStatus } from '../../shared/contract/app/status.ts';

/** The state of the backup in one line; `text` is a key of the common texts. */
export type StatusSummary =
  | { readonly mood: Mood; readonly text: PlainText }
  | { readonly mood: Mood; readonly text: CountedText; readonly count: number }
  | { readonly mood: Mood; readonly text: 'statusPausedUntil'; readonly untilMs: number };

/** Which picture stands beside the line. */
export type Mood = 'busy' | 'safe' | 'paused' | 'attention' | 'offline' | 'setup';

type PlainText =
  | 'statusAway'
  | 'statusStarting'
  | 'statusSetup'
  | 'statusScanning'
  | 'statusSyncingUnread'
  | 'statusIdleEmpty'
  | 'statusPaused'
  | 'statusPausedBattery'
  | 'statusPausedMetered'
  | 'statusPausedSuspended'
  | 'statusAttention'
  | 'statusOffline';

type CountedText = 'statusScanningMore' | 'statusSyncing' | 'statusIdle' | 'statusFailed';

/**
 * What the window says about the backup at all times. It is never more hopeful than the engine: "backed up"
 * only when the engine is there, idle, and has nothing waiting, failed or unread.
 */
export function statusSummary(status: SyncStatus, connected: boolean): StatusSummary {
  if (!connected) return { mood: 'offline', text: 'statusAway' };
  switch (status.activity) {
    case 'starting':
      return { mood: 'busy', text: 'statusStarting' };
    case 'setup':
      return { mood: 'setup', text: 'statusSetup' };
    case 'scanning':
      return status.photos + status.unread === 0
        ? { mood: 'busy', text: 'statusScanning' }
        : { mood: 'busy', text: 'statusScanningMore', count: status.photos + status.unread };
    case 'syncing':
      return syncing(status);
    case 'paused':
      return paused(status);
    case 'attention':
      return status.failed > 0 && status.questions.length === 0
        ? { mood: 'attention', text: 'statusFailed', count: status.failed }
        : { mood: 'attention', text: 'statusAttention' };
    case 'offline':
      return { mood: 'offline', text: 'statusOffline' };
    case 'idle':
      return idle(status);
  }
}

function syncing(status: SyncStatus): StatusSummary {
  return status.waiting > 0
    ? { mood: 'busy', text: 'statusSyncing', count: status.waiting }
    : { mood: 'busy', text: 'statusSyncingUnread' };
}

function idle(status: SyncStatus): StatusSummary {
  if (status.failed > 0) return { mood: 'attention', text: 'statusFailed', count: status.failed };
  if (status.waiting > 0 || status.unread > 0) return syncing(status);
  return status.photos === 0
    ? { mood: 'setup', text: 'statusIdleEmpty' }
    : { mood: 'safe', text: 'statusIdle', count: status.photos };
}

function paused({ pause }: SyncStatus): StatusSummary {
  const mood = 'paused';
  switch (pause?.reason) {
    case 'battery':
      return { mood, text: 'statusPausedBattery' };
    case 'metered':
      return { mood, text: 'statusPausedMetered' };
    case 'suspended':
      return { mood, text: 'statusPausedSuspended' };
    case 'person':
    case undefined:
      return pause?.untilMs == null
        ? { mood, text: 'statusPaused' }
        : { mood, text: 'statusPausedUntil', untilMs: pause.untilMs };
  }
}
