import {
  QueryClient,
  QueryClientProvider,
  useMutation,
  useQuery,
  useQueryClient,
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import {
  createContext,
  use,
  useEffect,
  useEffectEvent,
  useState,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from 'react';

import type { AppEventData, AppEventName } from '../../shared/contract/app/events.ts';
import type {
  AppMethod,
  AppParams,
  AppResult,
  Snapshot,
} from '../../shared/contract/app/methods.ts';
import type { Settings } from '../../shared/contract/app/settings.ts';
import type { SyncStatus } from '../../shared/contract/app/status.ts';
import type { EngineSession, SessionState } from './engine-session.ts';

const SessionContext = createContext<EngineSession | null>(null);

/** Makes the engine reachable for everything below. */
export function EngineProvider({
  session,
  children,
}: {
  readonly session: EngineSession;
  readonly children: ReactNode;
}): ReactElement {
  const [queries] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          // What is shown changes by the engine's events, not by time or focus.
          queries: {
            networkMode: 'always',
            staleTime: Infinity,
            retry: false,
            refetchOnWindowFocus: false,
          },
          mutations: { networkMode: 'always' },
        },
      }),
  );
  useEffect(() => {
    const stop = new AbortController();
    void session.run(stop.signal);
    return () => {
      stop.abort();
    };
  }, [session]);
  return (
    <SessionContext value={session}>
      <QueryClientProvider client={queries}>
        <FreshAfterReconnect />
        {children}
      </QueryClientProvider>
    </SessionContext>
  );
}

/** A new engine may know more than the one before: everything shown is asked for again. */
function FreshAfterReconnect(): null {
  const queries = useQueryClient();
  const { generation } = useSessionState();
  useEffect(() => {
    if (generation > 0) void queries.invalidateQueries();
  }, [queries, generation]);
  return null;
}

export function useSession(): EngineSession {
  const session = use(SessionContext);
  if (session === null) throw new Error('There is no engine above this component.');
  return session;
}

export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, session.state);
}

/** Everything small about the product; only below the app shell, which waits for it. */
export function useSnapshot(): Snapshot {
  const { snapshot } = useSessionState();
  if (snapshot === null) throw new Error('The engine has not answered yet.');
  return snapshot;
}

/** What the engine is doing, as it says itself a few times a second. */
export function useStatus(): SyncStatus {
  return useSnapshot().status;
}

export function useSettings(): Settings {
  return useSnapshot().settings;
}

/** Whether the engine can be asked now. */
export function useConnected(): boolean {
  return useSessionState().phase === 'ready';
}

/** Key under which an answer is kept, for `invalidateQueries`. */
export function queryKey<M extends AppMethod>(
  method: M,
  params?: AppParams<M>,
): readonly unknown[] {
  return params === undefined ? [method] : [method, params];
}

/**
 * An answer of the engine, kept until it is invalidated; asked again after a reconnection. While the answer to
 * new parameters is on its way the one before stays when `keep` is set.
 */
export function useAppQuery<M extends AppMethod>(
  method: M,
  params: AppParams<M>,
  options: { readonly enabled?: boolean; readonly keep?: boolean } = {},
): UseQueryResult<AppResult<M>> {
  const session = useSession();
  const connected = useConnected();
  return useQuery<AppResult<M>>({
    queryKey: queryKey(method, params),
    queryFn: ({ signal }) => session.call(method, params, signal),
    enabled: connected && options.enabled !== false,
    ...(options.keep === true ? { placeholderData: keepPreviousData } : {}),
  });
}

/** A call that changes or starts something. `mutate`, `mutateAsync`, `isPending`, `error` as in React Query. */
export function useAppCall<M extends AppMethod>(
  method: M,
): UseMutationResult<AppResult<M>, Error, AppParams<M>> {
  const session = useSession();
  return useMutation<AppResult<M>, Error, AppParams<M>>({
    mutationFn: (params) => session.call(method, params),
  });
}

/** Changes settings; everything that shows them follows at once. */
export function useUpdateSettings(): UseMutationResult<
  Settings,
  Error,
  AppParams<'settings.update'>
> {
  const session = useSession();
  return useMutation({
    mutationFn: (patch: AppParams<'settings.update'>) => session.call('settings.update', patch),
    onSuccess: session.takeSettings,
  });
}

/** Calls `listener` for every event of that name while the component is shown. */
export function useAppEvent<E extends AppEventName>(
  name: E,
  listener: (data: AppEventData<E>) => void,
): void {
  const session = useSession();
  const latest = useEffectEvent(listener);
  useEffect(
    () =>
      session.on(name, (data) => {
        latest(data);
      }),
    [session, name],
  );
}
