import type { Channel } from '../../shared/contract/app/channel.ts';
import { AppClient } from '../../shared/contract/app/client.ts';
import type { AppEventData, AppEventName } from '../../shared/contract/app/events.ts';
import type { HostBridge } from '../../shared/contract/app/host-bridge.ts';
import type {
  AppMethod,
  AppParams,
  AppResult,
  Snapshot,
} from '../../shared/contract/app/methods.ts';
import { fail } from '../../shared/domain/failure.ts';

/**
 * `connecting`: for the first time. `ready`: the snapshot is the engine's. `away`: the engine was there and
 * is being waited for; the snapshot is the last one.
 */
export interface SessionState {
  readonly phase: 'connecting' | 'ready' | 'away';
  readonly snapshot: Snapshot | null;
  /** Counts connections: what was asked of an earlier one is out of date. */
  readonly generation: number;
}

/** A listener that is joined to each engine in turn. */
interface Subscription {
  readonly attach: (client: AppClient) => () => void;
  /** Null while no engine is there. */
  detach: (() => void) | null;
}

/** Milliseconds before each new attempt; the last one repeats. */
const BACKOFF = [200, 400, 800, 1500, 3000];

/**
 * The window's connection to the engine over its whole life: connects, connects again when the engine went
 * away, keeps what everything shows (settings and status) current. Listeners stay over reconnections.
 */
export class EngineSession {
  readonly #host: HostBridge;
  readonly #wait: (ms: number) => Promise<void>;
  readonly #changed = new Set<() => void>();
  readonly #subscriptions = new Set<Subscription>();
  #client: AppClient | null = null;
  #state: SessionState = { phase: 'connecting', snapshot: null, generation: 0 };
  #attempt = 0;

  constructor(host: HostBridge, wait: (ms: number) => Promise<void>) {
    this.#host = host;
    this.#wait = wait;
  }

  /** Connects, again and again, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#connectOnce(signal);
      await this.#wait(BACKOFF[Math.min(this.#attempt, BACKOFF.length - 1)] ?? 0);
      this.#attempt++;
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  };

  readonly state = (): SessionState => this.#state;

  /** As `AppClient.call`; `offline` while the engine is away. */
  readonly call = async <M extends AppMethod>(
    method: M,
    params: AppParams<M>,
    signal?: AbortSignal,
  ): Promise<AppResult<M>> => {
    if (this.#client === null) throw fail('offline', 'The sync engine is not running.');
    return this.#client.call(method, params, signal);
  };

  /** Calls back for every event of that name from this engine and the next, until the returned function is called. */
  readonly on = <E extends AppEventName>(
    name: E,
    listener: (data: AppEventData<E>) => void,
  ): (() => void) => {
    const subscription: Subscription = {
      attach: (client) => client.on(name, listener),
      detach: null,
    };
    subscription.detach = this.#client === null ? null : subscription.attach(this.#client);
    this.#subscriptions.add(subscription);
    return () => {
      subscription.detach?.();
      this.#subscriptions.delete(subscription);
    };
  };

  /** Takes settings that a call returned, before the event says the same. */
  readonly takeSettings = (settings: Snapshot['settings']): void => {
    this.#patch({ settings });
  };

  /** One connection, from its beginning to its end. */
  async #connectOnce(signal: AbortSignal): Promise<void> {
    let channel: Channel | null = null;
    const close = (): void => {
      channel?.close();
    };
    signal.addEventListener('abort', close, { once: true });
    try {
      channel = await this.#host.connect();
      if (!signal.aborted) await this.#serveUntilGone(channel);
    } catch {
      // Not there, or gone before it answered: `run` tries again.
    } finally {
      signal.removeEventListener('abort', close);
      close();
    }
    if (signal.aborted) return;
    this.#client = null;
    for (const subscription of this.#subscriptions) subscription.detach = null;
    if (this.#state.snapshot !== null) this.#set({ ...this.#state, phase: 'away' });
  }

  async #serveUntilGone(channel: Channel): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      channel.onClose(resolve);
    });
    const client = new AppClient(channel);
    client.on('status', (status) => {
      this.#patch({ status });
    });
    client.on('settings', (settings) => {
      this.#patch({ settings });
    });
    const snapshot = await client.call('app.snapshot', {});
    this.#client = client;
    for (const subscription of this.#subscriptions) {
      subscription.detach = subscription.attach(client);
    }
    this.#attempt = 0;
    this.#set({ phase: 'ready', snapshot, generation: this.#state.generation + 1 });
    await gone;
  }

  #patch(change: Partial<Snapshot>): void {
    const { snapshot } = this.#state;
    if (snapshot !== null) this.#set({ ...this.#state, snapshot: { ...snapshot, ...change } });
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#changed) listener();
  }
}
