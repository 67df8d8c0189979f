import {
  CloudAlert,
  CloudCheck,
  CloudOff,
  CloudUpload,
  CirclePause,
  type LucideIcon,
} from 'lucide-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { SyncStatus } from '../../shared/contract/app/status.ts';
import { useConnected, useSettings, useStatus } from '../app/engine.tsx';
import { useSummaryText } from '../app/status-line.tsx';
import { statusSummary, type Mood } from '../app/status-summary.ts';
import { ButtonLink } from '../design/button.tsx';
import { ProgressBar } from '../design/progress.tsx';
import { ProgressRing } from '../design/progress-ring.tsx';
import { useFormats } from '../text/use-formats.ts';
import { useAgo } from './use-ago.ts';

const ICONS: Readonly<Record<Mood, LucideIcon>> = {
  busy: CloudUpload,
  safe: CloudCheck,
  paused: CirclePause,
  attention: CloudAlert,
  offline: CloudOff,
  setup: CloudUpload,
};

const TONES = {
  busy: 'accent',
  safe: 'accent',
  paused: 'quiet',
  attention: 'warning',
  offline: 'quiet',
  setup: 'quiet',
} as const;

/** What is happening now, in words and figures. */
export function Overview(): ReactElement {
  const { t } = useTranslation('sync');
  const formats = useFormats();
  const status = useStatus();
  const summary = statusSummary(status, useConnected());
  const headline = useSummaryText()(summary);
  const { progress } = status;
  const value = summary.mood === 'safe' ? 1 : summary.mood === 'busy' ? progress : shareOf(status);
  return (
    <section className="sync-overview" aria-label={t('now')}>
      <ProgressRing
        label={t('progress')}
        value={value}
        still={summary.mood !== 'busy'}
        tone={TONES[summary.mood]}
        icon={ICONS[summary.mood]}
        text={
          summary.mood === 'busy' && progress !== null
            ? formats.percent(Math.min(progress, 0.99))
            : undefined
        }
      />
      <div className="sync-now">
        <h2 className="sync-headline">{headline}</h2>
        {/* Figures that change all the time are not read out, only what they come to. */}
        <p role="status" className="visually-hidden">
          {summary.mood === 'busy' ? '' : headline}
        </p>
        <Moment status={status} />
        <Figures status={status} />
        <Previews status={status} />
        <Limit />
      </div>
    </section>
  );
}

/** What is backed up of all; null while there is nothing. Never whole while something is left. */
function shareOf({ photos, safe }: SyncStatus): number | null {
  if (photos === 0) return null;
  return safe === photos ? 1 : Math.min(safe / photos, 0.99);
}

/** The file at hand and the speed, or when everything was last complete. */
function Moment({ status }: { readonly status: SyncStatus }): ReactElement | null {
  const { t } = useTranslation('sync');
  const formats = useFormats();
  const ago = useAgo();
  const { current, rate, remainingMs, lastCompleteMs, activity } = status;
  if (activity === 'syncing' || activity === 'scanning') {
    const speed = [
      ...(rate === null ? [] : [formats.rate(rate)]),
      ...(remainingMs === null ? [] : [t('left', { time: formats.span(remainingMs) })]),
    ];
    return (
      <div className="sync-moment">
        {speed.length === 0 ? null : <p className="numeric">{speed.join(' · ')}</p>}
        <p className="sync-file">{current ?? ' '}</p>
      </div>
    );
  }
  if (lastCompleteMs === null) return null;
  return <p className="sync-moment">{t('lastComplete', { time: ago(lastCompleteMs) })}</p>;
}

/** The engine's own figures, exactly. */
function Figures({ status }: { readonly status: SyncStatus }): ReactElement {
  const { t } = useTranslation('sync');
  const formats = useFormats();
  const { safe, waiting, failed, unread } = status;
  const figures = [
    { name: t('safe'), value: safe, tone: 'safe' },
    { name: t('waiting'), value: waiting, tone: 'waiting' },
    { name: t('failed'), value: failed, tone: 'failed' },
    ...(unread === 0 ? [] : [{ name: t('unread'), value: unread, tone: 'waiting' }]),
  ];
  return (
    <dl className="sync-figures">
      {figures.map(({ name, value, tone }) => (
        <div key={name} data-tone={value === 0 ? 'none' : tone}>
          <dt>{name}</dt>
          <dd className="numeric">{formats.number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Previews({ status }: { readonly status: SyncStatus }): ReactElement | null {
  const { t } = useTranslation('sync');
  const formats = useFormats();
  const { made, wanted } = status.previews;
  if (made >= wanted) return null;
  return (
    <ProgressBar
      label={t('previews')}
      value={made / wanted}
      valueText={t('ofAll', { done: formats.number(made), all: formats.number(wanted) })}
    />
  );
}

function Limit(): ReactElement {
  const { t } = useTranslation('sync');
  const formats = useFormats();
  const { uploadLimit } = useSettings();
  return (
    <p className="sync-limit">
      {uploadLimit === null ? t('noLimit') : t('limit', { rate: formats.rate(uploadLimit) })}
      <ButtonLink href="/settings/network" variant="quiet" size="small">
        {t('changeLimit')}
      </ButtonLink>
    </p>
  );
}
