import {
  createContext,
  use,
  useEffect,
  useEffectEvent,
  useState,
  type ReactElement,
  type ReactNode,
} from 'react';

import type { AppParams } from '../../shared/contract/app/methods.ts';
import type { SignInStatus } from '../../shared/contract/app/sign-in.ts';
import { useAppEvent, useSession, useSessionState } from '../app/engine.tsx';
import { useHost } from '../app/host.ts';

/** The sign-ins that this window began; they go on whichever view is shown. */
export interface SignIns {
  /** Null for one that is not known, or not any more. */
  readonly status: (id: string) => SignInStatus | null;
  /** Begins one and opens the provider's page in the browser; its id. Rejects with the failure. */
  readonly start: (params: AppParams<'signIn.start'>) => Promise<string>;
  /** Address of the provider's page; null for one that is not known. */
  readonly address: (id: string) => string | null;
  /** Stops waiting for one, or forgets it. */
  readonly cancel: (id: string) => void;
  /** {@link cancel} for all: whatever they were for is given up, or has them. */
  readonly cancelAll: () => void;
}

const SignInsContext = createContext<SignIns | null>(null);

interface Known {
  /** Of the engine that is asked: a new one knows nothing of the sign-ins before. */
  readonly generation: number;
  readonly statuses: ReadonlyMap<string, SignInStatus>;
  readonly addresses: ReadonlyMap<string, string>;
}

/** Keeps the sign-ins that wait for a person, from the button until a destination has them. */
export function SignInsProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const session = useSession();
  const host = useHost();
  const { generation } = useSessionState();
  const [known, setKnown] = useState<Known>(() => nothingKnown(generation));
  const now = known.generation === generation ? known : nothingKnown(generation);
  const change = (to: (before: Known) => Partial<Known>): void => {
    setKnown((before) => {
      const base = before.generation === generation ? before : nothingKnown(generation);
      return { ...base, ...to(base) };
    });
  };
  useAppEvent('signIn', (status) => {
    change(({ statuses }) => ({ statuses: new Map(statuses).set(status.id, status) }));
  });
  const start: SignIns['start'] = async (params) => {
    const { id, address } = await session.call('signIn.start', params);
    host.openExternal(address);
    change(({ statuses, addresses }) => ({
      // It may have ended before its beginning was answered.
      statuses: statuses.has(id) ? statuses : new Map(statuses).set(id, waiting(id)),
      addresses: new Map(addresses).set(id, address),
    }));
    return id;
  };
  const cancel = (id: string): void => {
    change(({ statuses, addresses }) => ({
      statuses: without(statuses, id),
      addresses: without(addresses, id),
    }));
    // One that is over, or an engine that is away, leaves nothing to cancel.
    session.call('signIn.cancel', { id }).catch(() => undefined);
  };
  const value: SignIns = {
    status: (id) => now.statuses.get(id) ?? null,
    start,
    address: (id) => now.addresses.get(id) ?? null,
    cancel,
    cancelAll: () => {
      for (const id of now.addresses.keys()) cancel(id);
    },
  };
  return <SignInsContext value={value}>{children}</SignInsContext>;
}

export function useSignIns(): SignIns {
  const signIns = use(SignInsContext);
  if (signIns === null) throw new Error('There are no sign-ins above this component.');
  return signIns;
}

/** Gives up the sign-ins that nothing has used when the form that they are for goes away. */
export function useSignInsOfForm(): void {
  const { cancelAll } = useSignIns();
  const end = useEffectEvent(cancelAll);
  useEffect(
    () => () => {
      end();
    },
    [],
  );
}

function nothingKnown(generation: number): Known {
  return { generation, statuses: new Map(), addresses: new Map() };
}

function waiting(id: string): SignInStatus {
  return { id, state: 'waiting', account: null, failure: null };
}

function without<T>(map: ReadonlyMap<string, T>, id: string): ReadonlyMap<string, T> {
  return new Map([...map].filter(([key]) => key !== id));
}
