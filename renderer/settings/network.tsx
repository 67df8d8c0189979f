import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { Select } from '../design/select.tsx';
import { Switch } from '../design/switch.tsx';
import { useFormats } from '../text/use-formats.ts';
import { withCurrent } from './steps.ts';
import { useSetting } from './use-setting.ts';

/** Bytes a second. */
const LIMITS = [500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000];
const TRANSFERS = [1, 2, 4, 8, 16];
const NONE = 'none';

/** How much of the line, the battery and the network may be used. */
export function NetworkAndPower(): ReactElement {
  const { t } = useTranslation('settings');
  const formats = useFormats();
  const { settings, change } = useSetting();
  const { uploadLimit, transfersAtOnce } = settings;
  return (
    <div className="settings-fields">
      <Select
        label={t('uploadLimit')}
        help={t('uploadLimitHelp')}
        value={uploadLimit === null ? NONE : String(uploadLimit)}
        options={[
          { value: NONE, label: t('noLimit') },
          ...withCurrent(LIMITS, uploadLimit).map((limit) => ({
            value: String(limit),
            label: formats.rate(limit),
          })),
        ]}
        onChange={(value) => {
          change({ uploadLimit: value === NONE ? null : Number(value) }, t('changed'));
        }}
      />
      <Select
        label={t('transfersAtOnce')}
        help={t('transfersAtOnceHelp')}
        value={transfersAtOnce === null ? NONE : String(transfersAtOnce)}
        options={[
          { value: NONE, label: t('automatic') },
          ...withCurrent(TRANSFERS, transfersAtOnce).map((count) => ({
            value: String(count),
            label: formats.number(count),
          })),
        ]}
        onChange={(value) => {
          change({ transfersAtOnce: value === NONE ? null : Number(value) }, t('changed'));
        }}
      />
      <Switch
        label={t('pauseOnBattery')}
        help={t('pauseOnBatteryHelp')}
        selected={settings.pauseOnBattery}
        onChange={(pauseOnBattery) => {
          change({ pauseOnBattery });
        }}
      />
      <Switch
        label={t('meteredNetwork')}
        help={t('meteredNetworkHelp')}
        selected={settings.meteredNetwork}
        onChange={(meteredNetwork) => {
          change({ meteredNetwork });
        }}
      />
      <Switch
        label={t('startAtLogin')}
        help={t('startAtLoginHelp')}
        selected={settings.startAtLogin}
        onChange={(startAtLogin) => {
          change({ startAtLogin });
        }}
      />
    </div>
  );
}
