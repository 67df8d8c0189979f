import type { Channel } from '../../shared/contract/app/channel.ts';
import { serveChannel } from '../../shared/contract/app/server.ts';
import type { App } from '../engine/app/app.ts';

/** Ties a window to the engine: its requests are answered and it is told every event, until its channel closes. */
export function joinWindow(channel: Channel, app: Pick<App, 'handlers' | 'subscribe'>): void {
  serveChannel(channel, app.handlers);
  const unsubscribe = app.subscribe((name, data) => {
    channel.send({ type: 'event', name, data });
  });
  channel.onClose(unsubscribe);
}
