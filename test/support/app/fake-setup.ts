import type { AppHandlers } from '../../../shared/contract/app/methods.ts';
import { cardsWithoutClient, fakeCards } from './fake-cards.ts';
import type { FakeEngine } from './fake-engine.ts';
import { fakeSignIn } from './fake-sign-in.ts';
import type { ActivityEntry, Problem, SyncStatus } from '../../../shared/contract/app/status.ts';
import { fakeDestination, fakeFolder } from './fake-status.ts';

type SetupMethod = Extract<
  keyof AppHandlers,
  | `folders.${string}`
  | `destinations.${string}`
  | `signIn.${string}`
  | `sync.${string}`
  | `problems.${string}`
  | 'activity.page'
>;

const steps = ['reach', 'write', 'list', 'read', 'prove', 'protect', 'remove'] as const;
const passed = steps.map((step) => ({ step, state: 'passed' as const, failure: null }));

/** Folders, destinations and the sync itself, as far as the window needs an answer to each. */
export function fakeSetup(engine: FakeEngine): Pick<AppHandlers, SetupMethod> {
  const place = (path: string): { path: string; parent: string | null } => ({
    path,
    parent: path === '/' ? null : path.slice(0, path.lastIndexOf('/')) || '/',
  });
  const nothing = (): Promise<Record<string, never>> => Promise.resolve({});
  const ignoredIds = new Set<string>();
  return {
    ...fakeSignIn(engine),
    'folders.suggest': () =>
      Promise.resolve([
        { path: '/home/mina/Pictures', kind: 'pictures', name: 'Pictures' },
        { path: '/media/mina/EOS_DIGITAL', kind: 'camera', name: 'EOS_DIGITAL' },
      ]),
    'folders.count': ({ path }) => {
      const count = { path, photos: 12_480, bytes: 53_700_000_000, complete: true };
      engine.announce('folderCount', { ...count, photos: 3120, complete: false });
      engine.announce('folderCount', count);
      return Promise.resolve(count);
    },
    'folders.browse': ({ path }) => {
      const at = path ?? '/home/mina';
      return Promise.resolve({
        ...place(at),
        folders: ['Pictures', 'Documents', 'Backup'].map((name) => ({
          name,
          path: `${at === '/' ? '' : at}/${name}`,
        })),
        writable: true,
      });
    },
    'folders.create': ({ parent, name }) =>
      Promise.resolve({ ...place(`${parent}/${name}`), folders: [], writable: true }),
    'folders.add': ({ path }) => {
      const folder = fakeFolder(`f${String(engine.status.folders.length + 1)}`, path, 12_480);
      engine.changeStatus({ folders: [...engine.status.folders, folder] });
      return Promise.resolve(folder);
    },
    'folders.update': ({ id, exclude }) => {
      const folders = engine.status.folders.map((folder) =>
        folder.id === id ? { ...folder, exclude } : folder,
      );
      engine.changeStatus({ folders });
      const folder = folders.find((each) => each.id === id);
      return Promise.resolve(folder ?? fakeFolder(id, '/', 0));
    },
    'folders.remove': ({ id }) => {
      engine.changeStatus({ folders: engine.status.folders.filter((folder) => folder.id !== id) });
      return nothing();
    },
    'destinations.cards': () =>
      Promise.resolve(engine.signIn === 'noClient' ? cardsWithoutClient() : [...fakeCards]),
    'destinations.suggest': () =>
      Promise.resolve([
        {
          path: '/media/mina/Backup/Cloudroll',
          name: 'Backup',
          kind: 'drive',
          free: 1.8e12,
          sameDrive: false,
        },
        {
          path: '/home/mina/Cloudroll',
          name: 'Home',
          kind: 'folder',
          free: 2.1e11,
          sameDrive: true,
        },
      ]),
    'destinations.test': () => {
      for (const step of passed) engine.announce('testStep', step);
      return Promise.resolve([...passed]);
    },
    'destinations.add': ({ draft }) => {
      const photos = engine.status.folders.reduce((sum, folder) => sum + folder.photos, 0);
      const destination = fakeDestination(
        `d${String(engine.status.destinations.length + 1)}`,
        { safe: 0, waiting: photos, failed: 0 },
        engine.nowMs,
        {
          name: draft.name === '' ? 'Backup' : draft.name,
          card: draft.card,
          icon: fakeCards.find(({ id }) => id === draft.card)?.icon ?? 'cloud',
          role: fakeCards.find(({ id }) => id === draft.card)?.role ?? 'backup',
        },
      );
      engine.changeStatus({
        activity: 'syncing',
        photos,
        safe: 0,
        waiting: photos,
        destinations: [...engine.status.destinations, destination],
      });
      return Promise.resolve(destination);
    },
    'destinations.update': ({ id, name, signIn }) => {
      const mended = signIn === null ? {} : { health: 'ok' as const, failure: null };
      const destinations = engine.status.destinations.map((destination) =>
        destination.id === id ? { ...destination, name, ...mended } : destination,
      );
      engine.changeStatus({ destinations });
      const updated = destinations.find((destination) => destination.id === id);
      return Promise.resolve(
        updated ?? fakeDestination(id, { safe: 0, waiting: 0, failed: 0 }, engine.nowMs),
      );
    },
    'destinations.remove': ({ id }) => {
      engine.changeStatus({
        destinations: engine.status.destinations.filter((destination) => destination.id !== id),
      });
      return nothing();
    },
    'destinations.check': () => Promise.resolve([...passed]),
    'destinations.verify': nothing,
    'destinations.rebuild': nothing,
    'sync.now': nothing,
    'sync.pause': ({ untilMs }) => {
      engine.changeStatus({ activity: 'paused', pause: { reason: 'person', untilMs } });
      return nothing();
    },
    'sync.resume': () => {
      const left = engine.status.waiting > 0;
      engine.changeStatus({ activity: left ? 'syncing' : 'idle', pause: null });
      return nothing();
    },
    'sync.answer': ({ id }) => {
      engine.changeStatus({
        questions: engine.status.questions.filter((question) => question.id !== id),
      });
      return nothing();
    },
    'problems.page': ({ cursor, limit, destination, ignored }) => {
      const all = problemsOf(engine.status).filter(
        (problem) =>
          ignored === ignoredIds.has(problem.id) &&
          (destination === null || problem.destination === destination),
      );
      const at = Number(cursor ?? 0);
      return Promise.resolve({
        problems: all.slice(at, at + limit).map((problem) => ({ ...problem, ignored })),
        cursor: at + limit < all.length ? String(at + limit) : null,
        total: all.length,
      });
    },
    'problems.retry': nothing,
    'problems.ignore': ({ ids, ignored }) => {
      for (const id of ids)
        if (ignored) ignoredIds.add(id);
        else ignoredIds.delete(id);
      return nothing();
    },
    'activity.page': () =>
      Promise.resolve({ entries: historyOf(engine.status, engine.nowMs), cursor: null }),
  };
}

