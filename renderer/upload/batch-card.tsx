import { X } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { UploadBatch } from '../../shared/contract/app/uploads.ts';
import { Button, IconButton } from '../design/button.tsx';
import { ProgressBar } from '../design/progress.tsx';
import { useFormats } from '../text/use-formats.ts';
import { ItemRow } from './item-row.tsx';
import { countGroups, groupOf, inOrder, isFinished, overallProgress } from './upload-items.ts';
import type { Uploads } from './use-uploads.ts';

/** Items that are shown before "show more". */
const SHOWN = 60;

const RESULTS = ['backedUp', 'already', 'failed', 'ignored', 'cancelled'] as const;

/** What was dropped at once: how far it is, and every item with its result. */
export function BatchCard({
  batch,
  uploads,
}: {
  readonly batch: UploadBatch;
  readonly uploads: Uploads;
}): ReactElement {
  const { t } = useTranslation(['upload', 'common']);
  const formats = useFormats();
  const [shown, setShown] = useState(SHOWN);
  const counts = countGroups(batch.items);
  const finished = isFinished(batch);
  const items = inOrder(batch.items);
  const done = batch.items.length - counts.going;
  const failed = batch.items.filter((item) => groupOf(item) === 'failed');
  const title = batch.album ?? formats.time(batch.startedMs);
  return (
    <section className="upload-batch" aria-label={t('batch', { title })}>
      <header className="upload-batch-head">
        <h2>{batch.collecting ? t('collecting') : finished ? t('finished') : t('going')}</h2>
        <span className="upload-soft">{title}</span>
        {finished ? (
          <IconButton
            icon={X}
            label={t('dismiss')}
            onPress={() => {
              uploads.dismiss(batch);
            }}
          />
        ) : (
          <Button
            size="small"
            onPress={() => {
              uploads.cancel(batch, null);
            }}
          >
            {t('cancelAll')}
          </Button>
        )}
      </header>
      {finished ? null : (
        <ProgressBar
          label={t('progress')}
          labelHidden
          value={batch.collecting ? null : overallProgress(batch.items)}
        />
      )}
      <p className="upload-counts numeric" role="status">
        {finished
          ? null
          : t('doneOf', {
              done: formats.number(done),
              all: formats.number(batch.items.length),
            })}
        {RESULTS.filter((group) => finished && counts[group] > 0).map((group) => (
          <span key={group} data-group={group}>
            {t(`n_${group}`, { count: counts[group], number: formats.number(counts[group]) })}
          </span>
        ))}
        {finished && batch.items.length === 0 ? t('nothingFound') : null}
      </p>
      {failed.length < 2 ? null : (
        <div>
          <Button
            size="small"
            onPress={() => {
              uploads.retry(batch, failed);
            }}
          >
            {t('retryFailed', { number: formats.number(failed.length) })}
          </Button>
        </div>
      )}
      <ul className="upload-items">
        {items.slice(0, shown).map((item) => (
          <ItemRow key={item.id} batch={batch} item={item} uploads={uploads} />
        ))}
      </ul>
      {items.length > shown ? (
        <div className="upload-more">
          <Button
            size="small"
            onPress={() => {
              setShown(shown + 5 * SHOWN);
            }}
          >
            {t('showMore', { number: formats.number(items.length - shown) })}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
