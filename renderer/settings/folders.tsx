import { FilterX, FolderOpen, FolderPlus, Trash2 } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { WatchedFolder } from '../../shared/contract/app/folders.ts';
import { useAppCall, useStatus } from '../app/engine.tsx';
import { Button } from '../design/button.tsx';
import { ConfirmDialog } from '../design/confirm-dialog.tsx';
import { FailureNote } from '../design/note.tsx';
import { Badge, EmptyState } from '../design/surface.tsx';
import { useToast } from '../design/toast.tsx';
import { folderName } from '../folders/paths.ts';
import { useChooseFolder } from '../folders/use-choose-folder.tsx';
import { useFormats } from '../text/use-formats.ts';
import { ExcludeDialog } from './exclude-dialog.tsx';

/** The folders that are kept backed up. */
export function Folders(): ReactElement {
  const { t } = useTranslation('settings');
  const { folders } = useStatus();
  const add = useAppCall('folders.add');
  const { choose, dialog } = useChooseFolder();
  const button = (
    <Button
      icon={FolderPlus}
      isPending={add.isPending}
      variant={folders.length === 0 ? 'primary' : 'secondary'}
      onPress={() => {
        choose({
          title: t('chooseFolder'),
          forWriting: false,
          onChosen: (path) => {
            add.mutate({ path });
          },
        });
      }}
    >
      {t('addFolder')}
    </Button>
  );
  return (
    <>
      <p className="settings-lead">{t('foldersText')}</p>
      {folders.length === 0 ? (
        <EmptyState
          icon={FolderOpen}
          title={t('noFolders')}
          text={t('noFoldersText')}
          actions={button}
        />
      ) : (
        <>
          <ul className="settings-list">
            {folders.map((folder) => (
              <FolderRow key={folder.id} folder={folder} />
            ))}
          </ul>
          <div>{button}</div>
        </>
      )}
      {add.error === null ? null : (
        <div className="settings-failure">
          <p className="settings-soft">{add.variables.path}</p>
          <FailureNote error={add.error} alert />
        </div>
      )}
      {dialog}
    </>
  );
}

function FolderRow({ folder }: { readonly folder: WatchedFolder }): ReactElement {
  const { t } = useTranslation(['settings', 'common']);
  const formats = useFormats();
  const [open, setOpen] = useState<'exclude' | 'remove' | null>(null);
  const { id, path, photos, bytes, state, exclude, failure } = folder;
  const name = folderName(path);
  const close = (): void => {
    setOpen(null);
  };
  return (
    <li className="settings-row">
      <div className="settings-row-words">
        <p className="settings-row-name">
          {name}
          {state === 'watched' ? null : (
            <Badge tone={state === 'unknown' ? 'warning' : 'neutral'}>{t(`folder_${state}`)}</Badge>
          )}
        </p>
        <p className="settings-soft">{path}</p>
        <p className="settings-soft numeric">
          {t('common:nPhotos', { count: photos, number: formats.number(photos) })} ·{' '}
          {formats.bytes(bytes)}
          {exclude.length === 0
            ? null
            : ` · ${t('nRules', { count: exclude.length, number: formats.number(exclude.length) })}`}
        </p>
      </div>
      <div className="settings-row-actions">
        <Button
          size="small"
          icon={FilterX}
          aria-label={t('excludeNamed', { name })}
          onPress={() => {
            setOpen('exclude');
          }}
        >
          {t('exclude')}
        </Button>
        <Button
          size="small"
          variant="quiet"
          icon={Trash2}
          aria-label={t('removeNamed', { name })}
          onPress={() => {
            setOpen('remove');
          }}
        >
          {t('common:remove')}
        </Button>
      </div>
      {failure === null ? null : (
        <div className="settings-row-note">
          <FailureNote error={failure} tone="warning" />
        </div>
      )}
      {open === 'exclude' ? <ExcludeDialog folder={folder} onClose={close} /> : null}
      {open === 'remove' ? <RemoveDialog id={id} path={path} onClose={close} /> : null}
    </li>
  );
}

/** Says what removing means before it is done; afterwards it can be undone. */
function RemoveDialog({
  id,
  path,
  onClose,
}: {
  readonly id: string;
  readonly path: string;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation(['settings', 'common']);
  const toast = useToast();
  const remove = useAppCall('folders.remove');
  const add = useAppCall('folders.add');
  const { exclude } = useStatus().folders.find((folder) => folder.id === id) ?? { exclude: [] };
  const update = useAppCall('folders.update');
  const name = folderName(path);
  const restore = async (): Promise<void> => {
    const folder = await add.mutateAsync({ path });
    if (exclude.length > 0) await update.mutateAsync({ id: folder.id, exclude });
  };
  // The row goes away with its folder, maybe before the answer: no callback of the row may be relied on.
  const perform = async (): Promise<void> => {
    await remove.mutateAsync({ id });
    onClose();
    toast({
      text: t('folderRemoved', { name }),
      action: {
        label: t('common:undo'),
        onPress: () => {
          restore().catch(() => {
            toast({ text: t('undoFailed') });
          });
        },
      },
    });
  };
  return (
    <ConfirmDialog
      title={t('removeFolderTitle', { name })}
      confirm={t('stopWatching')}
      role="alertdialog"
      call={remove}
      onConfirm={() => {
        // The dialog shows a failure.
        perform().catch(() => undefined);
      }}
      onClose={onClose}
    >
      <p>{t('removeFolderText')}</p>
      <p className="settings-soft">{path}</p>
    </ConfirmDialog>
  );
}
