import { ClipboardCopy, Download, FolderSearch, X } from 'lucide-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { Button, IconButton } from '../design/button.tsx';
import { useFormats } from '../text/use-formats.ts';
import { usePhotoActions } from './use-photo-actions.tsx';

import './action-bar.css';

/** What can be done with the photos that are selected. */
export function ActionBar({
  ids,
  onClear,
}: {
  readonly ids: readonly string[];
  readonly onClear: () => void;
}): ReactElement {
  const { t } = useTranslation('timeline');
  const formats = useFormats();
  const { exportPhotos, copyPhoto, showInFolder, dialogs } = usePhotoActions();
  const only = ids.length === 1 ? ids[0] : undefined;
  return (
    <div className="action-bar" role="toolbar" aria-label={t('selectionActions')}>
      <IconButton icon={X} label={t('clearSelection')} onPress={onClear} />
      <p className="action-bar-count numeric" role="status">
        {t('selected', { count: ids.length, number: formats.number(ids.length) })}
      </p>
      <Button
        size="small"
        icon={Download}
        onPress={() => {
          exportPhotos(ids);
        }}
      >
        {t('export')}
      </Button>
      <Button
        size="small"
        icon={ClipboardCopy}
        isDisabled={only === undefined}
        onPress={() => {
          if (only !== undefined) copyPhoto(only);
        }}
      >
        {t('copy')}
      </Button>
      <Button
        size="small"
        icon={FolderSearch}
        isDisabled={only === undefined}
        onPress={() => {
          if (only !== undefined) showInFolder(only);
        }}
      >
        {t('showInFolder')}
      </Button>
      {dialogs}
    </div>
  );
}
