import { useState } from 'react';

import type { FolderCount } from '../../shared/contract/app/folders.ts';
import { useAppEvent, useAppQuery } from '../app/engine.tsx';

/** What lies in a folder: the figures grow while it is counted. */
export function useFolderCount(path: string): {
  readonly count: FolderCount | null;
  readonly error: unknown;
} {
  const [live, setLive] = useState<FolderCount | null>(null);
  useAppEvent('folderCount', (count) => {
    if (count.path === path) setLive(count);
  });
  const { data, error } = useAppQuery('folders.count', { path });
  return { count: data ?? live, error };
}
