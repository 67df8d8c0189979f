import { ClipboardCopy } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { useAppCall, useSnapshot } from '../app/engine.tsx';
import { Button } from '../design/button.tsx';
import { FailureNote } from '../design/note.tsx';
import { Select } from '../design/select.tsx';
import { useToast } from '../design/toast.tsx';
import { useFormats } from '../text/use-formats.ts';
import { withCurrent } from './steps.ts';
import { useSetting } from './use-setting.ts';

/** Bytes. */
const SIZES = [500_000_000, 1e9, 2e9, 5e9, 10e9, 50e9];

/** Where Cloudroll keeps its own things, and what helps to find a fault. */
export function Advanced(): ReactElement {
  const { t } = useTranslation('settings');
  const formats = useFormats();
  const { dataDirectory, uploadsFolder, deviceName } = useSnapshot();
  const { settings, change } = useSetting();
  return (
    <div className="settings-fields">
      <dl className="settings-facts">
        <div>
          <dt>{t('dataDirectory')}</dt>
          <dd>
            <code>{dataDirectory}</code>
          </dd>
        </div>
        <div>
          <dt>{t('uploadsFolder')}</dt>
          <dd>
            <code>{uploadsFolder}</code>
          </dd>
        </div>
        <div>
          <dt>{t('deviceName')}</dt>
          <dd>{deviceName}</dd>
        </div>
      </dl>
      <Select
        label={t('pictureCache')}
        help={t('pictureCacheHelp')}
        value={String(settings.pictureCacheBytes)}
        options={withCurrent(SIZES, settings.pictureCacheBytes).map((size) => ({
          value: String(size),
          label: formats.bytes(size),
        }))}
        onChange={(value) => {
          change({ pictureCacheBytes: Number(value) }, t('changed'));
        }}
      />
      <Diagnostics />
    </div>
  );
}

function Diagnostics(): ReactElement {
  const { t } = useTranslation('settings');
  const toast = useToast();
  const diagnostics = useAppCall('app.diagnostics');
  /** Shown to be copied by hand where the clipboard is refused. */
  const [shown, setShown] = useState<string | null>(null);
  const copy = async (): Promise<void> => {
    const text = await diagnostics.mutateAsync({});
    try {
      await navigator.clipboard.writeText(text);
      toast({ text: t('copied') });
    } catch {
      setShown(text);
    }
  };
  return (
    <div className="settings-diagnostics">
      <p className="field-label">{t('diagnostics')}</p>
      <p className="settings-soft">{t('diagnosticsHelp')}</p>
      <div>
        <Button
          icon={ClipboardCopy}
          isPending={diagnostics.isPending}
          onPress={() => {
            // A failed request is shown below; nothing else can go wrong here.
            copy().catch(() => undefined);
          }}
        >
          {t('copyDiagnostics')}
        </Button>
      </div>
      {diagnostics.error === null ? null : <FailureNote error={diagnostics.error} alert />}
      {shown === null ? null : (
        <textarea
          className="settings-text"
          readOnly
          rows={10}
          aria-label={t('diagnostics')}
          value={shown}
        />
      )}
    </div>
  );
}
