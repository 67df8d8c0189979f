import type { Channel } from '../../../shared/contract/app/channel.ts';
import type { AppEventData, AppEventName } from '../../../shared/contract/app/events.ts';
import type { AppHandlers } from '../../../shared/contract/app/methods.ts';
import { serveChannel } from '../../../shared/contract/app/server.ts';
import { settingsSchema, type Settings } from '../../../shared/contract/app/settings.ts';
import type { Activity, SyncStatus } from '../../../shared/contract/app/status.ts';
import { fail } from '../../../shared/domain/failure.ts';
import { channelPair } from './channel-pair.ts';
import { FakeLibrary } from './fake-library.ts';
import { fakeSetup } from './fake-setup.ts';
import type { FakeSignIn } from './fake-sign-in.ts';
import { fakeStatus, withClouds } from './fake-status.ts';
import { fakeTimeline } from './fake-timeline.ts';
import { fakeUploads } from './fake-uploads.ts';

export interface FakeEngineOptions {
  readonly photos: number;
  readonly waiting: number;
  readonly failed: number;
  readonly activity: Activity;
  /** Clouds that are signed in to instead of a drive. */
  readonly clouds: boolean;
  readonly signIn: FakeSignIn;
  readonly settings: Partial<Settings>;
  /** Methods that fail, e.g. `timeline.days`. */
  readonly failing: readonly string[];
  /** Milliseconds before each answer. */
  readonly latencyMs: number;
  readonly nowMs: number;
}

/**
 * The engine's contract without an engine, over a generated library: for looking at the window and for tests
 * in which the engine is not the point.
 */
export class FakeEngine {
  readonly nowMs: number;
  readonly library: FakeLibrary;
  readonly handlers: AppHandlers;
  readonly calls: string[] = [];
  readonly signIn: FakeSignIn;
  status: SyncStatus;
  settings: Settings;
  readonly #options: FakeEngineOptions;
  #running = true;
  readonly #channels = new Set<Channel>();

  constructor(options: FakeEngineOptions) {
    this.#options = options;
    this.nowMs = options.nowMs;
    this.signIn = options.signIn;
    const status = fakeStatus(options.activity, options, options.nowMs);
    this.status = options.clouds ? withClouds(status, options.nowMs) : status;
    this.settings = settingsSchema.parse(options.settings);
    this.library = new FakeLibrary(options.photos, options.waiting, options.failed);
    this.handlers = {
      ...fakeTimeline(this.library),
      ...fakeSetup(this),
      ...fakeUploads(this),
      'app.snapshot': () =>
        Promise.resolve({
          version: '0.1.0',
          platform: 'linux',
          deviceName: 'studio',
          dataDirectory: '/home/mina/.local/share/cloudroll',
          uploadsFolder: '/home/mina/Pictures/Cloudroll',
          keychain: { available: true, hint: null },
          settings: this.settings,
          status: this.status,
        }),
      'app.diagnostics': () => Promise.resolve('Cloudroll 0.1.0 on linux'),
      'settings.update': (patch) => {
        this.settings = settingsSchema.parse({ ...this.settings, ...patch });
        this.announce('settings', this.settings);
        return Promise.resolve(this.settings);
      },
    };
  }

  /** As a host does it: rejects while the engine is stopped. */
  connect(): Promise<Channel> {
    if (!this.#running) return Promise.reject(fail('offline', 'The fake engine is stopped.'));
    const [near, far] = channelPair();
    serveChannel(this.#hindered(far), this.handlers);
    this.#channels.add(far);
    far.onClose(() => this.#channels.delete(far));
    return Promise.resolve(near);
  }

  stop(): void {
    this.#running = false;
    for (const channel of [...this.#channels]) channel.close();
  }

  start(): void {
    this.#running = true;
  }

  announce<E extends AppEventName>(name: E, data: AppEventData<E>): void {
    for (const channel of this.#channels) channel.send({ type: 'event', name, data });
  }

  changeStatus(change: Partial<SyncStatus>): void {
    this.status = { ...this.status, ...change };
    this.announce('status', this.status);
  }

  /** The channel with the latency and the failures that were asked for. */
  #hindered(channel: Channel): Channel {
    const { latencyMs, failing } = this.#options;
    return {
      send: (message) => {
        if (latencyMs === 0) channel.send(message);
        else
          setTimeout(() => {
            channel.send(message);
          }, latencyMs);
      },
      onClose: (listener) => channel.onClose(listener),
      close: () => {
        channel.close();
      },
      onMessage: (listener) =>
        channel.onMessage((message) => {
          const method = methodOf(message);
          if (method !== null) this.calls.push(method.method);
          if (method !== null && failing.includes(method.method)) {
            channel.send({
              type: 'failure',
              id: method.id,
              failure: { code: 'unreadable', message: 'The catalogue cannot be read.' },
            });
          } else {
            listener(message);
          }
        }),
    };
  }
}

function methodOf(message: unknown): { readonly id: number; readonly method: string } | null {
  if (typeof message !== 'object' || message === null) return null;
  if (!('method' in message) || !('id' in message)) return null;
  const { id, method } = message;
  return typeof id === 'number' && typeof method === 'string' ? { id, method } : null;
}
