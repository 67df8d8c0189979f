import { resolve } from 'node:path';

import type { Channel } from '../../../../shared/contract/app/channel.ts';
import { AppClient } from '../../../../shared/contract/app/client.ts';
import type { UploadBatch, UploadItem } from '../../../../shared/contract/app/uploads.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import { openApp } from '../../../engine/app/open-app.ts';
import { fromTypedPath } from '../../../engine/scan/raw-path.ts';
import { joinWindow } from '../../join-window.ts';
import { channelPair } from '../../local/channel-pair.ts';
import { knock } from '../../local/door.ts';
import type { Context } from '../context.ts';
import { appOptions } from '../session/app-options.ts';
import { tellFailure } from '../text/tell-failure.ts';

/**
 * `cloudroll upload FILE…`: has the app that runs back the files up, or runs one for as long as that takes.
 * They stay where they are.
 */
export async function uploadCommand(context: Context): Promise<number> {
  await using reached = await reachApp(context);
  const { client, channel } = reached;
  const follower = new BatchFollower(client, channel);
  const { operands, workingDirectory, options, signal } = context;
  const begun = await client.call(
    'uploads.begin',
    {
      paths: operands.map((operand) => fromTypedPath(resolve(workingDirectory, operand))),
      target: { album: options.album ?? null, destinations: [] },
    },
    signal,
  );
  const batch = await follower.end(begun, signal);
  return conclude(context, batch);
}

interface ReachedApp extends AsyncDisposable {
  readonly client: AppClient;
  readonly channel: Channel;
}

async function reachApp(context: Context): Promise<ReachedApp> {
  const running = await knock(context.dataDirectory);
  if (running !== null) {
    const { channel } = running;
    const client = new AppClient(channel);
    return {
      client,
      channel,
      [Symbol.asyncDispose]: () => {
        client.close();
        return Promise.resolve();
      },
    };
  }
  const app = await openApp(appOptions(context), context.signal);
  const [ours, theirs] = channelPair();
  joinWindow(theirs, app);
  const client = new AppClient(ours);
  return { client, channel: ours, [Symbol.asyncDispose]: () => app.close() };
}

const settled: ReadonlySet<UploadItem['state']> = new Set([
  ...(['backedUp', 'alreadyBackedUp', 'ignored', 'failed', 'cancelled'] as const),
]);

/** Follows a batch by its events, of which some may come before the answer that names it. */
class BatchFollower {
  readonly #channel: Channel;
  readonly #latest = new Map<string, UploadBatch>();
  #onChange: () => void = () => undefined;

  constructor(client: AppClient, channel: Channel) {
    this.#channel = channel;
    client.on('upload', (batch) => {
      this.#latest.set(batch.id, batch);
      this.#onChange();
    });
  }

  /** The batch once everything in it is settled; `offline` where the app goes away before. */
  async end(begun: UploadBatch, signal: AbortSignal): Promise<UploadBatch> {
    for (;;) {
      const batch = this.#latest.get(begun.id) ?? begun;
      if (!batch.collecting && batch.items.every(({ state }) => settled.has(state))) return batch;
      await this.#change(signal);
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolvePromise, reject) => {
      const onAbort = (): void => {
        reject(fail('cancelled', 'The work was cancelled.'));
      };
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      const stopWaiting = this.#channel.onClose(() => {
        reject(
          fail('offline', 'Cloudroll was ended before the files were backed up.', {
            hint: 'They stay in its queue: start it again, or run the same command again.',
          }),
        );
      });
      this.#onChange = () => {
        signal.removeEventListener('abort', onAbort);
        stopWaiting();
        resolvePromise();
      };
    });
  }
}

function conclude({ output, messages }: Context, { items }: UploadBatch): number {
  for (const { name, state, failure } of items) {
    output.data({ event: 'item', name, state, failure });
    if (state === 'failed' || state === 'cancelled') {
      output.problem(messages.problem(name, null));
      if (failure !== null) output.problem(`  ${tellFailure(failure, messages)}`);
    }
  }
  const count = (state: UploadItem['state']): number =>
    items.filter((item) => item.state === state).length;
  const figures = {
    files: items.length,
    backedUp: count('backedUp'),
    alreadyBackedUp: count('alreadyBackedUp'),
    ignored: count('ignored'),
    failed: count('failed') + count('cancelled'),
  };
  output.line(messages.uploadEnd(figures), figures.failed > 0 ? 'bad' : 'good');
  output.data({ event: 'summary', ...figures });
  return figures.failed > 0 ? 1 : 0;
}
