import type { AppHandlers, Snapshot } from '../../../shared/contract/app/methods.ts';
import {
  settingsSchema,
  type Settings,
  type SettingsPatch,
} from '../../../shared/contract/app/settings.ts';
import type { SyncStatus } from '../../../shared/contract/app/status.ts';
import type { Clock } from '../ports/clock.ts';
import type { DestinationSecrets } from './destinations/destination-secrets.ts';
import { diagnostics } from './diagnostics.ts';
import type { AppOptions } from './options.ts';
import type { SettingsStore } from './settings/settings-store.ts';

export interface OwnHandlersPorts {
  readonly options: AppOptions;
  readonly clock: Clock;
  readonly dataDirectory: string;
  readonly store: SettingsStore;
  readonly secrets: DestinationSecrets;
  readonly status: () => SyncStatus;
  /** Takes secrets out of text. */
  readonly redact: (text: string) => string;
  /** The settings were kept; what depends on them is to follow. */
  readonly onSettings: (now: Settings, before: Settings) => void;
}

/** Answers what a window asks of the app as a whole: how it stands, and its settings. */
export function ownHandlers(ports: OwnHandlersPorts) {
  const { options, clock, dataDirectory, store, secrets, status, redact, onSettings } = ports;
  return {
    'app.snapshot': async (): Promise<Snapshot> => ({
      version: options.version,
      platform: options.platform,
      deviceName: options.deviceName,
      dataDirectory,
      uploadsFolder: options.uploadsFolder,
      keychain: await secrets.availability(clock),
      settings: store.get().settings,
      status: status(),
    }),
    'app.diagnostics': async (): Promise<string> =>
      diagnostics({
        ...{ options, dataDirectory, redact },
        stored: store.get(),
        status: status(),
        keychain: await secrets.availability(clock),
      }),
    'settings.update': (patch: SettingsPatch): Promise<Settings> => {
      const before = store.get().settings;
      const changes = Object.entries(patch).filter(([, value]) => value !== undefined);
      const wanted = settingsSchema.parse({ ...before, ...Object.fromEntries(changes) });
      const { settings } = store.change({ settings: wanted });
      onSettings(settings, before);
      return Promise.resolve(settings);
    },
  } satisfies Partial<AppHandlers>;
}
