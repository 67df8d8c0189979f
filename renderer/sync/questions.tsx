import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { Question, SyncStatus } from '../../shared/contract/app/status.ts';
import { useAppCall, useStatus } from '../app/engine.tsx';
import { Button } from '../design/button.tsx';
import { FailureDetail, FailureNote, Note } from '../design/note.tsx';
import { useAgo } from './use-ago.ts';
import { useTold } from './pause-control.tsx';

/** What only a person can decide. Nothing happens to the photos meant until it is answered. */
export function Questions(): ReactElement | null {
  const { t } = useTranslation('sync');
  const status = useStatus();
  if (status.questions.length === 0) return null;
  return (
    <section className="sync-section" aria-label={t('questions')}>
      {status.questions.map((question) => (
        <QuestionNote key={question.id} question={question} subject={nameOf(question, status)} />
      ))}
    </section>
  );
}

function QuestionNote({
  question: { id, kind, failure },
  subject,
}: {
  readonly question: Question;
  readonly subject: string;
}): ReactElement {
  const { t } = useTranslation('sync');
  const answer = useAppCall('sync.answer');
  const told = useTold();
  return (
    <Note
      tone="warning"
      alert
      title={t(`question_${kind}`, { subject })}
      actions={
        <>
          <Button
            size="small"
            isDisabled={answer.isPending}
            onPress={() => {
              answer.mutate({ id, accept: false }, told);
            }}
          >
            {t(`keep_${kind}`)}
          </Button>
          <Button
            size="small"
            isDisabled={answer.isPending}
            onPress={() => {
              answer.mutate({ id, accept: true }, told);
            }}
          >
            {t(`accept_${kind}`)}
          </Button>
        </>
      }
    >
      <p>{t(`question_${kind}Hint`)}</p>
      <FailureDetail error={failure} />
    </Note>
  );
}

/** A destination is called by its name, a folder by its path. */
function nameOf({ subject }: Question, { folders, destinations }: SyncStatus): string {
  return (
    destinations.find(({ id }) => id === subject)?.name ??
    folders.find(({ id }) => id === subject)?.path ??
    subject
  );
}

/** What went wrong beside photos and destinations, and folders that cannot be looked at. */
export function Notices(): ReactElement | null {
  const { t } = useTranslation('sync');
  const ago = useAgo();
  const { notices, folders } = useStatus();
  const away = folders.filter(({ state }) => state === 'unknown');
  if (notices.length === 0 && away.length === 0) return null;
  return (
    <section className="sync-section" aria-label={t('notices')}>
      {away.map(({ id, path }) => (
        <Note key={id} tone="warning" title={t('folderAway', { path })}>
          <p>{t('folderAwayHint')}</p>
        </Note>
      ))}
      {notices.map(({ atMs, failure }) => (
        <div key={`${String(atMs)} ${failure.message}`} className="sync-notice">
          <p className="sync-soft">{ago(atMs)}</p>
          <FailureNote error={failure} tone="warning" />
        </div>
      ))}
    </section>
  );
}
