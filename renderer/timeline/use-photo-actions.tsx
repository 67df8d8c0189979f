import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { useSession } from '../app/engine.tsx';
import { useHost } from '../app/host.ts';
import { useToast } from '../design/toast.tsx';
import { useChooseFolder } from '../folders/use-choose-folder.tsx';
import { useFailureText } from '../text/use-failure-text.ts';
import { copyPicture } from './copy-picture.ts';
import { ExportDialog, type Export } from './export-dialog.tsx';

/** What can be done with photos anywhere they are shown. `dialogs` has to be rendered. */
export function usePhotoActions(): {
  readonly exportPhotos: (ids: readonly string[]) => void;
  /** `live`: whether it is a Live Photo, of which the clipboard takes the picture alone. */
  readonly copyPhoto: (id: string, live?: boolean) => void;
  readonly showInFolder: (id: string) => void;
  readonly dialogs: ReactElement;
} {
  const { t } = useTranslation('timeline');
  const host = useHost();
  const session = useSession();
  const toast = useToast();
  const failureText = useFailureText();
  const { choose, dialog } = useChooseFolder();
  const [running, setRunning] = useState<Export | null>(null);

  const say = async (work: Promise<unknown>, done: string | null): Promise<void> => {
    try {
      await work;
      if (done !== null) toast({ text: done });
    } catch (error) {
      const { what, hint } = failureText(error);
      toast({ text: `${what} ${hint}` });
    }
  };
  return {
    exportPhotos: (ids) => {
      choose({
        title: t('exportTo'),
        forWriting: true,
        onChosen: (into) => {
          setRunning({ ids, into });
        },
      });
    },
    copyPhoto: (id, live = false) => {
      const copied = host.copyPicture?.(id) ?? copyPicture(host.pictureUrl(id, 'preview'));
      void say(copied, live ? t('copiedLive') : t('copied'));
    },
    showInFolder: (id) => {
      void say(session.call('assets.reveal', { id }), null);
    },
    dialogs: (
      <>
        {dialog}
        {running === null ? null : (
          <ExportDialog
            work={running}
            onClose={() => {
              setRunning(null);
            }}
          />
        )}
      </>
    ),
  };
}
