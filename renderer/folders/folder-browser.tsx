import { ArrowUp, Folder, FolderPlus } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { Button as AriaButton, ListBox, ListBoxItem } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';

import type { BrowsedFolder } from '../../shared/contract/app/folders.ts';
import { queryKey, useAppCall, useAppQuery } from '../app/engine.tsx';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { FailureNote, Note } from '../design/note.tsx';
import { Skeleton } from '../design/surface.tsx';
import { TextField } from '../design/text-field.tsx';
import { folderName } from './paths.ts';

import '../design/menu.css';
import './folders.css';

/** The folders of the engine's computer, one level at a time, to choose one. */
export function FolderBrowser({
  title,
  forWriting,
  onClose,
  onChoose,
}: {
  readonly title: string;
  /** Something will be written into it: a folder that cannot be written to is refused. */
  readonly forWriting: boolean;
  readonly onClose: () => void;
  readonly onChoose: (path: string) => void;
}): ReactElement {
  const { t } = useTranslation(['folders', 'common']);
  const [path, setPath] = useState<string | null>(null);
  const { data, error, isPending, refetch } = useAppQuery(
    'folders.browse',
    { path },
    { keep: true },
  );
  const refused = forWriting && data?.writable === false;
  return (
    <Dialog
      title={title}
      open
      size="wide"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('common:cancel')}</Button>
          <Button
            variant="primary"
            isDisabled={data === undefined || refused}
            onPress={() => {
              if (data !== undefined) onChoose(data.path);
            }}
          >
            {data === undefined
              ? t('chooseThis')
              : t('chooseNamed', { name: folderName(data.path) })}
          </Button>
        </>
      }
    >
      {data === undefined ? null : <Place folder={data} onOpen={setPath} />}
      {error === null ? null : (
        <FailureNote
          error={error}
          alert
          actions={
            <Button
              size="small"
              onPress={() => {
                if (path === null) void refetch();
                else setPath(null);
              }}
            >
              {path === null ? t('common:retry') : t('toStart')}
            </Button>
          }
        />
      )}
      {isPending ? <Skeleton height="16rem" /> : null}
      {data === undefined ? null : (
        <ListBox
          key={data.path}
          className="browser-list"
          aria-label={t('foldersIn', { name: folderName(data.path) })}
          items={data.folders}
          onAction={(key) => {
            setPath(String(key));
          }}
          renderEmptyState={() => <p className="browser-empty">{t('noFolders')}</p>}
        >
          {(folder) => (
            <ListBoxItem id={folder.path} textValue={folder.name} className="menu-item">
              <Folder aria-hidden />
              {folder.name}
            </ListBoxItem>
          )}
        </ListBox>
      )}
      {refused ? <Note tone="warning">{t('notWritable')}</Note> : null}
      {data?.writable === true ? (
        <NewFolder
          parent={data.path}
          onMade={(made) => {
            setPath(made.path);
          }}
        />
      ) : null}
    </Dialog>
  );
}

function Place({
  folder,
  onOpen,
}: {
  readonly folder: BrowsedFolder;
  readonly onOpen: (path: string) => void;
}): ReactElement {
  const { t } = useTranslation('folders');
  const { parent } = folder;
  return (
    <div className="browser-place">
      <AriaButton
        className="icon-button"
        aria-label={t('up')}
        isDisabled={parent === null}
        onPress={() => {
          if (parent !== null) onOpen(parent);
        }}
      >
        <ArrowUp aria-hidden />
      </AriaButton>
      <p className="browser-path" role="status">
        {folder.path}
      </p>
    </div>
  );
}

function NewFolder({
  parent,
  onMade,
}: {
  readonly parent: string;
  readonly onMade: (folder: BrowsedFolder) => void;
}): ReactElement {
  const { t } = useTranslation(['folders', 'common']);
  const queries = useQueryClient();
  const create = useAppCall('folders.create');
  const [name, setName] = useState<string | null>(null);
  if (name === null) {
    return (
      <div>
        <Button
          size="small"
          variant="quiet"
          icon={FolderPlus}
          onPress={() => {
            setName('');
          }}
        >
          {t('newFolder')}
        </Button>
      </div>
    );
  }
  return (
    <form
      className="browser-new"
      onSubmit={(event) => {
        event.preventDefault();
        // The dialog may have been opened from within a form, and React passes events on to it.
        event.stopPropagation();
        if (name.trim() === '' || create.isPending) return;
        create.mutate(
          { parent, name: name.trim() },
          {
            onSuccess: (folder) => {
              setName(null);
              void queries.invalidateQueries({ queryKey: queryKey('folders.browse') });
              onMade(folder);
            },
          },
        );
      }}
    >
      <TextField label={t('newFolderName')} value={name} onChange={setName} maxLength={255} />
      <Button type="submit" isDisabled={name.trim() === '' || create.isPending}>
        {t('make')}
      </Button>
      <Button
        variant="quiet"
        onPress={() => {
          setName(null);
          create.reset();
        }}
      >
        {t('common:cancel')}
      </Button>
      {create.error === null ? null : <FailureNote error={create.error} alert />}
    </form>
  );
}
