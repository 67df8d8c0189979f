import { createContext, use } from 'react';

import type { HostBridge } from '../../shared/contract/app/host-bridge.ts';

declare global {
  interface Window {
    /** Set by whoever opened the window before the first script of the renderer runs. */
    readonly cloudroll?: HostBridge;
  }
}

export const HostContext = createContext<HostBridge | null>(null);

/** What the host offers; parts that it does not have are null. */
export function useHost(): HostBridge {
  const host = use(HostContext);
  if (host === null) throw new Error('There is no host above this component.');
  return host;
}
