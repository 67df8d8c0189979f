import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { Skeleton } from '../design/surface.tsx';

const SHAPES = [1.5, 1.3, 0.75, 1.5, 1.33, 1, 0.75, 1.78, 1.33, 1.5, 0.67, 1.33];

/** The shape of a timeline while the first days are on their way. */
export function TimelineSkeleton(): ReactElement {
  const { t } = useTranslation('common');
  return (
    <div className="timeline-skeleton" aria-busy role="status" aria-label={t('loading')}>
      <Skeleton width="12rem" height="1.5rem" />
      <div>
        {[...SHAPES, ...SHAPES].map((shape, index) => (
          <span
            key={index}
            className="skeleton"
            style={{ flexGrow: shape, width: `${shape * 9}rem` }}
          />
        ))}
      </div>
    </div>
  );
}
