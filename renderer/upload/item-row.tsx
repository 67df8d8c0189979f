import {
  Ban,
  CircleAlert,
  CircleCheck,
  CopyCheck,
  FileX,
  Image,
  RotateCw,
  X,
  type LucideIcon,
} from 'lucide-react';
import { useState, type ReactElement, type ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';

import type { UploadBatch, UploadItem } from '../../shared/contract/app/uploads.ts';
import { useHost } from '../app/host.ts';
import { IconButton } from '../design/button.tsx';
import { FailureDetail } from '../design/note.tsx';
import { ProgressBar } from '../design/progress.tsx';
import { useFailureText } from '../text/use-failure-text.ts';
import { useFormats } from '../text/use-formats.ts';
import { groupOf, type ItemGroup } from './upload-items.ts';
import type { Uploads } from './use-uploads.ts';

const ICONS: Readonly<Record<Exclude<ItemGroup, 'going'>, LucideIcon>> = {
  backedUp: CircleCheck,
  already: CopyCheck,
  ignored: FileX,
  failed: CircleAlert,
  cancelled: Ban,
};

/** One file: its picture, how far it is or what became of it, and what can be done. */
export function ItemRow({
  batch,
  item,
  uploads,
}: {
  readonly batch: UploadBatch;
  readonly item: UploadItem;
  readonly uploads: Uploads;
}): ReactElement {
  const { t } = useTranslation(['upload', 'common']);
  const formats = useFormats();
  const group = groupOf(item);
  return (
    <li className="upload-item" data-group={group}>
      <PhotoLink item={item}>
        <Thumbnail address={uploads.pictureOf(batch, item)} />
      </PhotoLink>
      <div className="upload-item-words">
        <p className="upload-item-name">{item.name}</p>
        {group === 'going' ? (
          <ProgressBar
            label={item.name}
            labelHidden
            value={item.progress}
            valueText={t('itemProgress', { share: formats.percent(item.progress) })}
          />
        ) : null}
        <p className="upload-item-state">
          {group === 'going' ? null : <GroupIcon group={group} />}
          <span>{t(`state_${item.state}`)}</span>
          <span className="numeric">{formats.bytes(item.bytes)}</span>
        </p>
        {item.failure === null ? null : <Why failure={item.failure} />}
      </div>
      {group === 'failed' || group === 'cancelled' ? (
        <IconButton
          icon={RotateCw}
          label={t('retryNamed', { name: item.name })}
          onPress={() => {
            uploads.retry(batch, [item]);
          }}
        />
      ) : null}
      {group === 'going' ? (
        <IconButton
          icon={X}
          label={t('cancelNamed', { name: item.name })}
          onPress={() => {
            uploads.cancel(batch, item);
          }}
        />
      ) : null}
    </li>
  );
}

/** Leads to the photo in the timeline, as soon as there is one: in the main window where that is another. */
function PhotoLink({
  item: { asset, name },
  children,
}: {
  readonly item: UploadItem;
  readonly children: ReactNode;
}): ReactNode {
  const { t } = useTranslation('upload');
  const { showPhotos } = useHost();
  const [, navigate] = useLocation();
  if (asset === null) return children;
  return (
    <AriaButton
      className="upload-photo"
      aria-label={t('showNamed', { name })}
      onPress={() => {
        if (showPhotos === null) navigate(`/photo/${asset}`);
        else showPhotos(asset);
      }}
    >
      {children}
    </AriaButton>
  );
}

function GroupIcon({ group }: { readonly group: Exclude<ItemGroup, 'going'> }): ReactElement {
  const Icon = ICONS[group];
  return <Icon aria-hidden />;
}

function Why({ failure }: { readonly failure: NonNullable<UploadItem['failure']> }): ReactElement {
  const { what, hint } = useFailureText()(failure);
  return (
    <div className="upload-soft">
      <p>
        {what} {hint}
      </p>
      <FailureDetail error={failure} />
    </div>
  );
}

function Thumbnail({ address }: { readonly address: string | null }): ReactElement {
  const [broken, setBroken] = useState<string | null>(null);
  return (
    <span className="upload-thumbnail">
      {address === null || broken === address ? (
        <Image aria-hidden strokeWidth={1.5} />
      ) : (
        <img
          src={address}
          alt=""
          loading="lazy"
          onError={() => {
            setBroken(address);
          }}
        />
      )}
    </span>
  );
}
