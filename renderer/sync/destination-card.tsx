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
import { useAppCall } from '../app/engine.tsx';
import { Button, ButtonLink } from '../design/button.tsx';
import { FailureNote } from '../design/note.tsx';
import { ProgressBar } from '../design/progress.tsx';
import { Badge, type Tone } from '../design/surface.tsx';
import { DestinationIcon } from '../destinations/icons.tsx';
import { placeText } from '../destinations/place-text.ts';
import { TestDialog } from '../destinations/test-dialog.tsx';
import { VerifyDialog } from '../destinations/verify-dialog.tsx';
import { useFormats } from '../text/use-formats.ts';
import { useTold } from './pause-control.tsx';
import { useAgo } from './use-ago.ts';

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
  const ago = useAgo();
  const [open, setOpen] = useState<'test' | 'verify' | null>(null);
  const { id, name, url, icon, health, verified, waiting, failed, verifying } = destination;
  const { tone, icon: HealthIcon } = HEALTH[health];
  const all = verified + waiting + failed;
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
      {all === 0 ? null : (
        <ProgressBar
          label={t('backedUpShare')}
          labelHidden
          value={verified === all ? 1 : Math.min(verified / all, 0.995)}
          valueText={t('ofAll', { done: formats.number(verified), all: formats.number(all) })}
          tone={failed > 0 ? 'warning' : 'accent'}
        />
      )}
      <dl className="sync-destination-figures numeric">
        <div>
          <dt>{t('safe')}</dt>
          <dd>
            {formats.number(verified)}
            <span className="sync-soft">{formats.bytes(destination.verifiedBytes)}</span>
          </dd>
        </div>
        <div>
          <dt>{t('waiting')}</dt>
          <dd>
            {formats.number(waiting)}
            {destination.waitingBytes === 0 ? null : (
              <span className="sync-soft">{formats.bytes(destination.waitingBytes)}</span>
            )}
          </dd>
        </div>
        <div data-failed={failed > 0 ? true : undefined}>
          <dt>{t('failed')}</dt>
          <dd>{formats.number(failed)}</dd>
        </div>
        <div>
          <dt>{t('lastVerified')}</dt>
          <dd className="sync-destination-words">
            {destination.lastVerifiedMs === null ? t('never') : ago(destination.lastVerifiedMs)}
          </dd>
        </div>
      </dl>
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
      <Trouble destination={destination} />
      <div className="sync-destination-actions">
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

/** Why it is not well, and the way out. */
function Trouble({
  destination: { health, failure, card },
}: {
  readonly destination: DestinationStatus;
}): ReactElement | null {
  const { t } = useTranslation('sync');
  const told = useTold();
  const again = useAppCall('sync.now');
  if (failure === null) return null;
  return (
    <FailureNote
      error={failure}
      tone={health === 'offline' || health === 'ok' ? 'warning' : 'danger'}
      actions={
        <>
          {health === 'signIn' ? (
            <ButtonLink href="/settings/destinations" size="small">
              {t(card.startsWith('file') ? 'toDestination' : 'signIn')}
            </ButtonLink>
          ) : null}
          <Button
            size="small"
            isPending={again.isPending}
            onPress={() => {
              again.mutate({}, told);
            }}
          >
            {t(health === 'full' ? 'spaceFreed' : 'tryAgain')}
          </Button>
        </>
      }
    />
  );
}
