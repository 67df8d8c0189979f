import type { ActivityEntry, SyncStatus } from '../../../shared/contract/app/status.ts';
import type { EngineState } from '../engine/engine-process.ts';
import { separator, type MenuItem } from '../menus/menu-item.ts';
import type { Texts } from '../text/texts.ts';

/** The pictures of the tray; `syncing` comes in fifths of its ring. */
export type TrayIcon =
  | 'idle'
  | 'scanning'
  | 'syncing-0'
  | 'syncing-1'
  | 'syncing-2'
  | 'syncing-3'
  | 'syncing-4'
  | 'paused'
  | 'attention'
  | 'offline';

export const trayIcons: readonly TrayIcon[] = [
  ...(['idle', 'scanning', 'syncing-0', 'syncing-1', 'syncing-2', 'syncing-3'] as const),
  ...(['syncing-4', 'paused', 'attention', 'offline'] as const),
];

/** Everything the tray shows is made of this. */
export interface TrayFacts {
  readonly engine: EngineState;
  /** Null while the engine has not told anything yet. */
  readonly status: SyncStatus | null;
  readonly recent: readonly ActivityEntry[];
  readonly texts: Texts;
  /** A moment as people write it; milliseconds since 1970. */
  readonly time: (ms: number) => string;
}

export interface TrayModel {
  readonly icon: TrayIcon;
  /** The state in one sentence, with counts. */
  readonly summary: string;
  readonly menu: readonly MenuItem[];
}

const syncingIcons = ['syncing-0', 'syncing-1', 'syncing-2', 'syncing-3', 'syncing-4'] as const;
const shownEntries = 3;
const shownProblems = 8;
/** Windows cuts a tooltip off after 127 characters. */
const longestTooltip = 127;

/** The tray, true at every moment: it says that all is backed up only where nothing is left to do. */
export function trayModel(facts: TrayFacts): TrayModel {
  const { icon, summary } = stateOf(facts);
  return { icon, summary, menu: menuOf(facts, summary) };
}

/** What the pointer over the icon shows. */
export function tooltipOf({ summary }: TrayModel): string {
  const full = `Cloudroll\n${summary}`;
  return full.length <= longestTooltip ? full : `${full.slice(0, longestTooltip - 1)}…`;
}

type State = Pick<TrayModel, 'icon' | 'summary'>;

function stateOf(facts: TrayFacts): State {
  const { engine, status, texts } = facts;
  if (engine.state === 'restarting') {
    return {
      icon: 'attention',
      summary: engine.failure.code === 'bug' ? texts.restarting : engine.failure.message,
    };
  }
  if (engine.state === 'stopping' || engine.state === 'stopped') {
    return { icon: 'paused', summary: texts.stopping };
  }
  if (status === null || engine.state !== 'running' || status.activity === 'starting') {
    return { icon: 'scanning', summary: texts.starting };
  }
  return stateOfStatus(status, facts);
}

function stateOfStatus(status: SyncStatus, facts: TrayFacts): State {
  const { texts } = facts;
  const left = status.waiting + status.unread;
  switch (status.activity) {
    case 'setup':
      return { icon: 'attention', summary: texts.setup };
    case 'attention':
      return { icon: 'attention', summary: attentionSummary(status, texts) };
    case 'paused':
      return { icon: 'paused', summary: pausedSummary(status, facts) };
    case 'offline':
      return { icon: 'offline', summary: texts.offline(left) };
    case 'syncing':
      return syncing(status, texts);
    case 'scanning':
      return { icon: 'scanning', summary: texts.scanning(status.photos + status.unread) };
    case 'starting':
    case 'idle':
      return idle(status, texts);
  }
}

function idle(status: SyncStatus, texts: Texts): State {
  const needed = attentionCount(status);
  if (needed > 0) return { icon: 'attention', summary: attentionSummary(status, texts) };
  const left = status.waiting + status.unread;
  if (left > 0) return { icon: 'scanning', summary: texts.workLeft(left) };
  if (!status.scanned) return { icon: 'scanning', summary: texts.scanning(status.photos) };
  return { icon: 'idle', summary: texts.allSafe(status.photos) };
}

function syncing({ progress, safe, photos, unread }: SyncStatus, texts: Texts): State {
  const step = Math.min(syncingIcons.length - 1, Math.floor((progress ?? 0) * syncingIcons.length));
  // Rounded down: 100 % is said when it is done.
  const percent = progress === null ? null : Math.min(99, Math.floor(progress * 100));
  return {
    icon: syncingIcons[step] ?? 'syncing-0',
    summary: texts.syncing(safe, photos + unread, percent),
  };
}

