import {
  createContext,
  use,
  useEffect,
  useMemo,
  useState,
  type ReactElement,
  type ReactNode,
} from 'react';
import { useLocation } from 'wouter';

import { useHost } from './host.ts';

/** Paths that a menu, the command line or the system asked to upload, until the upload window took them. */
export interface UploadRequest {
  readonly paths: readonly string[];
  readonly taken: () => void;
}

const UploadRequestContext = createContext<UploadRequest>({ paths: [], taken: () => undefined });

export function useUploadRequest(): UploadRequest {
  return use(UploadRequestContext);
}

/** Carries out what menus, the tray and links ask of the window. */
export function WindowCommands({
  onShortcuts,
  children,
}: {
  readonly onShortcuts: () => void;
  readonly children: ReactNode;
}): ReactElement {
  const host = useHost();
  const [, navigate] = useLocation();
  const [paths, setPaths] = useState<readonly string[]>([]);
  useEffect(
    () =>
      host.onCommand((command) => {
        switch (command.command) {
          case 'navigate':
            navigate(command.to);
            break;
          case 'upload':
            setPaths((waiting) => [...waiting, ...command.paths]);
            navigate('/upload');
            break;
          case 'find':
            navigate('/search');
            break;
          case 'shortcuts':
            onShortcuts();
            break;
        }
      }),
    [host, navigate, onShortcuts],
  );
  const request = useMemo<UploadRequest>(
    () => ({
      paths,
      taken: () => {
        setPaths([]);
      },
    }),
    [paths],
  );
  return <UploadRequestContext value={request}>{children}</UploadRequestContext>;
}
