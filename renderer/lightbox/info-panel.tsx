import {
  CalendarClock,
  Camera,
  CloudCheck,
  FileImage,
  Folder,
  History,
  MapPin,
  X,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';

import type { AssetDetails, TimelineItem } from '../../shared/contract/app/timeline.ts';
import { useAppQuery } from '../app/engine.tsx';
import { useHost } from '../app/host.ts';
import { Badge, ErrorState, Skeleton, type Tone } from '../design/surface.tsx';
import { IconButton } from '../design/button.tsx';
import { useFailureText } from '../text/use-failure-text.ts';
import { useFormats } from '../text/use-formats.ts';

/** All that is known of a photo: when and how it was taken, where it lies, and where it is proven to be backed up. */
export function InfoPanel({
  id,
  onVersion,
  onClose,
}: {
  readonly id: string;
  /** Another version of the photo is to be shown. */
  readonly onVersion: (version: TimelineItem) => void;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation(['lightbox', 'common']);
  const { data, error, refetch } = useAppQuery('asset.details', { id });
  return (
    <aside className="info" aria-label={t('info')}>
      <header className="info-header">
        <h2>{t('info')}</h2>
        <IconButton icon={X} label={t('hideInfo')} onPress={onClose} />
      </header>
      {data !== undefined ? (
        <Details details={data} onVersion={onVersion} />
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <div aria-busy role="status" aria-label={t('common:loading')}>
          <Skeleton height="3rem" />
          <Skeleton height="8rem" />
        </div>
      )}
    </aside>
  );
}

function Details({
  details,
  onVersion,
}: {
  readonly details: AssetDetails;
  readonly onVersion: (version: TimelineItem) => void;
}): ReactElement {
  return (
    <>
      <Taken details={details} />
      <Device details={details} />
      <File details={details} />
      <Place details={details} />
      <Backups details={details} />
      <Locations details={details} />
      <Versions versions={details.versions} onOpen={onVersion} />
    </>
  );
}

function Part({
  icon: Icon,
  title,
  children,
}: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <section>
      <Icon aria-hidden strokeWidth={1.75} />
      <div>
        <h3>{title}</h3>
        {children}
      </div>
    </section>
  );
}

function Taken({ details }: { readonly details: AssetDetails }): ReactElement {
  const { t } = useTranslation('lightbox');
  const formats = useFormats();
  const { captured, title } = details;
  return (
    <Part icon={CalendarClock} title={title ?? t('taken')}>
      <p>
        {formats.wall(captured.wall.slice(0, 19))}
        {captured.offset === null ? null : (
          <span className="info-soft"> {t('zone', { offset: captured.offset })}</span>
        )}
      </p>
      <p className="info-soft">
        {t(`source_${captured.source}`)}
        {captured.confidence === 'low' ? ` ${t('unsure')}` : null}
      </p>
    </Part>
  );
}

function Device({ details }: { readonly details: AssetDetails }): ReactElement | null {
  const { t } = useTranslation('lightbox');
  const { camera, lens, exposure, rating } = details;
  if (camera === null && lens === null && exposure === null && rating === null) return null;
  return (
    <Part icon={Camera} title={camera ?? t('camera')}>
      {lens === null ? null : <p>{lens}</p>}
      {exposure === null ? null : <p className="numeric">{exposure}</p>}
      {rating === null ? null : <p>{t('rating', { count: rating })}</p>}
    </Part>
  );
}

function File({ details }: { readonly details: AssetDetails }): ReactElement {
  const { t } = useTranslation('lightbox');
  const formats = useFormats();
  const failureText = useFailureText();
  const { item, bytes, mime, pictureFailure } = details;
  const size =
    item.width === null || item.height === null
      ? null
      : `${formats.number(item.width)} × ${formats.number(item.height)}`;
  const length = item.durationMs === null ? null : formats.duration(item.durationMs);
  return (
    <Part icon={FileImage} title={item.name}>
      <p className="numeric">
        {[size, length, formats.bytes(bytes), mime].filter((part) => part !== null).join(' · ')}
      </p>
      {item.live ? <p>{t('live')}</p> : null}
      {pictureFailure === null ? null : (
        <p className="info-soft">
          {t('noPicture')} {failureText(pictureFailure).what}
        </p>
      )}
    </Part>
  );
}

function Place({ details }: { readonly details: AssetDetails }): ReactElement | null {
  const { t } = useTranslation('lightbox');
  const { latitude, longitude } = details;
  if (latitude === null || longitude === null) return null;
  return (
    <Part icon={MapPin} title={t('place')}>
      <p className="info-path">
        {latitude.toFixed(5)}, {longitude.toFixed(5)}
      </p>
    </Part>
  );
}

const TONES: Readonly<Record<AssetDetails['destinations'][number]['state'], Tone>> = {
  queued: 'neutral',
  uploading: 'neutral',
  verified: 'safe',
  failed: 'danger',
};

function Backups({ details }: { readonly details: AssetDetails }): ReactElement {
  const { t } = useTranslation('lightbox');
  const formats = useFormats();
  const failureText = useFailureText();
  return (
    <Part icon={CloudCheck} title={t('backups')}>
      {details.destinations.length === 0 ? <p>{t('noBackups')}</p> : null}
      <ul>
        {details.destinations.map((each) => (
          <li key={each.destination}>
            <p className="info-place">
              {each.name}
              <Badge tone={TONES[each.state]}>{t(`delivery_${each.state}`)}</Badge>
            </p>
            {each.evidence === null || each.verifiedMs === null ? null : (
              <p className="info-soft">
                {t(`evidence_${each.evidence}`, { date: formats.moment(each.verifiedMs) })}
              </p>
            )}
            {each.failure === null ? null : (
              <p>
                {failureText(each.failure).what} {failureText(each.failure).hint}
              </p>
            )}
            {each.key === null ? null : <p className="info-path info-soft">{each.key}</p>}
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Locations({ details }: { readonly details: AssetDetails }): ReactElement {
  const { t } = useTranslation('lightbox');
  const { files, sidecars, hash } = details;
  return (
    <Part icon={Folder} title={t('files', { count: files.length })}>
      <ul>
        {files.map(({ path, state }) => (
          <li key={path}>
            <p className="info-path">{path}</p>
            {state === 'here' ? null : (
              <Badge tone={state === 'absent' ? 'warning' : 'neutral'}>{t(`file_${state}`)}</Badge>
            )}
          </li>
        ))}
        {sidecars.map((path) => (
          <li key={path}>
            <p className="info-path info-soft">{path}</p>
            <Badge>{t('sidecar')}</Badge>
          </li>
        ))}
      </ul>
      <details className="info-soft">
        <summary>{t('hash')}</summary>
        <p className="info-path">{hash}</p>
      </details>
    </Part>
  );
}

function Versions({
  versions,
  onOpen,
}: {
  readonly versions: readonly TimelineItem[];
  readonly onOpen: (version: TimelineItem) => void;
}): ReactElement | null {
  const { t } = useTranslation('lightbox');
  const formats = useFormats();
  const host = useHost();
  if (versions.length === 0) return null;
  return (
    <Part icon={History} title={t('versions')}>
      <p className="info-soft">{t('versionsHelp')}</p>
      <ul className="info-versions">
        {versions.map((version) => (
          <li key={version.id}>
            <AriaButton
              className="info-version"
              aria-label={t('openVersion', { date: formats.wall(version.wall.slice(0, 19)) })}
              onPress={() => {
                onOpen(version);
              }}
            >
              <img src={host.pictureUrl(version.id, 'grid')} alt="" loading="lazy" />
            </AriaButton>
          </li>
        ))}
      </ul>
    </Part>
  );
}
