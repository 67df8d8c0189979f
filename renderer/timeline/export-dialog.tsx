import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { AppResult } from '../../shared/contract/app/methods.ts';
import { useAppEvent, useSession } from '../app/engine.tsx';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { ProgressBar } from '../design/progress.tsx';
import { useFailureText } from '../text/use-failure-text.ts';
import { useFormats } from '../text/use-formats.ts';

export interface Export {
  readonly ids: readonly string[];
  /** Folder on the computer that the engine runs on. */
  readonly into: string;
}

type Outcome =
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly result: AppResult<'assets.export'> }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Copies originals into a folder while it is open; closing it stops the copying. */
export function ExportDialog({
  work,
  onClose,
}: {
  readonly work: Export;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation(['timeline', 'common']);
  const formats = useFormats();
  const failureText = useFailureText();
  const session = useSession();
  const [done, setDone] = useState(0);
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'running' });
  useAppEvent('exported', (progress) => {
    setDone(progress.done);
  });
  const { ids, into } = work;
  useEffect(() => {
    const current = new AbortController();
    session.call('assets.export', { ids: [...ids], into }, current.signal).then(
      (result) => {
        setOutcome({ kind: 'done', result });
      },
      (error: unknown) => {
        if (!current.signal.aborted) setOutcome({ kind: 'failed', error });
      },
    );
    return () => {
      current.abort();
    };
  }, [session, ids, into]);
  const finished = outcome.kind !== 'running';
  return (
    <Dialog
      open
      title={t('exportTitle', { count: ids.length, number: formats.number(ids.length) })}
      locked={!finished}
      onClose={onClose}
      actions={
        <Button variant={finished ? 'primary' : 'secondary'} onPress={onClose}>
          {finished ? t('common:done') : t('common:cancel')}
        </Button>
      }
    >
      {outcome.kind === 'running' ? (
        <ProgressBar
          label={t('exporting')}
          value={done / ids.length}
          valueText={t('exportProgress', {
            done: formats.number(done),
            total: formats.number(ids.length),
          })}
        />
      ) : null}
      {outcome.kind === 'failed' ? (
        <p role="alert">
          {failureText(outcome.error).what} {failureText(outcome.error).hint}
        </p>
      ) : null}
      {outcome.kind === 'done' ? (
        <p role="status">
          {t('exported', {
            count: outcome.result.copied,
            number: formats.number(outcome.result.copied),
            folder: into,
          })}
          {outcome.result.failed === 0
            ? null
            : ` ${t('exportFailed', {
                count: outcome.result.failed,
                number: formats.number(outcome.result.failed),
              })}`}
        </p>
      ) : null}
    </Dialog>
  );
}
