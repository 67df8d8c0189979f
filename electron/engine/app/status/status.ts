import type { DestinationStatus } from '../../../../shared/contract/app/destinations.ts';
import type { WatchedFolder } from '../../../../shared/contract/app/folders.ts';
import type { Activity, Question, SyncStatus } from '../../../../shared/contract/app/status.ts';
import type { Failure, FailureCode } from '../../../../shared/domain/failure.ts';
import type { Standing } from '../../catalog/standing.ts';
import type { StoredDestination, StoredFolder } from '../settings/stored-settings.ts';

export type Health = DestinationStatus['health'];
export type PauseReason = NonNullable<SyncStatus['pause']>['reason'];

/** What is known of a folder at this moment. */
export interface FolderFacts {
  readonly stored: StoredFolder;
  /** In the catalogue; null before it was ever looked at. */
  readonly rootId: number | null;
  readonly state: 'waiting' | 'scanning' | 'watched' | 'unknown';
  readonly failure: Failure | null;
}

export interface DestinationFacts {
  readonly stored: StoredDestination;
  /** In the catalogue, of its role; null before the first run. */
  readonly rowId: number | null;
  readonly icon: string;
  readonly role: DestinationStatus['role'];
  /** Reached in this session. */
  readonly reached: boolean;
  readonly failure: Failure | null;
  readonly verifiedBytes: number;
  readonly lastVerifiedMs: number | null;
  readonly rate: number | null;
  readonly quota: DestinationStatus['quota'];
  readonly verifying: DestinationStatus['verifying'];
}

/** Everything the status is made from. */
export interface StatusFacts {
  readonly pause: SyncStatus['pause'];
  /** False only where the system is sure that there is no network. */
  readonly online: boolean;
  /** Null before the first count. */
  readonly standing: Standing | null;
  /** Whether nothing has happened since it was counted. */
  readonly settled: boolean;
  /** Whether a run is going on. */
  readonly running: boolean;
  /** Whether the run looks through all folders and is not through yet. */
  readonly scanning: boolean;
  readonly current: string | null;
  /** 0 to 1 of the run. */
  readonly progress: number | null;
  readonly previews: SyncStatus['previews'];
  readonly lastCompleteMs: number | null;
  readonly folders: readonly FolderFacts[];
  readonly destinations: readonly DestinationFacts[];
  readonly questions: readonly Question[];
  readonly notices: SyncStatus['notices'];
}

/** The one place that says how things stand. Pure; whatever the facts are, the counters add up. */
export function describeStatus(facts: StatusFacts): SyncStatus {
  const { standing, pause } = facts;
  const rate = sumOf(facts.destinations.map((destination) => destination.rate));
  const destinations = describeDestinations(facts.destinations, standing);
  const waitingBytes = destinations.reduce((sum, one) => sum + one.waitingBytes, 0);
  const activity = activityOf(facts, destinations);
  const busy = activity === 'syncing' || activity === 'scanning';
  return {
    activity,
    pause,
    photos: standing?.photos ?? 0,
    safe: standing?.safe ?? 0,
    waiting: standing?.waiting ?? 0,
    failed: standing?.failed ?? 0,
    unread: standing?.unread ?? 0,
    scanned: isScanned(facts),
    current: busy ? facts.current : null,
    progress: facts.running ? facts.progress : null,
    rate,
    remainingMs: timeFor(waitingBytes, rate),
    previews: facts.previews,
    lastCompleteMs: facts.lastCompleteMs,
    folders: facts.folders.map((folder) => describeFolder(folder, standing)),
    destinations,
    questions: [...facts.questions],
    notices: [...facts.notices],
  };
}

/** How a failure of a destination as a whole looks to a person. */
export function healthOf(code: FailureCode): Health {
  switch (code) {
    case 'offline':
    case 'timeout':
    case 'rateLimited':
    case 'serverError':
    case 'busy':
      return 'offline';
    case 'auth':
      return 'signIn';
    case 'quota':
    case 'diskFull':
      return 'full';
    case 'readOnly':
      return 'readOnly';
    default:
      return 'failing';
  }
}

function activityOf(facts: StatusFacts, destinations: readonly DestinationStatus[]): Activity {
  const { standing, pause, running, folders, questions } = facts;
  const backups = destinations.filter(({ role }) => role === 'backup');
  if (folders.length === 0 || backups.length === 0) return 'setup';
  if (pause !== null) return 'paused';
  if (needsPerson(facts, destinations)) return 'attention';
  if (standing === null) return running ? 'scanning' : 'starting';
  if (running && facts.scanning) return 'scanning';
  const left = standing.waiting + standing.failed + standing.unread;
  const offline = backups.filter(({ health }) => health === 'offline');
  const stuck = offline.reduce((sum, { waiting }) => sum + waiting, 0);
  const moving = backups.some(({ health, waiting }) => health !== 'offline' && waiting > 0);
  if (offline.length === backups.length || (stuck > 0 && !moving)) return 'offline';
  if (!facts.online && left > 0 && !running) return 'offline';
  if (!isScanned(facts)) return running ? 'scanning' : 'starting';
  // What failed and is neither retried nor ignored needs a person, which was looked at above.
  const atRest = standing.waiting === 0 && standing.unread === 0 && !hasRetries(standing);
  const publishing =
    running && destinations.some((one) => one.role === 'publish' && one.waiting > 0);
  if (atRest && facts.settled && questions.length === 0 && !publishing) return 'idle';
  return 'syncing';
}

