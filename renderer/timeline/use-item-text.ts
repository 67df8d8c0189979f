import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import type { TimelineItem } from '../../shared/contract/app/timeline.ts';
import { formatsFor } from '../text/formats.ts';
import { useLanguage } from '../text/use-formats.ts';

/** What a screen reader says of a photo: kind, when, name, and how its backup stands. */
export function useItemText(): (item: TimelineItem) => string {
  const { t } = useTranslation('timeline');
  const language = useLanguage();
  return useCallback(
    (item) => {
      const formats = formatsFor(language);
      return [
        t(item.live ? 'kindLive' : `kind_${item.kind}`),
        formats.wall(item.wall.slice(0, 19)),
        item.name,
        item.durationMs === null ? null : formats.duration(item.durationMs),
        t(`state_${item.state}`),
        item.copies > 1 ? t('copies', { count: item.copies }) : null,
      ]
        .filter((part) => part !== null)
        .join(', ');
    },
    [t, language],
  );
}
