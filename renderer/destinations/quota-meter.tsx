import { TriangleAlert } from 'lucide-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { DestinationStatus } from '../../shared/contract/app/destinations.ts';
import { Meter } from '../design/meter.tsx';
import { useFormats } from '../text/use-formats.ts';
import { useQuotaText } from './use-quota-text.ts';

import './destinations.css';

/** How full a destination is, with a warning where what waits does not fit. Nothing where it is not known. */
export function QuotaMeter({
  destination: { quota, waitingBytes },
}: {
  readonly destination: Pick<DestinationStatus, 'quota' | 'waitingBytes'>;
}): ReactElement | null {
  const { t } = useTranslation('destinations');
  const formats = useFormats();
  const quotaText = useQuotaText();
  if (quota === null) return null;
  const { usedBytes, totalBytes } = quota;
  if (totalBytes === null) {
    return <p className="quota-used numeric">{quotaText(quota)}</p>;
  }
  const freeBytes = Math.max(0, totalBytes - usedBytes);
  const tight = freeBytes < waitingBytes;
  return (
    <div className="quota">
      <Meter
        label={t('space')}
        value={totalBytes === 0 ? 1 : Math.min(1, usedBytes / totalBytes)}
        valueText={quotaText(quota)}
        tone={tight ? 'warning' : 'neutral'}
      />
      {tight ? (
        <p className="quota-tight">
          <TriangleAlert aria-hidden />
          {t('spaceTight', {
            free: formats.bytes(freeBytes),
            waiting: formats.bytes(waitingBytes),
          })}
        </p>
      ) : null}
    </div>
  );
}
