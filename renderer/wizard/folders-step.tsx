import { FolderPlus } from 'lucide-react';
import { useState, type Dispatch, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { useAppQuery, useSession, useStatus } from '../app/engine.tsx';
import { Button } from '../design/button.tsx';
import { Checkbox } from '../design/checkbox.tsx';
import { FailureNote, Note } from '../design/note.tsx';
import { ErrorState, Skeleton } from '../design/surface.tsx';
import { FolderFigures, FOLDER_ICONS } from '../folders/folder-words.tsx';
import { folderName, nestedPair } from '../folders/paths.ts';
import { useChooseFolder } from '../folders/use-choose-folder.tsx';
import { StepFrame } from './step-frame.tsx';
import {
  folderChanges,
  offeredFolders,
  tickedFolders,
  type OfferedFolder,
  type WizardAction,
  type WizardState,
} from './wizard-state.ts';

/** Which folders are backed up: proposals with live counts, and any other folder. */
export function FoldersStep({
  state,
  dispatch,
  onBack,
  onNext,
}: {
  readonly state: WizardState;
  readonly dispatch: Dispatch<WizardAction>;
  readonly onBack: (() => void) | null;
  readonly onNext: () => void;
}): ReactElement {
  const { t } = useTranslation('wizard');
  const session = useSession();
  const { folders } = useStatus();
  const suggestions = useAppQuery('folders.suggest', {});
  const { choose, dialog } = useChooseFolder();
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<
    { readonly text: string } | { readonly path: string; readonly error: unknown } | null
  >(null);

  const watched = folders.map(({ path }) => path);
  const suggested = suggestions.data ?? [];
  const ticked = tickedFolders(state, watched, suggested);
  const offered = offeredFolders(state, watched, suggested, folderName);

  const save = async (): Promise<void> => {
    if (ticked.length === 0) {
      setProblem({ text: t('noFolder') });
      return;
    }
    const nested = nestedPair(ticked);
    if (nested !== null) {
      setProblem({ text: t('nested', nested) });
      return;
    }
    const { add, remove } = folderChanges(ticked, folders);
    setProblem(null);
    setSaving(true);
    let path = '';
    try {
      for (const id of remove) await session.call('folders.remove', { id });
      for (path of add) await session.call('folders.add', { path });
      onNext();
    } catch (error) {
      setProblem({ path, error });
    } finally {
      setSaving(false);
    }
  };
  return (
    <StepFrame
      title={t('foldersTitle')}
      text={t('foldersText')}
      busy={saving}
      onBack={onBack}
      onNext={() => {
        void save();
      }}
    >
      {suggestions.isPending ? (
        <div className="wizard-folders" aria-busy>
          <Skeleton height="4.25rem" />
          <Skeleton height="4.25rem" />
        </div>
      ) : null}
      {suggestions.error === null ? null : (
        <ErrorState
          error={suggestions.error}
          onRetry={() => {
            void suggestions.refetch();
          }}
        />
      )}
      {offered.length === 0 ? null : (
        <ul className="wizard-folders">
          {offered.map((folder) => (
            <FolderRow
              key={folder.path}
              folder={folder}
              ticked={ticked.includes(folder.path)}
              onTick={(now) => {
                setProblem(null);
                dispatch({ do: 'tick', path: folder.path, ticked: now, before: ticked });
              }}
            />
          ))}
        </ul>
      )}
      {suggestions.isSuccess && offered.length === 0 ? (
        <p className="wizard-hint">{t('noSuggestions')}</p>
      ) : null}
      <div>
        <Button
          icon={FolderPlus}
          onPress={() => {
            choose({
              title: t('chooseFolderTitle'),
              forWriting: false,
              onChosen: (path) => {
                setProblem(null);
                dispatch({ do: 'addFolder', path, before: ticked });
              },
            });
          }}
        >
          {t('addFolder')}
        </Button>
      </div>
      {problem === null ? null : 'text' in problem ? (
        <Note tone="danger" alert>
          {problem.text}
        </Note>
      ) : (
        <div className="wizard-failure">
          {problem.path === '' ? null : <p className="wizard-path">{problem.path}</p>}
          <FailureNote error={problem.error} alert />
        </div>
      )}
      {dialog}
    </StepFrame>
  );
}

function FolderRow({
  folder: { path, kind, name },
  ticked,
  onTick,
}: {
  readonly folder: OfferedFolder;
  readonly ticked: boolean;
  readonly onTick: (ticked: boolean) => void;
}): ReactElement {
  const Icon = FOLDER_ICONS[kind];
  return (
    <li className="wizard-folder" data-ticked={ticked ? true : undefined}>
      <Checkbox
        selected={ticked}
        onChange={onTick}
        label={
          <span className="wizard-folder-row">
            <Icon aria-hidden strokeWidth={1.75} />
            <span className="wizard-folder-words">
              <span className="wizard-folder-name">{name}</span>
              <span className="wizard-path">{path}</span>
            </span>
            <FolderFigures path={path} />
          </span>
        }
      />
    </li>
  );
}
