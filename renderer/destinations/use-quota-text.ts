import { useTranslation } from 'react-i18next';

import type { DestinationStatus } from '../../shared/contract/app/destinations.ts';
import { useFormats } from '../text/use-formats.ts';

/** Says how full a destination is in a few words. */
export function useQuotaText(): (quota: NonNullable<DestinationStatus['quota']>) => string {
  const { t } = useTranslation('destinations');
  const formats = useFormats();
  return ({ usedBytes, totalBytes }) => {
    const used = formats.bytes(usedBytes);
    return totalBytes === null
      ? t('spaceUsed', { used })
      : t('spaceUsedOf', { used, total: formats.bytes(totalBytes) });
  };
}
