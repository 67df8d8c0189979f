/** How a page reaches the test's process; there for the preload alone. */
export interface PageLine {
  invoke(channel: string, data: unknown): Promise<unknown>;
  portData(port: number, data: unknown): void;
  portClosed(port: number): void;
}

/** What comes from the main process for a page. */
export type PageMessage =
  | {
      readonly type: 'message';
      readonly channel: string;
      readonly data: unknown;
      readonly ports: readonly number[];
    }
  | { readonly type: 'portData'; readonly port: number; readonly data: unknown }
  | { readonly type: 'portClosed'; readonly port: number };

export interface PageWorldOptions {
  /** Name of the function that the test gave the page. */
  readonly binding: string;
  /** Name under which the test reaches this world. */
  readonly entrance: string;
  readonly additionalArguments: readonly string[];
}

/** What a test calls in the page. */
export interface PageEntrance {
  take(message: PageMessage): void;
  /** Where a file that is dropped or chosen comes from, by its name. */
  readonly paths: Map<string, string>;
}

/** What is used of a page's own MessagePort; this program knows no DOM. */
interface PagePort {
  addEventListener(type: 'message', listener: (event: { data?: unknown }) => void): void;
  dispatchEvent(event: unknown): boolean;
  postMessage(data: unknown): void;
  start(): void;
  close(): void;
}

interface PageGlobals {
  readonly top: unknown;
  readonly location: { readonly hostname: string };
  readonly MessageChannel: new () => { readonly port1: PagePort; readonly port2: PagePort };
}

type Listener = (event: { readonly ports: readonly PagePort[] }, data: unknown) => void;
type Binding = (call: keyof PageLine, ...rest: readonly unknown[]) => Promise<unknown>;

/**
 * Runs in the page before anything of it: runs the app's real preload with a stand-in for what a sandboxed
 * preload may require. Has to stand on its own: it is handed over as text.
 *
 * What the preload exposes is copied as Electron's contextBridge does: plain data by value, functions as
 * functions of this world, nothing that has a class.
 */
export function pageWorld(
  { binding, entrance, additionalArguments }: PageWorldOptions,
  preload: (
    require: (name: string) => unknown,
    module: object,
    exports: object,
    process: object,
  ) => void,
): void {
  // A preload runs in the page itself, not in frames inside it.
  const page = globalThis as typeof globalThis & PageGlobals;
  if (page !== page.top || page.location.hostname !== 'app.cloudroll.test') return;
  const call = Reflect.get(page, binding) as Binding;
  const listeners = new Map<string, Listener>();
  /** Both ends: the preload's, and the one that stands for Electron's pipe. */
  const ports = new Map<number, readonly [PagePort, PagePort]>();
  const paths = new Map<string, string>();

  const openPort = (id: number): PagePort => {
    const { port1, port2 } = new page.MessageChannel();
    ports.set(id, [port1, port2]);
    port2.addEventListener('message', ({ data }) => {
      void call('portData', id, data);
    });
    port2.start();
    // Chromium's own ports tell nobody that the other end is closed; Electron's do.
    const close = port1.close.bind(port1);
    port1.close = () => {
      close();
      if (ports.delete(id)) void call('portClosed', id);
    };
    return port1;
  };

  const take = (message: PageMessage): void => {
    if (message.type === 'message') {
      listeners.get(message.channel)?.({ ports: message.ports.map(openPort) }, message.data);
    } else if (message.type === 'portData') {
      ports.get(message.port)?.[1].postMessage(message.data);
    } else {
      const [port] = ports.get(message.port) ?? [];
      ports.delete(message.port);
      port?.dispatchEvent(new Event('close'));
    }
  };

  const toPage = (text: string): string =>
    text.replace(/^cloudroll:\/\/([a-z]+)/u, 'https://$1.cloudroll.test');

  const bridged = (value: unknown): unknown => {
    if (typeof value === 'string') return toPage(value);
    if (typeof value === 'function') {
      return (...given: readonly unknown[]): unknown => {
        try {
          return bridged(Reflect.apply(value, undefined, given.map(bridged)));
        } catch (error) {
          throw bridged(error);
        }
      };
    }
    if (value instanceof Promise) {
      return value.then(bridged, (error: unknown) => {
        throw bridged(error);
      });
    }
    if (value instanceof Error) return new Error(value.message);
    if (Array.isArray(value)) return value.map(bridged);
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Blob || ArrayBuffer.isView(value)) return value;
    const copy = Object.entries(value).map(([name, part]) => [name, bridged(part)] as const);
    return Object.freeze(Object.fromEntries(copy));
  };

  const electron = {
    contextBridge: {
      exposeInMainWorld: (name: string, api: object) => {
        Object.defineProperty(page, name, { value: bridged(api), enumerable: true });
      },
    },
    ipcRenderer: {
      invoke: (channel: string, data: unknown) => call('invoke', channel, data),
      on: (channel: string, listener: Listener) => {
        listeners.set(channel, listener);
      },
    },
    webUtils: {
      getPathForFile: (file: unknown) => {
        if (!(file instanceof File)) throw new TypeError('This is no File.');
        return paths.get(file.name) ?? '';
      },
    },
  };
  Object.defineProperty(page, entrance, { value: { take, paths } satisfies PageEntrance });
  const module = { exports: {} };
  preload(
    (name) => {
      if (name === 'electron') return electron;
      throw new Error(`A sandboxed preload has no module ${name}.`);
    },
    module,
    module.exports,
    { argv: ['electron', ...additionalArguments], type: 'renderer', sandboxed: true },
  );
}
