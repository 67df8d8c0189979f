import {
  CloudUpload,
  EllipsisVertical,
  FileCheck,
  LogIn,
  Pencil,
  PlugZap,
  Plus,
  RefreshCcw,
  Trash2,
} from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { DestinationStatus } from '../../shared/contract/app/destinations.ts';
import { useStatus } from '../app/engine.tsx';
import { Button, IconButton } from '../design/button.tsx';
import { Menu } from '../design/menu.tsx';
import { Badge, EmptyState } from '../design/surface.tsx';
import { DestinationFailure } from '../destinations/destination-failure.tsx';
import { DestinationIcon } from '../destinations/icons.tsx';
import { placeText } from '../destinations/place-text.ts';
import { SignInDialog } from '../destinations/sign-in-dialog.tsx';
import { TestDialog } from '../destinations/test-dialog.tsx';
import { useQuotaText } from '../destinations/use-quota-text.ts';
import { useSignInCard } from '../destinations/use-sign-in-card.ts';
import { VerifyDialog } from '../destinations/verify-dialog.tsx';
import { useFormats } from '../text/use-formats.ts';
import { AddDestinationDialog } from './add-destination-dialog.tsx';
import { EditDestinationDialog } from './edit-destination-dialog.tsx';
import { RebuildDialog, RemoveDestinationDialog } from './destination-dialogs.tsx';

/** Where photos are backed up to. */
export function Destinations(): ReactElement {
  const { t } = useTranslation('settings');
  const { destinations } = useStatus();
  const [adding, setAdding] = useState(false);
  const button = (
    <Button
      icon={Plus}
      variant={destinations.length === 0 ? 'primary' : 'secondary'}
      onPress={() => {
        setAdding(true);
      }}
    >
      {t('addDestination')}
    </Button>
  );
  return (
    <>
      <p className="settings-lead">{t('destinationsText')}</p>
      {destinations.length === 0 ? (
        <EmptyState
          icon={CloudUpload}
          title={t('noDestinations')}
          text={t('noDestinationsText')}
          actions={button}
        />
      ) : (
        <>
          <ul className="settings-list">
            {destinations.map((destination) => (
              <DestinationRow key={destination.id} destination={destination} />
            ))}
          </ul>
          <div>{button}</div>
        </>
      )}
      {adding ? (
        <AddDestinationDialog
          onClose={() => {
            setAdding(false);
          }}
        />
      ) : null}
    </>
  );
}

type Opened = 'edit' | 'signIn' | 'test' | 'verify' | 'rebuild' | 'remove';

function DestinationRow({
  destination,
}: {
  readonly destination: DestinationStatus;
}): ReactElement {
  const { t } = useTranslation(['settings', 'sync', 'common']);
  const formats = useFormats();
  const [open, setOpen] = useState<Opened | null>(null);
  const { id, name, url, icon, role, health, failure, verified, verifiedBytes, quota } =
    destination;
  const publishes = role === 'publish';
  const card = useSignInCard(destination);
  const quotaText = useQuotaText();
  const close = (): void => {
    setOpen(null);
  };
  const entry = (what: Opened): (() => void) => {
    return () => {
      setOpen(what);
    };
  };
  return (
    <li className="settings-row">
      <span className="settings-row-icon">
        <DestinationIcon name={icon} />
      </span>
      <div className="settings-row-words">
        <p className="settings-row-name">
          {name}
          {publishes ? <Badge>{t('publishOnly')}</Badge> : null}
          {health === 'ok' || health === 'unknown' ? null : (
            <Badge tone={health === 'offline' ? 'neutral' : 'danger'}>
              {t(`sync:health_${health}`)}
            </Badge>
          )}
        </p>
        <p className="settings-soft">{placeText(url)}</p>
        <p className="settings-soft numeric">
          {[
            ...(publishes
              ? [t('shown', { number: formats.number(destination.published) })]
              : [
                  t('common:nPhotos', { count: verified, number: formats.number(verified) }),
                  formats.bytes(verifiedBytes),
                ]),
            ...(quota === null ? [] : [quotaText(quota)]),
          ].join(' · ')}
        </p>
      </div>
      <div className="settings-row-actions">
        <Button
          size="small"
          icon={Pencil}
          aria-label={t('editNamed', { name })}
          onPress={entry('edit')}
        >
          {t('edit')}
        </Button>
        <Menu
          label={t('moreNamed', { name })}
          entries={[
            { id: 'test', label: t('test'), icon: PlugZap, onChoose: entry('test') },
            ...(card === null
              ? []
              : [
                  { id: 'signIn', label: t('signInAgain'), icon: LogIn, onChoose: entry('signIn') },
                ]),
            ...(publishes
              ? []
              : [
                  { id: 'verify', label: t('verify'), icon: FileCheck, onChoose: entry('verify') },
                  {
                    id: 'rebuild',
                    label: t('rebuild'),
                    icon: RefreshCcw,
                    onChoose: entry('rebuild'),
                  },
                ]),
            {
              id: 'remove',
              label: t('removeDestination'),
              icon: Trash2,
              danger: true,
              onChoose: entry('remove'),
            },
          ]}
        >
          <IconButton icon={EllipsisVertical} label={t('moreNamed', { name })} tooltip={false} />
        </Menu>
      </div>
      {failure === null ? null : (
        <div className="settings-row-note">
          <DestinationFailure
            destination={destination}
            signsIn={card !== null}
            actions={
              health === 'signIn' && card !== null ? (
                <Button size="small" icon={LogIn} onPress={entry('signIn')}>
                  {t('signInAgain')}
                </Button>
              ) : undefined
            }
          />
        </div>
      )}
      {open === 'edit' ? <EditDestinationDialog destination={destination} onClose={close} /> : null}
      {open === 'signIn' && card !== null ? (
        <SignInDialog destination={destination} card={card} onClose={close} />
      ) : null}
      {open === 'test' ? <TestDialog id={id} name={name} onClose={close} /> : null}
      {open === 'verify' ? <VerifyDialog id={id} name={name} onClose={close} /> : null}
      {open === 'rebuild' ? <RebuildDialog id={id} name={name} onClose={close} /> : null}
      {open === 'remove' ? <RemoveDestinationDialog id={id} name={name} onClose={close} /> : null}
    </li>
  );
}