function pausedSummary({ pause, waiting, unread }: SyncStatus, { texts, time }: TrayFacts): string {
  const left = waiting + unread;
  if (pause?.reason === 'battery') return texts.pausedBattery(left);
  if (pause?.reason === 'metered') return texts.pausedMetered(left);
  const until = pause?.untilMs ?? null;
  return until === null ? texts.paused(left) : texts.pausedUntil(time(until), left);
}

function attentionSummary(status: SyncStatus, texts: Texts): string {
  const [only, ...others] = problemsOf(status, texts);
  if (only !== undefined && others.length === 0) return only;
  return texts.attention(Math.max(1, others.length + 1));
}

/** How many things wait for a person: shown as the badge. */
export function attentionCount(status: SyncStatus): number {
  const unwell = status.destinations.filter(({ health }) => needsPerson(health)).length;
  return status.questions.length + unwell + (status.failed > 0 ? 1 : 0);
}

function needsPerson(health: SyncStatus['destinations'][number]['health']): boolean {
  return health === 'signIn' || health === 'full' || health === 'readOnly' || health === 'failing';
}

/** What needs attention, one sentence each. */
export function problemsOf(status: SyncStatus, texts: Texts): readonly string[] {
  return [
    ...status.questions.map(({ kind, subject }) => texts.question(kind, subject)),
    ...status.destinations
      .filter(({ health }) => needsPerson(health))
      .map(({ name, health }) => texts.destinationProblem(name, health)),
    ...(status.failed > 0 ? [texts.failedPhotos(status.failed)] : []),
  ];
}

function menuOf(facts: TrayFacts, summary: string): readonly MenuItem[] {
  const { texts } = facts;
  return [
    { type: 'note', label: escaped(summary) },
    separator,
    { type: 'action', label: texts.open, action: { do: 'open' } },
    { type: 'action', label: texts.uploadPhotos, action: { do: 'upload' } },
    separator,
    ...pauseItems(facts),
    separator,
    { type: 'submenu', label: texts.lastBackedUp, items: recentItems(facts) },
    ...attentionItems(facts),
    separator,
    { type: 'action', label: texts.settings, action: { do: 'show', view: 'settings' } },
    { type: 'action', label: texts.quit, action: { do: 'quit' } },
  ];
}

function pauseItems({ status, engine, texts }: TrayFacts): readonly MenuItem[] {
  if (engine.state !== 'running' || status === null || status.activity === 'setup') {
    return [{ type: 'note', label: texts.pause }];
  }
  if (status.pause?.reason === 'person') {
    return [{ type: 'action', label: texts.resume, action: { do: 'resume' } }];
  }
  return [
    {
      type: 'submenu',
      label: texts.pause,
      items: [
        { type: 'action', label: texts.pauseHour, action: { do: 'pause', until: 'hour' } },
        { type: 'action', label: texts.pauseTomorrow, action: { do: 'pause', until: 'tomorrow' } },
        { type: 'action', label: texts.pauseResumed, action: { do: 'pause', until: 'resumed' } },
      ],
    },
  ];
}

function recentItems({ recent, status, texts, time }: TrayFacts): readonly MenuItem[] {
  const nameOf = (id: string | null): string | null =>
    status?.destinations.find((destination) => destination.id === id)?.name ?? null;
  const entries = recent.filter(({ kind }) => kind === 'backedUp').slice(0, shownEntries);
  if (entries.length === 0) return [{ type: 'note', label: texts.nothingBackedUpYet }];
  return entries.map(({ photos, atMs, destination }) => ({
    type: 'action',
    label: escaped(texts.backedUpEntry(photos, time(atMs), nameOf(destination))),
    action: { do: 'show', view: 'activity' },
  }));
}

function attentionItems({ status, texts }: TrayFacts): readonly MenuItem[] {
  const problems = status === null ? [] : problemsOf(status, texts);
  if (problems.length === 0) return [{ type: 'note', label: texts.nothingNeedsAttention }];
  const items = problems.slice(0, shownProblems).map((problem): MenuItem => ({
    type: 'action',
    label: escaped(problem),
    action: { do: 'show', view: 'problems' },
  }));
  return [{ type: 'submenu', label: texts.needsAttention, items }];
}

/** Menus of Windows and Linux take a single `&` for the mark of a key. */
function escaped(label: string): string {
  return label.replaceAll('&', '&&');
}
