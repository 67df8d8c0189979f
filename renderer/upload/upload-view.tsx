import { ArrowLeft, CloudUpload, Images } from 'lucide-react';
import { useEffect, useEffectEvent, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { UploadTarget } from '../../shared/contract/app/uploads.ts';
import { useConnected } from '../app/engine.tsx';
import { AwayNote } from '../app/shell.tsx';
import { useUploadRequest } from '../app/window-commands.tsx';
import { useHost } from '../app/host.ts';
import { Button, ButtonLink } from '../design/button.tsx';
import { FailureNote } from '../design/note.tsx';
import { EmptyState, ErrorState } from '../design/surface.tsx';
import { useBackups } from '../destinations/use-backups.ts';
import { BatchCard } from './batch-card.tsx';
import { DropZone } from './drop-zone.tsx';
import { TargetChoice } from './target-choice.tsx';
import { useUploads } from './use-uploads.ts';

import './upload.css';

/** Drag and drop, paste or choose: photos that are backed up from where they are. */
export default function UploadView(): ReactElement {
  const { t } = useTranslation(['upload', 'common']);
  const { showPhotos } = useHost();
  const backups = useBackups();
  const connected = useConnected();
  const [target, setTarget] = useState<UploadTarget>({ album: null, destinations: [] });
  const uploads = useUploads({
    album: target.album?.trim() ?? null,
    destinations: target.destinations,
  });
  const request = useUploadRequest();
  const ready = connected && backups.length > 0;
  const takeRequested = useEffectEvent((paths: readonly string[]) => {
    request.taken();
    void uploads.takePaths(paths);
  });
  useEffect(() => {
    if (ready && request.paths.length > 0) takeRequested(request.paths);
  }, [ready, request.paths]);
  return (
    <main className="upload">
      <header className="upload-header">
        {showPhotos === null ? (
          <ButtonLink href="/" variant="quiet" size="small" icon={ArrowLeft}>
            {t('common:photos')}
          </ButtonLink>
        ) : (
          <Button
            variant="quiet"
            size="small"
            icon={Images}
            onPress={() => {
              showPhotos(null);
            }}
          >
            {t('common:photos')}
          </Button>
        )}
        <h1>{t('title')}</h1>
      </header>
      <AwayNote />
      {backups.length === 0 ? (
        <EmptyState
          icon={CloudUpload}
          title={t('noDestination')}
          text={t('noDestinationText')}
          actions={
            <ButtonLink href="/welcome" variant="primary">
              {t('setUp')}
            </ButtonLink>
          }
        />
      ) : (
        <>
          <DropZone
            compact={uploads.batches.length > 0}
            disabled={!connected}
            onDropped={(dropped) => {
              void uploads.takeDropped(dropped);
            }}
            onPaths={(paths) => {
              void uploads.takePaths(paths);
            }}
          />
          <TargetChoice target={target} onChange={setTarget} />
        </>
      )}
      <p role="status" className={uploads.taking ? 'upload-soft' : 'visually-hidden'}>
        {uploads.taking ? t('taking') : ''}
      </p>
      {uploads.pasted ? (
        <p role="status" className="upload-soft">
          {t('pastedKept')}
        </p>
      ) : null}
      {uploads.failure === null ? null : <FailureNote error={uploads.failure} alert />}
      {uploads.error === null ? null : (
        <ErrorState error={uploads.error} onRetry={uploads.refetch} />
      )}
      {uploads.batches.map((batch) => (
        <BatchCard key={batch.id} batch={batch} uploads={uploads} />
      ))}
    </main>
  );
}
