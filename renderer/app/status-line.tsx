import {
  CloudCheck,
  CloudOff,
  CloudUpload,
  CirclePause,
  CloudAlert,
  Cloud,
  type LucideIcon,
} from 'lucide-react';
import type { ReactElement } from 'react';
import { Link } from 'react-aria-components';
import { useTranslation } from 'react-i18next';

import { useFormats } from '../text/use-formats.ts';
import { useConnected, useStatus } from './engine.tsx';
import { statusSummary, type Mood, type StatusSummary } from './status-summary.ts';

const ICONS: Readonly<Record<Mood, LucideIcon>> = {
  busy: CloudUpload,
  safe: CloudCheck,
  paused: CirclePause,
  attention: CloudAlert,
  offline: CloudOff,
  setup: Cloud,
};

/** The state of the backup, always visible; leads to the whole of it. */
export function StatusLine(): ReactElement {
  const { t } = useTranslation('common');
  const status = useStatus();
  const summary = statusSummary(status, useConnected());
  const text = useSummaryText()(summary);
  const Icon = ICONS[summary.mood];
  const { progress } = status;
  return (
    <Link
      href={summary.mood === 'setup' && status.activity === 'setup' ? '/welcome' : '/sync'}
      className="status-line"
      data-mood={summary.mood}
      aria-label={`${t('statusLabel')}: ${text}`}
    >
      <Icon aria-hidden className="status-line-icon" />
      <span className="status-line-text">{text}</span>
      {summary.mood === 'busy' && progress !== null ? (
        <span className="status-line-track" aria-hidden>
          <span style={{ width: `${progress * 100}%` }} />
        </span>
      ) : null}
    </Link>
  );
}

/** Puts the summary into words. */
export function useSummaryText(): (summary: StatusSummary) => string {
  const { t } = useTranslation('common');
  const formats = useFormats();
  return (summary) => {
    if ('count' in summary) {
      const { count } = summary;
      return t(summary.text, { count, number: formats.number(count) });
    }
    if ('untilMs' in summary) return t(summary.text, { time: formats.time(summary.untilMs) });
    return t(summary.text);
  };
}
