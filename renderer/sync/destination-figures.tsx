import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { DestinationStatus } from '../../shared/contract/app/destinations.ts';
import { useFormats } from '../text/use-formats.ts';
import { useAgo } from './use-ago.ts';

/** The figures of a destination as the engine tells them; a place that only shows photos has others. */
export function Figures({
  destination,
}: {
  readonly destination: DestinationStatus;
}): ReactElement {
  const { t } = useTranslation('sync');
  const formats = useFormats();
  const ago = useAgo();
  const { role, verified, waiting, failed, published, skipped, lastVerifiedMs } = destination;
  const backup = role === 'backup';
  return (
    <dl className="sync-destination-figures numeric">
      {backup ? (
        <Figure name={t('safe')}>
          {formats.number(verified)}
          <span className="sync-soft">{formats.bytes(destination.verifiedBytes)}</span>
        </Figure>
      ) : (
        <Figure name={t('published')}>{formats.number(published)}</Figure>
      )}
      <Figure name={t('waiting')}>
        {formats.number(waiting)}
        {destination.waitingBytes === 0 ? null : (
          <span className="sync-soft">{formats.bytes(destination.waitingBytes)}</span>
        )}
      </Figure>
      <Figure name={t('failed')} failed={failed > 0}>
        {formats.number(failed)}
      </Figure>
      {backup ? (
        <div>
          <dt>{t('lastVerified')}</dt>
          <dd className="sync-destination-words">
            {lastVerifiedMs === null ? t('never') : ago(lastVerifiedMs)}
          </dd>
        </div>
      ) : (
        <Figure name={t('skipped')}>{formats.number(skipped)}</Figure>
      )}
    </dl>
  );
}

function Figure({
  name,
  failed = false,
  children,
}: {
  readonly name: string;
  readonly failed?: boolean;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <div {...(failed ? { 'data-failed': true } : {})}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