function needsPerson(facts: StatusFacts, destinations: readonly DestinationStatus[]): boolean {
  const { standing, folders, questions, running } = facts;
  if (questions.length > 0) return true;
  if (destinations.some(({ health }) => !['ok', 'unknown', 'offline'].includes(health)))
    return true;
  if (folders.some(({ failure }) => failure !== null && failure.code !== 'offline')) return true;
  if (standing === null) return false;
  if (standing.unreadable > 0) return true;
  if (standing.destinations.some((one) => one.needsPerson > 0)) return true;
  // The drive with the only place of a photo that is not safe is away: somebody has to connect it.
  return !running && standing.away > 0;
}

/** Photos that failed and are tried again by themselves. */
function hasRetries({ destinations, failed }: Standing): boolean {
  return failed > 0 && destinations.some((one) => one.retrying > 0);
}

function isScanned({ folders }: StatusFacts): boolean {
  return folders.every(({ state }) => state === 'watched' || state === 'unknown');
}

function describeFolder(facts: FolderFacts, standing: Standing | null): WatchedFolder {
  const { id, path, exclude } = facts.stored;
  const counted = standing?.folders.find((folder) => folder.id === facts.rootId);
  return {
    id,
    path,
    exclude,
    photos: counted?.photos ?? 0,
    bytes: counted?.bytes ?? 0,
    state: facts.state,
    failure: facts.failure,
  };
}

/** How each destination stands; everything waits at one that was never reached. */
export function describeDestinations(
  facts: readonly DestinationFacts[],
  standing: Standing | null,
): DestinationStatus[] {
  const backedUp = facts.some(({ role }) => role === 'backup');
  return facts.map((one) => {
    const described = describeDestination(one, countedAt(one, standing));
    return one.role === 'backup' || backedUp ? described : { ...described, ...onlyShown };
  });
}

/** While photos would only be shown and backed up nowhere, they are not even that. */
const onlyShown = {
  health: 'unknown',
  failure: {
    code: 'invalid',
    message: 'Photos are only shown here, and backed up nowhere yet.',
    hint: 'Add a destination that keeps your photos; then they are shown here as well.',
  },
} as const satisfies Partial<DestinationStatus>;

type Counted = Pick<
  DestinationStatus,
  'verified' | 'published' | 'skipped' | 'waiting' | 'failed' | 'waitingBytes'
>;

function countedAt({ role, rowId }: DestinationFacts, standing: Standing | null): Counted {
  const none = { verified: 0, published: 0, skipped: 0 };
  const counted =
    role === 'backup'
      ? standing?.destinations.find(({ id }) => id === rowId)
      : standing?.publishers.find(({ id }) => id === rowId);
  return {
    ...none,
    ...(counted ?? { waiting: standing?.photos ?? 0, failed: 0, waitingBytes: 0 }),
  };
}

function describeDestination(facts: DestinationFacts, counted: Counted): DestinationStatus {
  const { id, name, url, card } = facts.stored;
  const { rate } = facts;
  return {
    id,
    name,
    url,
    card,
    icon: facts.icon,
    role: facts.role,
    health:
      facts.failure === null ? (facts.reached ? 'ok' : 'unknown') : healthOf(facts.failure.code),
    failure: facts.failure,
    verified: counted.verified,
    waiting: counted.waiting,
    failed: counted.failed,
    published: counted.published,
    skipped: counted.skipped,
    verifiedBytes: facts.verifiedBytes,
    waitingBytes: counted.waitingBytes,
    lastVerifiedMs: facts.lastVerifiedMs,
    rate,
    remainingMs: timeFor(counted.waitingBytes, rate),
    quota: facts.quota,
    verifying: facts.verifying,
  };
}

/** Milliseconds; null where it cannot be told. */
function timeFor(bytes: number, rate: number | null): number | null {
  return rate === null || rate < 1 || bytes === 0 ? null : (bytes / rate) * 1000;
}

function sumOf(rates: readonly (number | null)[]): number | null {
  const known = rates.filter((rate) => rate !== null);
  return known.length === 0 ? null : known.reduce((sum, rate) => sum + rate, 0);
}
