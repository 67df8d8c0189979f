import type { languages } from '../../../shared/contract/app/settings.ts';
import { english } from './en.ts';
import { korean } from './ko.ts';

/** Every text that the desktop shows outside its windows. Numbers come in; the language forms the sentence. */
export interface Texts {
  readonly open: string;
  readonly uploadPhotos: string;
  readonly pause: string;
  readonly pauseHour: string;
  readonly pauseTomorrow: string;
  readonly pauseResumed: string;
  readonly resume: string;
  readonly syncNow: string;
  readonly lastBackedUp: string;
  readonly nothingBackedUpYet: string;
  readonly backedUpEntry: (photos: number, time: string, destination: string | null) => string;
  readonly needsAttention: string;
  readonly nothingNeedsAttention: string;
  readonly settings: string;
  readonly quit: string;

  readonly starting: string;
  readonly restarting: string;
  readonly stopping: string;
  readonly setup: string;
  readonly scanning: (found: number) => string;
  readonly syncing: (safe: number, photos: number, percent: number | null) => string;
  readonly allSafe: (photos: number) => string;
  readonly workLeft: (waiting: number) => string;
  readonly paused: (waiting: number) => string;
  readonly pausedUntil: (time: string, waiting: number) => string;
  readonly pausedBattery: (waiting: number) => string;
  readonly pausedMetered: (waiting: number) => string;
  readonly offline: (waiting: number) => string;
  readonly attention: (count: number) => string;
  readonly failedPhotos: (count: number) => string;
  readonly destinationProblem: (name: string, health: string) => string;
  readonly question: (kind: string, subject: string) => string;

  readonly file: string;
  readonly edit: string;
  readonly view: string;
  readonly window: string;
  readonly help: string;
  readonly undo: string;
  readonly redo: string;
  readonly cut: string;
  readonly copy: string;
  readonly paste: string;
  readonly selectAll: string;
  readonly find: string;
  readonly timeline: string;
  readonly syncStatus: string;
  readonly albums: string;
  readonly duplicates: string;
  readonly reload: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly actualSize: string;
  readonly fullScreen: string;
  readonly minimize: string;
  readonly close: string;
  readonly front: string;
  readonly developerTools: string;
  readonly services: string;
  readonly hide: string;
  readonly hideOthers: string;
  readonly showAll: string;
  readonly about: string;
  readonly shortcuts: string;
  readonly copyDiagnostics: string;
  readonly diagnosticsCopied: string;
  readonly openLogs: string;
  readonly checkForUpdates: string;

  readonly finishedTitle: string;
  readonly finishedBody: (photos: number) => string;
  readonly attentionTitle: string;
  readonly stillRunningTitle: string;
  readonly stillRunningBody: string;
  readonly updateReadyTitle: string;
  readonly updateReadyBody: (version: string) => string;
  readonly upToDate: string;
  readonly updateFailed: string;
  readonly updatesOff: string;
  readonly aboutBody: string;
}

/** Texts in the language that was set; `system` takes the first of the person's languages that there is. */
export function textsFor(setting: (typeof languages)[number], preferred: readonly string[]): Texts {
  return languageFor(setting, preferred) === 'ko' ? korean : english;
}

/** See {@link textsFor}. */
export function languageFor(
  setting: (typeof languages)[number],
  preferred: readonly string[],
): 'ko' | 'en' {
  if (setting !== 'system') return setting;
  const first = preferred.map((tag) => tag.toLowerCase().split('-')[0]);
  return first.find((tag) => tag === 'ko' || tag === 'en') === 'ko' ? 'ko' : 'en';
}
