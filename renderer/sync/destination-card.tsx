import {
  CircleAlert,
  CircleCheck,
  CloudOff,
  FileCheck,
  PlugZap,
  type LucideIcon,
} from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { DestinationStatus } from '../../shared/contract/app/destinations.ts';
import { Button } from '../design/button.tsx';
import { ProgressBar } from '../design/progress.tsx';
import { Badge, type Tone } from '../design/surface.tsx';
import { DestinationIcon } from '../destinations/icons.tsx';
import { placeText } from '../destinations/place-text.ts';
import { QuotaMeter } from '../destinations/quota-meter.tsx';
import { TestDialog } from '../destinations/test-dialog.tsx';
import { VerifyDialog } from '../destinations/verify-dialog.tsx';
import { useFormats } from '../text/use-formats.ts';
import { DestinationTrouble } from './destination-trouble.tsx';
import { Figures } from './destination-figures.tsx';

type Health = DestinationStatus['health'];

const HEALTH: Readonly<Record<Health, { readonly tone: Tone; readonly icon: LucideIcon }>> = {
  unknown: { tone: 'neutral', icon: CircleCheck },
  ok: { tone: 'safe', icon: CircleCheck },
  offline: { tone: 'neutral', icon: CloudOff },
  signIn: { tone: 'danger', icon: CircleAlert },
  full: { tone: 'danger', icon: CircleAlert },
  readOnly: { tone: 'danger', icon: CircleAlert },
  failing: { tone: 'danger', icon: CircleAlert },
};

/** How one destination stands, and what can be done about it. */
export function DestinationCard({
  destination,
}: {
  readonly destination: DestinationStatus;
}): ReactElement {
  const { t } = useTranslation('sync');
  const formats = useFormats();
  const [open, setOpen] = useState<'test' | 'verify' | null>(null);
  const { id, name, url, icon, role, health, waiting, failed, verifying } = destination;
  const { tone, icon: HealthIcon } = HEALTH[health];
  const publishes = role === 'publish';
  const there = publishes ? destination.published : destination.verified;
  const all = there + waiting + failed;
  const close = (): void => {
    setOpen(null);
  };
  return (
    <article className="card sync-destination" aria-label={name}>
      <header className="sync-destination-head">
        <span className="sync-destination-icon">
          <DestinationIcon name={icon} />
        </span>
        <div className="sync-destination-name">
          <h3>{name}</h3>
          <p className="sync-soft">{placeText(url)}</p>
        </div>
        <Badge tone={tone} icon={HealthIcon}>
          {t(`health_${health}`)}
        </Badge>
      </header>
      {publishes ? <p className="sync-soft">{t('publishOnly')}</p> : null}
      {all === 0 ? null : (
        <ProgressBar
          label={t(publishes ? 'publishedShare' : 'backedUpShare')}
          labelHidden
          value={there === all ? 1 : Math.min(there / all, 0.995)}
          valueText={t('ofAll', { done: formats.number(there), all: formats.number(all) })}
        />
      )}
      <Figures destination={destination} />
      <QuotaMeter destination={destination} />
      <Speed destination={destination} />
      {verifying === null ? null : (
        <ProgressBar
          label={t('verifying')}
          value={verifying.total === 0 ? null : verifying.done / verifying.total}
          valueText={t('ofAll', {
            done: formats.number(verifying.done),
            all: formats.number(verifying.total),
          })}
        />
      )}
      <DestinationTrouble destination={destination} />
      <div className="sync-destination-actions">
        {publishes ? null : (
          <Button
            size="small"
            icon={FileCheck}
            isDisabled={verifying !== null}
            onPress={() => {
              setOpen('verify');
            }}
          >
            {t('verifyNow')}
          </Button>
        )}
        <Button
          size="small"
          icon={PlugZap}
          onPress={() => {
            setOpen('test');
          }}
        >
          {t('test')}
        </Button>
      </div>
      {open === 'test' ? <TestDialog id={id} name={name} onClose={close} /> : null}
      {open === 'verify' ? <VerifyDialog id={id} name={name} onClose={close} /> : null}
    </article>
  );
}

function Speed({
  destination: { rate, remainingMs },
}: {
  readonly destination: DestinationStatus;
}): ReactElement | null {
  const { t } = useTranslation('sync');
  const formats = useFormats();
  if (rate === null) return null;
  const words = [
    formats.rate(rate),
    ...(remainingMs === null ? [] : [t('left', { time: formats.span(remainingMs) })]),
  ];
  return <p className="sync-soft numeric">{words.join(' · ')}</p>;
}
