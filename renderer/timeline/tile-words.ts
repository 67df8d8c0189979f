import { createContext, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { HostBridge } from '../../shared/contract/app/host-bridge.ts';
import type { TimelineItem } from '../../shared/contract/app/timeline.ts';
import { useHost } from '../app/host.ts';
import { formatsFor } from '../text/formats.ts';
import { useLanguage } from '../text/use-formats.ts';
import { PictureQueue } from './picture-queue.ts';
import { useItemText } from './use-item-text.ts';

/** What all tiles share, found once: hundreds of tiles come and go while it scrolls. */
export interface TileWords {
  readonly text: (item: TimelineItem) => string;
  readonly duration: (ms: number) => string;
  readonly raw: string;
  readonly host: Pick<HostBridge, 'pictureUrl'>;
  readonly pictures: PictureQueue;
}

export const TileWordsContext = createContext<TileWords | null>(null);

export function useTileWords(): TileWords {
  const { t } = useTranslation('timeline');
  const language = useLanguage();
  const text = useItemText();
  const host = useHost();
  const [pictures] = useState(() => new PictureQueue());
  return useMemo(
    () => ({ text, duration: formatsFor(language).duration, raw: t('raw'), host, pictures }),
    [text, language, t, host, pictures],
  );
}
