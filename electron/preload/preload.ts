import { contextBridge, ipcRenderer, webUtils } from 'electron';

import type { HostBridge, WindowCommand } from '../../shared/contract/app/host-bridge.ts';
import type {
  DesktopAnswer,
  DesktopMessages,
  DesktopParams,
  DesktopRequest,
  DesktopResults,
  LanguagesArgument,
  MessageChannelName,
  RequestChannel,
} from '../../shared/contract/desktop/requests.ts';
import { EnginePorts } from './engine-ports.ts';

/**
 * The preload of every window: the one place between a page and Electron. Sandboxed and in a world of its own,
 * it exposes exactly the {@link HostBridge} and nothing of Electron's.
 */

async function ask<R extends DesktopRequest>(
  request: R,
  params: DesktopParams<R>,
): Promise<DesktopResults[R]> {
  const channel: RequestChannel<R> = `request:${request}`;
  const answer = (await ipcRenderer.invoke(channel, params)) as DesktopAnswer<R>;
  if (answer.ok) return answer.value;
  throw new Error(answer.failure.message);
}

const enginePort: MessageChannelName<'enginePort'> = 'message:enginePort';
const ports = new EnginePorts((connection) => ask('connectEngine', { connection }));
ipcRenderer.on(enginePort, (event, { connection }: DesktopMessages['enginePort']) => {
  const [port] = event.ports;
  if (port !== undefined) ports.arrive(connection, port);
});

const command: MessageChannelName<'command'> = 'message:command';
const listeners = new Set<(command: WindowCommand) => void>();
let takesCommands = false;
ipcRenderer.on(command, (_event, given: DesktopMessages['command']) => {
  tell(given);
});

function tell(given: WindowCommand): void {
  for (const listener of listeners) listener(given);
}

/** Commands that came before the window listened wait in the main process. */
async function takeCommands(): Promise<void> {
  if (takesCommands) return;
  takesCommands = true;
  for (const given of await ask('takeCommands', {})) tell(given);
}

function languages(): readonly string[] {
  const start = '--cloudroll-languages=' satisfies LanguagesArgument;
  const argument = process.argv.find((candidate) => candidate.startsWith(start));
  return argument?.slice(start.length).split(',') ?? [];
}

/** Whatever a page hands over: Electron refuses what is no file. */
function pathOf(file: object): string | null {
  try {
    const path = webUtils.getPathForFile(file as File);
    return path === '' ? null : path;
  } catch {
    return null;
  }
}

const bridge: HostBridge = {
  connect: () => ports.connect(),
  pictureUrl: (asset, size) => `cloudroll://picture/${encodeURIComponent(asset)}/${size}`,
  pathOf,
  uploadUrl: null,
  chooseFolder: (title) => ask('chooseFolder', { title }),
  chooseFiles: (title) => ask('chooseFiles', { title }),
  openExternal: (address) => {
    void ask('openExternal', { address }).catch(() => undefined);
  },
  copyPicture: async (asset) => {
    await ask('copyPicture', { asset });
  },
  keepPasted: (image) => ask('keepPasted', { image }),
  showPhotos: (asset) => {
    void ask('showPhotos', { asset }).catch(() => undefined);
  },
  onCommand: (listener) => {
    listeners.add(listener);
    void takeCommands();
    return () => {
      listeners.delete(listener);
    };
  },
  languages: languages(),
};

contextBridge.exposeInMainWorld('cloudroll', bridge);