const REASONS = [
  { code: 'unreadable', message: 'The file cannot be read: permission denied.' },
  { code: 'corrupt', message: 'What arrived is not what was sent.' },
  { code: 'quota', message: 'The destination has no room for it.' },
] as const;

function problemsOf({ failed, destinations }: SyncStatus): Problem[] {
  const backups = destinations.filter(({ role }) => role === 'backup');
  const notShown = destinations.flatMap(({ id, role, skipped }) =>
    role === 'publish' ? Array.from({ length: skipped }, () => id) : [],
  );
  return [
    ...problemsAt(failed, (index) => backups[index % backups.length]?.id ?? null),
    ...problemsAt(notShown.length, (index) => notShown[index] ?? null).map((problem) => ({
      ...problem,
      id: `s${problem.id}`,
      failure: {
        code: 'unsupported' as const,
        message: 'Google Photos does not take files of this format.',
        hint: 'It is in your backup all the same.',
      },
    })),
  ];
}

function problemsAt(count: number, at: (index: number) => string | null): Problem[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `p${String(index)}`,
    destination: at(index),
    asset: index % 3 === 0 ? null : index.toString(36),
    path: `/home/mina/Pictures/Lisbon/IMG_${String(index).padStart(4, '0')}.JPG`,
    failure: REASONS[index % REASONS.length] ?? REASONS[0],
    attempts: index % 4,
    retryAtMs: null,
    ignored: false,
  }));
}

function historyOf({ photos, destinations }: SyncStatus, nowMs: number): ActivityEntry[] {
  if (photos === 0) return [];
  const about = {
    photos,
    bytes: photos * 4_300_000,
    destination: destinations[0]?.id ?? null,
    failure: null,
  };
  const none = { photos: 0, bytes: 0, destination: null, failure: null };
  return [
    { id: 'a4', atMs: nowMs - 240_000, kind: 'verified', ...about },
    { id: 'a3', atMs: nowMs - 1_200_000, kind: 'backedUp', ...about },
    { id: 'a2', atMs: nowMs - 4_200_000, kind: 'resumed', ...none },
    { id: 'a1', atMs: nowMs - 7_800_000, kind: 'paused', ...none },
  ];
}
