import { once } from 'node:events';

import { testServersOf } from '../../../../shared/contract/app/test-servers.ts';
import { failureOf } from '../../../../shared/domain/failure.ts';
import { SystemClock } from '../../../engine/adapters/system-clock.ts';
import { SystemRandom } from '../../../engine/adapters/system-random.ts';
import type { App } from '../../../engine/app/app.ts';
import { openApp } from '../../../engine/app/open-app.ts';
import { silentLogger } from '../../../engine/logging/logger.ts';
import { knock, openDoor } from '../../local/door.ts';
import { openBrowser } from '../../open-browser.ts';
import { builtWindow } from '../../web/built-window.ts';
import { listenOnPort } from '../../web/listen-on-port.ts';
import { CommandError } from '../command-error.ts';
import type { Context } from '../context.ts';
import { appOptions } from '../session/app-options.ts';

/** `cloudroll serve`: the app in a browser of this computer, until the person stops it. */
export async function serveCommand(context: Context): Promise<number> {
  const { output, messages, options, dataDirectory, platform, environment, signal } = context;
  await using closing = new AsyncDisposableStack();
  const app = await openOrNameOther(context);
  closing.defer(() => app.close());
  const random = new SystemRandom();
  const host = await listenOnPort(options.port, {
    app,
    ...builtWindow,
    random,
    clock: new SystemClock(),
    logger: silentLogger,
    testServers: testServersOf(environment),
  });
  if (host === null) {
    throw new CommandError('busy', 2, (texts) => texts.portTaken(options.port ?? 0));
  }
  closing.defer(() => host.close());
  const { address, port } = host;
  closing.use(await openDoor(dataDirectory, { app, address, platform, random }));
  output.data({ event: 'serving', address, port });
  output.line(messages.serve.address(address), 'strong');
  output.line(messages.serve.howToStop());
  if (options.open && !(await openBrowser(address, { platform, environment }))) {
    output.problem(messages.serve.noBrowser());
  }
  if (!signal.aborted) await once(signal, 'abort');
  await closing.disposeAsync();
  output.data({ event: 'summary' });
  return 0;
}

/** The app; where another process has the data directory open, says so and where to find that one. */
async function openOrNameOther(context: Context): Promise<App> {
  try {
    return await openApp(appOptions(context), context.signal);
  } catch (error) {
    if (failureOf(error).code !== 'busy') throw error;
    const running = await knock(context.dataDirectory);
    if (running === null) throw error;
    running.channel.close();
    const { address } = running;
    throw new CommandError('busy', 1, (texts) => texts.runningAlready(address));
  }
}
