import type { Texts } from './texts.ts';

const number = new Intl.NumberFormat('en');
const plural = new Intl.PluralRules('en');

function photos(count: number): string {
  return `${number.format(count)} ${plural.select(count) === 'one' ? 'photo' : 'photos'}`;
}

/** `, 12 photos waiting` */
function andWaiting(count: number): string {
  return count === 0 ? '' : `, ${photos(count)} waiting`;
}

const healths: Readonly<Record<string, string>> = {
  offline: 'cannot be reached',
  signIn: 'needs you to sign in again',
  full: 'is full',
  readOnly: 'cannot be written to',
  failing: 'has a problem',
};

const questions: Readonly<Record<string, string>> = {
  vanished: 'Photos are gone from',
  emptiedFolder: 'A folder is empty now:',
  otherDrive: 'There is another drive at',
  emptiedDestination: 'A backup was emptied:',
};

export const english: Texts = {
  open: 'Open Cloudroll',
  uploadPhotos: 'Upload photos…',
  pause: 'Pause',
  pauseHour: 'For 1 hour',
  pauseTomorrow: 'Until tomorrow',
  pauseResumed: 'Until I resume it',
  resume: 'Resume',
  syncNow: 'Sync now',
  lastBackedUp: 'Last backed up',
  nothingBackedUpYet: 'Nothing yet',
  backedUpEntry: (count, time, destination) =>
    `${photos(count)}${destination === null ? '' : ` to ${destination}`}, ${time}`,
  needsAttention: 'Needs your attention',
  nothingNeedsAttention: 'Nothing needs your attention',
  settings: 'Settings…',
  quit: 'Quit Cloudroll',

  starting: 'Starting…',
  restarting: 'The sync engine stopped and is being started again. Nothing is lost.',
  stopping: 'Finishing what is being sent…',
  setup: 'Choose what to back up, and where to',
  scanning: (found) =>
    found === 0 ? 'Looking for photos…' : `Looking for photos… ${number.format(found)} found`,
  syncing: (safe, all, percent) =>
    `Backing up: ${number.format(safe)} of ${photos(all)}${percent === null ? '' : ` (${String(percent)} %)`}`,
  allSafe: (count) => (count === 0 ? 'No photos found yet' : `All backed up: ${photos(count)}`),
  workLeft: (waiting) => `${photos(waiting)} waiting`,
  paused: (waiting) => `Paused${andWaiting(waiting)}`,
  pausedUntil: (time, waiting) => `Paused until ${time}${andWaiting(waiting)}`,
  pausedBattery: (waiting) => `Paused on battery${andWaiting(waiting)}`,
  pausedMetered: (waiting) => `Paused on a metered network${andWaiting(waiting)}`,
  offline: (waiting) => `Offline${andWaiting(waiting)}`,
  attention: (count) =>
    `${number.format(count)} ${plural.select(count) === 'one' ? 'thing needs' : 'things need'} your attention`,
  failedPhotos: (count) => `${photos(count)} could not be backed up`,
  destinationProblem: (name, health) => `${name} ${healths[health] ?? 'has a problem'}`,
  question: (kind, subject) => `${questions[kind] ?? 'Please decide about'} ${subject}`,

  file: 'File',
  edit: 'Edit',
  view: 'View',
  window: 'Window',
  help: 'Help',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  selectAll: 'Select All',
  find: 'Find…',
  timeline: 'Timeline',
  syncStatus: 'Sync Status',
  albums: 'Albums',
  duplicates: 'Duplicates',
  reload: 'Reload',
  zoomIn: 'Zoom In',
  zoomOut: 'Zoom Out',
  actualSize: 'Actual Size',
  fullScreen: 'Full Screen',
  minimize: 'Minimize',
  close: 'Close Window',
  front: 'Bring All to Front',
  developerTools: 'Developer Tools',
  services: 'Services',
  hide: 'Hide Cloudroll',
  hideOthers: 'Hide Others',
  showAll: 'Show All',
  about: 'About Cloudroll',
  shortcuts: 'Keyboard Shortcuts',
  copyDiagnostics: 'Copy Diagnostics',
  diagnosticsCopied:
    'The diagnostics are on the clipboard. They hold no secrets and no names of photos.',
  openLogs: 'Show Logs',
  checkForUpdates: 'Check for Updates…',

  finishedTitle: 'Your photos are backed up',
  finishedBody: (count) =>
    `${photos(count)} more ${plural.select(count) === 'one' ? 'is' : 'are'} safe now.`,
  attentionTitle: 'Cloudroll needs you',
  stillRunningTitle: 'Cloudroll goes on in the background',
  stillRunningBody: 'It keeps backing up your photos. Quit it from its menu in the tray.',
  updateReadyTitle: 'A new version is ready',
  updateReadyBody: (version) => `Cloudroll ${version} is installed when you quit.`,
  upToDate: 'This is the newest version.',
  updateFailed: 'It could not be found out whether there is a new version. Try again later.',
  updatesOff: 'Updates are off while Cloudroll runs from its source.',
  aboutBody: 'Puts every photo on your computer safely into the clouds you choose.',
};
