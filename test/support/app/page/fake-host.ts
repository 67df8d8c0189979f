import { activities } from '../../../../shared/contract/app/status.ts';
import type { HostBridge } from '../../../../shared/contract/app/host-bridge.ts';
import { languages, setupSteps, themes } from '../../../../shared/contract/app/settings.ts';
import { FakeEngine } from '../fake-engine.ts';
import { sceneOfPhoto } from '../fake-library.ts';
import { fakeSignIns } from '../fake-sign-in.ts';

/**
 * Makes `window.cloudroll` over a fake engine, as its own address asks:
 * `fake-host.js?photos=1000&activity=idle&theme=dark&language=ko…`. Tests reach the engine as `fakeEngine`, and
 * what went to the browser as `opened`.
 */
const wanted = new URL(import.meta.url).searchParams;

function number(name: string, otherwise: number): number {
  return Number(wanted.get(name) ?? otherwise);
}

function choice<T extends string>(name: string, values: readonly T[], otherwise: T): T {
  return values.find((value) => value === wanted.get(name)) ?? otherwise;
}

const engine = new FakeEngine({
  photos: number('photos', 2000),
  waiting: number('waiting', 0),
  failed: number('failed', 0),
  activity: choice('activity', activities, 'idle'),
  clouds: wanted.has('clouds'),
  signIn: choice('signIn', fakeSignIns, 'waiting'),
  settings: {
    theme: choice('theme', themes, 'light'),
    language: choice('language', languages, 'en'),
    setup: choice('setup', setupSteps, 'done'),
  },
  failing: wanted.getAll('failing'),
  latencyMs: number('latency', 0),
  nowMs: number('now', Date.parse('2026-11-23T09:00:00Z')),
});
if (wanted.has('stopped')) engine.stop();

/** Addresses that went to the browser. */
const opened: string[] = [];

const host: HostBridge = {
  connect: () => engine.connect(),
  pictureUrl: (asset, size) => {
    const index = Number.parseInt(asset, 36);
    const item = engine.library.item(index);
    return `/pictures/${String(sceneOfPhoto(index))}/${String(item.width)}x${String(item.height)}/${size}`;
  },
  pathOf: null,
  uploadUrl: (batch, item) => `/uploads/${batch}/${item}`,
  chooseFolder: wanted.has('dialogs') ? () => Promise.resolve('/home/mina/Export') : null,
  chooseFiles: null,
  openExternal: (address) => {
    opened.push(address);
  },
  copyPicture: wanted.has('dialogs') ? () => Promise.resolve() : null,
  keepPasted: null,
  showPhotos: null,
  onCommand: () => () => undefined,
  languages: ['en'],
};

Object.assign(globalThis, { cloudroll: host, fakeEngine: engine, opened });
