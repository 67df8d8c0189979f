import { FolderPlus, ImagePlus, ImageUp } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { useHost } from '../app/host.ts';
import { Button } from '../design/button.tsx';
import { takeDropped, type Dropped } from './dropped-files.ts';

/** Where photos are dropped; the whole window takes them, and pasting works everywhere in it. */
export function DropZone({
  compact,
  disabled,
  onDropped,
  onPaths,
}: {
  /** Something is listed below already. */
  readonly compact: boolean;
  readonly disabled: boolean;
  readonly onDropped: (dropped: Dropped) => void;
  readonly onPaths: (paths: readonly string[]) => void;
}): ReactElement {
  const { t } = useTranslation('upload');
  const over = useWindowDrops(disabled, onDropped);
  return (
    <section
      className="upload-zone"
      aria-label={t('zone')}
      {...(compact ? { 'data-compact': true } : {})}
      {...(over ? { 'data-over': true } : {})}
    >
      <ImageUp aria-hidden strokeWidth={1.5} className="upload-zone-icon" />
      <p className="upload-zone-title">{over ? t('dropNow') : t('dropHere')}</p>
      {compact ? null : <p className="upload-soft">{t('dropText')}</p>}
      <ChooseButtons disabled={disabled} onDropped={onDropped} onPaths={onPaths} />
    </section>
  );
}

/** Takes files that are dropped anywhere or pasted; tells whether files are held over the window. */
function useWindowDrops(disabled: boolean, onDropped: (dropped: Dropped) => void): boolean {
  const [over, setOver] = useState(false);
  const take = useEffectEvent((data: DataTransfer | null, pasted: boolean) => {
    if (data === null || disabled || !data.types.includes('Files')) return false;
    onDropped(takeDropped(data, pasted));
    return true;
  });
  useEffect(() => {
    // Entering a child comes before leaving its parent: counting both tells when the window is left.
    let depth = 0;
    const stop = new AbortController();
    const { signal } = stop;
    const holdsFiles = (event: DragEvent): boolean =>
      event.dataTransfer?.types.includes('Files') === true;
    window.addEventListener(
      'dragenter',
      (event) => {
        if (!holdsFiles(event)) return;
        depth++;
        setOver(true);
      },
      { signal },
    );
    window.addEventListener(
      'dragleave',
      (event) => {
        if (!holdsFiles(event)) return;
        depth = Math.max(0, depth - 1);
        if (depth === 0) setOver(false);
      },
      { signal },
    );
    window.addEventListener(
      'dragover',
      (event) => {
        if (holdsFiles(event)) event.preventDefault();
      },
      { signal },
    );
    window.addEventListener(
      'drop',
      (event) => {
        depth = 0;
        setOver(false);
        event.preventDefault();
        take(event.dataTransfer, false);
      },
      { signal },
    );
    window.addEventListener(
      'paste',
      (event) => {
        if (take(event.clipboardData, true)) event.preventDefault();
      },
      { signal },
    );
    return () => {
      stop.abort();
    };
  }, []);
  return over;
}

/** The system's own dialogs where the host has them, else the browser's. */
function ChooseButtons({
  disabled,
  onDropped,
  onPaths,
}: {
  readonly disabled: boolean;
  readonly onDropped: (dropped: Dropped) => void;
  readonly onPaths: (paths: readonly string[]) => void;
}): ReactElement {
  const { t } = useTranslation('upload');
  const { chooseFiles, chooseFolder } = useHost();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const takeChosen = (input: HTMLInputElement): void => {
    const chosen = [...(input.files ?? [])];
    // So that choosing the same again counts as a change.
    input.value = '';
    if (chosen.length > 0) {
      onDropped({ given: chosen, files: () => Promise.resolve(chosen), pasted: false });
    }
  };
  return (
    <div className="upload-choose">
      <Button
        variant="primary"
        icon={ImagePlus}
        isDisabled={disabled}
        onPress={() => {
          if (chooseFiles === null) files.current?.click();
          else
            void chooseFiles(t('chooseFiles')).then((paths) => {
              if (paths.length > 0) onPaths(paths);
            });
        }}
      >
        {t('chooseFiles')}
      </Button>
      <Button
        icon={FolderPlus}
        isDisabled={disabled}
        onPress={() => {
          if (chooseFolder === null) chooseDirectory(folder.current);
          else
            void chooseFolder(t('chooseFolder')).then((path) => {
              if (path !== null) onPaths([path]);
            });
        }}
      >
        {t('chooseFolder')}
      </Button>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label={t('chooseFiles')}
        onChange={(event) => {
          takeChosen(event.currentTarget);
        }}
      />
      <input
        ref={folder}
        type="file"
        hidden
        aria-label={t('chooseFolder')}
        onChange={(event) => {
          takeChosen(event.currentTarget);
        }}
      />
    </div>
  );
}

/** React does not know the attribute. */
function chooseDirectory(input: HTMLInputElement | null): void {
  if (input === null) return;
  input.webkitdirectory = true;
  input.click();
}
