import type { DestinationStatus } from '../../../shared/contract/app/destinations.ts';
import type { WatchedFolder } from '../../../shared/contract/app/folders.ts';
import type { Activity, Question, SyncStatus } from '../../../shared/contract/app/status.ts';

export interface FakeCounts {
  readonly photos: number;
  readonly waiting: number;
  readonly failed: number;
}

/** A status in which the figures agree with each other. */
export function fakeStatus(
  activity: Activity,
  { photos, waiting, failed }: FakeCounts,
  nowMs: number,
): SyncStatus {
  const busy = activity === 'syncing';
  const empty = activity === 'setup';
  const safe = photos - waiting - failed;
  return {
    activity,
    pause: activity === 'paused' ? { reason: 'person', untilMs: nowMs + 3_600_000 } : null,
    photos,
    safe,
    waiting,
    failed,
    unread: activity === 'scanning' ? 120 : 0,
    scanned: activity !== 'scanning' && activity !== 'starting',
    current: busy ? '/home/mina/Pictures/Lisbon/IMG_0007.JPG' : null,
    progress: busy && photos > 0 ? safe / photos : null,
    rate: busy ? 24_600_000 : null,
    remainingMs: busy ? 1_260_000 : null,
    previews: { made: photos, wanted: photos },
    lastCompleteMs: activity === 'idle' ? nowMs - 180_000 : null,
    folders: empty ? [] : [fakeFolder('f1', '/home/mina/Pictures', photos)],
    destinations: empty
      ? []
      : [
          ...(activity === 'attention' ? [refusingDestination(safe, photos - safe, nowMs)] : []),
          fakeDestination('d1', { safe, waiting, failed }, nowMs, {
            rate: busy ? 24_600_000 : null,
            remainingMs: busy ? 1_260_000 : null,
            ...(activity === 'offline'
              ? {
                  health: 'offline' as const,
                  failure: { code: 'offline' as const, message: 'The drive is not connected.' },
                }
              : {}),
          }),
        ],
    questions: activity === 'attention' ? [vanished] : [],
    notices:
      activity === 'attention'
        ? [{ atMs: nowMs - 600_000, failure: { code: 'busy', message: 'The keychain is locked.' } }]
        : [],
  };
}

const vanished: Question = {
  id: 'q1',
  kind: 'vanished',
  subject: 'f1',
  failure: { code: 'changed', message: '312 of 400 photos are no longer in the folder.' },
};

function refusingDestination(safe: number, waiting: number, nowMs: number): DestinationStatus {
  return fakeDestination('d2', { safe, waiting, failed: 0 }, nowMs, {
    name: 'Naver Cloud',
    url: 's3://photos/?preset=ncloud&region=kr-standard',
    card: 's3:ncloud',
    icon: 'bucket',
    health: 'signIn',
    failure: { code: 'auth', message: 'The service refused the access key.' },
  });
}

/** The same library in clouds that are signed in to: one too small, one signed out, and one that shows photos. */
export function withClouds(status: SyncStatus, nowMs: number): SyncStatus {
  const { safe, waiting, failed, photos } = status;
  const counts = { safe, waiting, failed };
  return {
    ...status,
    destinations: [
      fakeDestination('c1', counts, nowMs, {
        name: 'Google Drive',
        url: 'gdrive:///Photos/Cloudroll?account=mina.kim%40example.com',
        card: 'gdrive',
        icon: 'gdrive',
        quota: { usedBytes: 12_300_000_000, totalBytes: 15_000_000_000 },
      }),
      fakeDestination('c2', { safe: safe - 40, waiting: waiting + 40, failed }, nowMs, {
        name: 'Dropbox',
        url: 'dropbox:///Cloudroll?account=mina.kim%40example.com',
        card: 'dropbox',
        icon: 'dropbox',
        health: 'signIn',
        failure: { code: 'auth', message: 'Dropbox says that access was taken back.' },
        quota: { usedBytes: 840_000_000_000, totalBytes: null },
      }),
      fakeDestination('c3', { safe: 0, waiting, failed: 0 }, nowMs, {
        name: 'Google Photos',
        url: 'gphotos://Cloudroll?account=mina.kim%40example.com',
        card: 'gphotos',
        icon: 'gphotos',
        role: 'publish',
        published: photos - waiting - 12,
        skipped: 12,
        quota: null,
      }),
    ],
  };
}

export function fakeFolder(id: string, path: string, photos: number): WatchedFolder {
  return {
    id,
    path,
    exclude: [],
    photos,
    bytes: photos * 4_300_000,
    state: 'watched',
    failure: null,
  };
}

export function fakeDestination(
  id: string,
  { safe, waiting, failed }: { safe: number; waiting: number; failed: number },
  nowMs: number,
  change: Partial<DestinationStatus> = {},
): DestinationStatus {
  return {
    id,
    role: 'backup',
    name: 'Backup drive',
    url: 'file:///media/backup/Cloudroll',
    card: 'file',
    icon: 'hard-drive',
    health: 'ok',
    failure: null,
    verified: safe,
    waiting,
    failed,
    published: 0,
    skipped: 0,
    verifiedBytes: safe * 4_300_000,
    waitingBytes: waiting * 4_300_000,
    lastVerifiedMs: safe > 0 ? nowMs - 120_000 : null,
    rate: null,
    remainingMs: null,
    quota: { usedBytes: 412_000_000_000, totalBytes: 2_000_000_000_000 },
    verifying: null,
    ...change,
  };
}
