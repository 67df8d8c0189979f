import { ShieldCheck } from 'lucide-react';
import { useEffect, useRef, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { SyncStatus } from '../../shared/contract/app/status.ts';
import { useConnected, useStatus } from '../app/engine.tsx';
import { useSummaryText } from '../app/status-line.tsx';
import { statusSummary } from '../app/status-summary.ts';
import { Button, ButtonLink } from '../design/button.tsx';
import { Note } from '../design/note.tsx';
import { ProgressRing } from '../design/progress-ring.tsx';
import { folderName } from '../folders/paths.ts';
import { useFormats } from '../text/use-formats.ts';

/** The first backup as it runs. It goes on wherever the person goes. */
export function FirstBackupStep({ onDone }: { readonly onDone: () => void }): ReactElement {
  const { t } = useTranslation('wizard');
  const formats = useFormats();
  const status = useStatus();
  const summary = statusSummary(status, useConnected());
  const summaryText = useSummaryText()(summary);
  const heading = useRef<HTMLHeadingElement>(null);
  const safe = summary.mood === 'safe';
  const empty = status.activity === 'idle' && status.photos + status.unread === 0;
  useEffect(() => {
    heading.current?.focus();
  }, []);
  const share = safe ? 1 : shareOf(status);
  return (
    <div className="wizard-step">
      <div className="wizard-content wizard-first">
        <ProgressRing
          label={t('progress')}
          value={share}
          still={summary.mood !== 'busy'}
          icon={safe ? ShieldCheck : undefined}
          text={safe || share === null ? undefined : formats.percent(share)}
          tone={
            summary.mood === 'attention'
              ? 'warning'
              : summary.mood === 'paused'
                ? 'quiet'
                : 'accent'
          }
        />
        <header className="wizard-heading">
          <h1 ref={heading} tabIndex={-1}>
            {safe ? t('safeTitle') : empty ? t('emptyTitle') : t('firstTitle')}
          </h1>
          <p>{safe ? t('safeText') : empty ? t('emptyText') : t('firstText')}</p>
        </header>
        <p className="wizard-now">{summaryText}</p>
        {safe || empty ? null : <Figures status={status} />}
        <Announcement status={status} safe={safe} />
        {summary.mood === 'attention' ? (
          <Note
            tone="warning"
            alert
            title={t('attention')}
            actions={
              <ButtonLink href="/sync" size="small">
                {t('look')}
              </ButtonLink>
            }
          />
        ) : null}
      </div>
      <footer className="wizard-footer" data-centred>
        <Button variant="primary" onPress={onDone}>
          {t('toPhotos')}
        </Button>
      </footer>
    </div>
  );
}

function Figures({ status }: { readonly status: SyncStatus }): ReactElement {
  const { t } = useTranslation('wizard');
  const formats = useFormats();
  const { photos, safe, rate, remainingMs, current } = status;
  const count = { done: formats.number(safe), all: formats.number(photos) };
  return (
    <div className="wizard-figures numeric">
      {photos === 0 ? null : <p>{t('doneOf', count)}</p>}
      {rate === null ? null : (
        <p>
          {remainingMs === null
            ? formats.rate(rate)
            : t('rateLeft', { rate: formats.rate(rate), time: formats.span(remainingMs) })}
        </p>
      )}
      <p className="wizard-current">{current === null ? ' ' : folderName(current)}</p>
    </div>
  );
}

/** Reads out every tenth of the way, and the end. */
function Announcement({
  status,
  safe,
}: {
  readonly status: SyncStatus;
  readonly safe: boolean;
}): ReactElement {
  const { t } = useTranslation('wizard');
  const formats = useFormats();
  const share = shareOf(status);
  const tenths = share === null ? 0 : Math.floor(share * 10) / 10;
  return (
    <p role="status" className="visually-hidden">
      {safe
        ? t('safeTitle')
        : tenths === 0
          ? ''
          : t('announce', { share: formats.percent(tenths) })}
    </p>
  );
}

/** Of the photos known so far; null while none is known. Never whole while something is left. */
function shareOf({ photos, safe, unread }: SyncStatus): number | null {
  const all = photos + unread;
  if (all === 0) return null;
  return safe === all ? 1 : Math.min(safe / all, 0.99);
}
