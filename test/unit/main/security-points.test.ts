import { EventEmitter } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type {
  CustomScheme,
  HandlerDetails,
  IpcMain,
  IpcMainInvokeEvent,
  WindowOpenHandlerResponse,
} from 'electron';
import { describe, expect, test } from 'vitest';

import { packaging } from '../../../build/packaging/electron-builder.ts';
import { productAddresses } from '../../../build/scripts/build/product-addresses.ts';
import { builtInDestinations } from '../../../electron/engine/destinations/registry.ts';
import { silentLogger } from '../../../electron/engine/logging/logger.ts';
import {
  contentSecurityPolicy,
  pageHeaders,
} from '../../../electron/main/protocol/content-security-policy.ts';
import { privilegedScheme } from '../../../electron/main/protocol/protocol.ts';
import { externalAddress } from '../../../electron/main/security/external-links.ts';
import {
  guardContents,
  guardPermissions,
  mayHave,
  type GuardedContents,
  type GuardedSession,
} from '../../../electron/main/security/guards.ts';
import { serveRequests, type RequestHandlers } from '../../../electron/main/security/requests.ts';
import { isTrustedSender, type Sender } from '../../../electron/main/security/sender.ts';
import { securePreferences } from '../../../electron/main/windows/web-preferences.ts';
import { testServersOf } from '../../../shared/contract/app/test-servers.ts';
import { desktopRequests } from '../../../shared/contract/desktop/requests.ts';
import { parseDestinationUrl } from '../../../shared/domain/destination-url.ts';

/** The twenty points of Electron's own security checklist, in its order. */

const root = fileURLToPath(new URL('../../../', import.meta.url));
const addresses = productAddresses(builtInDestinations().kinds);
/** One of them. */
const portal = 'https://portal.azure.com/#browse/Microsoft.Storage%2FStorageAccounts';
const preferences = securePreferences('/preload.cjs', ['ko-KR', 'en-US']);

function sourcesOf(folder: string): string {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.(?:tsx?|html|css)$/u.test(file))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'))
    .join('\n');
}

function directive(name: string): string[] {
  const found = contentSecurityPolicy.split('; ').find((part) => part.startsWith(`${name} `));
  return found?.split(' ').slice(1) ?? [];
}

test('1: only secure content: nothing is loaded by http or https, and nothing by ws', () => {
  expect(contentSecurityPolicy).not.toMatch(/https?:|wss?:|\*/u);
  expect(sourcesOf('electron/main')).not.toMatch(/loadURL\((?!address\b)/u);
});

test('2: no Node in pages, frames or workers', () => {
  expect(preferences).toMatchObject({
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
  });
});

test('3: the preload has a world of its own', () => {
  expect(preferences.contextIsolation).toBe(true);
});

test('4: every process of a page is sandboxed', () => {
  expect(preferences.sandbox).toBe(true);
  expect(sourcesOf('electron/main')).toContain('app.enableSandbox()');
  expect(sourcesOf('electron')).not.toContain('no-sandbox');
});

describe('5: permissions are asked for', () => {
  type Request = NonNullable<Parameters<GuardedSession['setPermissionRequestHandler']>[0]>;
  type Check = NonNullable<Parameters<GuardedSession['setPermissionCheckHandler']>[0]>;
  type Device = NonNullable<Parameters<GuardedSession['setDevicePermissionHandler']>[0]>;

  test('and refused, but for writing text to the clipboard and full screen on our own pages', () => {
    const page = 'cloudroll://app/index.html';
    expect(mayHave('clipboard-sanitized-write', page)).toBe(true);
    expect(mayHave('fullscreen', page)).toBe(true);
    expect(mayHave('clipboard-sanitized-write', 'https://cloudroll.app/')).toBe(false);
    expect(mayHave('fullscreen', 'cloudroll://app.evil/')).toBe(false);
    for (const permission of ['media', 'geolocation', 'notifications', 'midi', 'clipboard-read']) {
      expect(mayHave(permission, page)).toBe(false);
    }
  });

  test('by request, check and device alike', () => {
    let request: Request | null = null;
    let check: Check | null = null;
    let device: Device | null = null;
    guardPermissions({
      setPermissionRequestHandler: (handler) => {
        request = handler;
      },
      setPermissionCheckHandler: (handler) => {
        check = handler;
      },
      setDevicePermissionHandler: (handler) => {
        device = handler;
      },
    });
    expect([request, check, device]).not.toContain(null);
  });
});

test('6: the same-origin policy stays', () => {
  expect(preferences.webSecurity).toBe(true);
});

test('7: a content security policy without inline or remote code, on every page', () => {
  expect(directive('default-src')).toEqual(["'none'"]);
  expect(directive('script-src')).toEqual(["'self'"]);
  expect(contentSecurityPolicy).not.toMatch(/unsafe-(?:inline|eval|hashes)/u);
  for (const name of ['object-src', 'base-uri', 'form-action', 'frame-ancestors', 'frame-src']) {
    expect(directive(name)).toEqual(["'none'"]);
  }
  expect(directive('connect-src')).toEqual(["'self'"]);
  expect(pageHeaders['Content-Security-Policy']).toBe(contentSecurityPolicy);
});

test('8: insecure content is not allowed', () => {
  expect(preferences.allowRunningInsecureContent).toBe(false);
});

test('9: no experimental features of Chromium', () => {
  expect(preferences.experimentalFeatures).toBe(false);
  expect(sourcesOf('electron/main')).not.toMatch(/commandLine\.appendSwitch/u);
});

test('10: no features of Blink are switched on', () => {
  expect(preferences).not.toHaveProperty('enableBlinkFeatures');
});

test('11, 12: there is no webview, and none can be attached', () => {
  expect(preferences.webviewTag).toBe(false);
  expect(sourcesOf('renderer')).not.toMatch(/<webview/u);
  const contents = guarded();
  expect(contents.tryTo('will-attach-webview', {})).toBe('refused');
});

describe('13: pages stay where they are', () => {
  test.each([
    ['cloudroll://app/index.html#/settings', 'allowed'],
    ['https://example.com/', 'refused'],
    ['cloudroll://app.example.com/', 'refused'],
    ['cloudroll://picture/abc/original', 'refused'],
    ['file:///etc/passwd', 'refused'],
    ['javascript:alert(1)', 'refused'],
    ['data:text/html,x', 'refused'],
  ])('going to %s is %s', (url, outcome) => {
    expect(guarded().tryTo('will-navigate', { url })).toBe(outcome);
    expect(guarded().tryTo('will-redirect', { url })).toBe(outcome);
  });

  test('and frames go nowhere', () => {
    const url = 'cloudroll://app/index.html';
    expect(guarded().tryTo('will-frame-navigate', { url, isMainFrame: false })).toBe('refused');
  });
});

test('14: pages open no windows; a link of our texts opens in the browser', () => {
  const contents = guarded();
  for (const url of [
    portal,
    'https://portal.azure.com/',
    'https://example.com/',
    'cloudroll://app/index.html',
  ]) {
    expect(contents.open(url)).toEqual({ action: 'deny' });
  }
  expect(contents.opened).toEqual([portal]);
});

describe('15: nothing untrusted is opened outside', () => {
  test.each([
    'https://portal.azure.com/',
    'https://portal.azure.com/#elsewhere',
    'http://portal.azure.com/',
    'https://portal.azure.com.example.com/',
    'https://portal.azure.com@example.com/',
    'https://user:password@portal.azure.com/',
    'https://portal.azure.com:8443/',
    'https://example.com/?https://portal.azure.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://host/share',
    'not an address',
  ])('%s', (address) => {
    expect(externalAddress(address, addresses)).toBeNull();
  });

  test.each(builtInDestinations().kinds.map((kind) => [kind.scheme, kind] as const))(
    'what a kind of destination leads to is, by its registry entry alone: %s',
    (_scheme, kind) => {
      const own = productAddresses([kind]);
      for (const { console: address } of kind.cards) {
        if (address === null) continue;
        expect(own.consoles).toContain(address);
        expect(externalAddress(address, addresses)).toBe(new URL(address).href);
        const others = [
          `${address}x`,
          address.replace('https', 'http'),
          address.replace('//', '//me@'),
        ];
        for (const other of others) expect(externalAddress(other, addresses)).toBeNull();
      }
      const page = kind.signIn?.(() => undefined).authorizationEndpoint;
      if (page === undefined) return;
      expect(externalAddress(`${page}?state=x`, addresses)).toBe(`${page}?state=x`);
      const others = [`${page}/more`, `${page}#x`, page.replace('//', '//me@'), `${page}.evil`];
      for (const other of others) expect(externalAddress(other, addresses)).toBeNull();
    },
  );

  test('a kind that leads elsewhere than to an https page of a provider cannot be built', () => {
    const kind = builtInDestinations().kindOf(parseDestinationUrl('azblob://a/b'));
    const [card] = kind.cards;
    if (card === undefined) throw new Error('there is a card');
    for (const address of ['http://a.example/', 'https://me@a.example/', 'https://a:8/', 'a']) {
      const changed = { ...kind, cards: [{ ...card, console: address }] };
      expect(() => productAddresses([changed])).toThrow(address);
    }
  });

  test('test servers are only where they are set', () => {
    const server = 'http://127.0.0.1:4711';
    const environment = {
      CLOUDROLL_ENDPOINT_A: server,
      CLOUDROLL_ENDPOINT_B: 'http://evil.example',
    };
    expect(testServersOf(environment)).toEqual([server]);
    expect(externalAddress(`${server}/auth?x=1`, addresses)).toBeNull();
    expect(externalAddress(`${server}/auth?x=1`, addresses, [server])).toBe(`${server}/auth?x=1`);
    expect(externalAddress('http://127.0.0.1:4712/auth', addresses, [server])).toBeNull();
    expect(externalAddress(`${server}/auth#x`, addresses, [server])).toBeNull();
  });
});

test('16: a current Electron, pinned', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  expect(manifest.devDependencies['electron']).toMatch(/^(?:4[5-9]|[5-9]\d)\.\d+\.\d+$/u);
});

describe('17: every message is checked for its sender and its arguments', () => {
  const windows = new Set([7]);
  const sender = (change: {
    readonly url?: string;
    readonly isFrameInside?: boolean;
    readonly id?: number;
    readonly isGone?: boolean;
  }): Sender => {
    const parent = change.isFrameInside === true ? {} : null;
    const frame: object = { url: change.url ?? 'cloudroll://app/index.html#/', parent };
    const event: object = {
      senderFrame: change.isGone === true ? null : frame,
      sender: { id: change.id ?? 7 },
    };
    return event as Sender;
  };

  test('the main frame of one of our windows, showing one of our pages, and nobody else', () => {
    expect(isTrustedSender(sender({}), windows)).toBe(true);
    expect(isTrustedSender(sender({ url: 'https://example.com/' }), windows)).toBe(false);
    expect(isTrustedSender(sender({ url: 'cloudroll://app.evil/' }), windows)).toBe(false);
    expect(isTrustedSender(sender({ url: 'cloudroll://picture/a/original' }), windows)).toBe(false);
    expect(isTrustedSender(sender({ isFrameInside: true }), windows)).toBe(false);
    expect(isTrustedSender(sender({ id: 8 }), windows)).toBe(false);
    expect(isTrustedSender(sender({ isGone: true }), windows)).toBe(false);
  });

  test('a wrong sender or wrong arguments never reach a handler; the answer is data', async () => {
    const { call, reached } = served((event) => isTrustedSender(event, windows));
    const ours = sender({});
    expect(await call('openExternal', ours, { address: 'https://portal.azure.com/' })).toEqual({
      ok: true,
      value: null,
    });
    for (const [event, params, code] of [
      [sender({ id: 8 }), { address: 'https://portal.azure.com/' }, 'auth'],
      [ours, { address: 1 }, 'invalid'],
      [ours, { address: 'https://portal.azure.com/', extra: true }, 'invalid'],
      [ours, { address: 'x'.repeat(5000) }, 'invalid'],
      [ours, null, 'invalid'],
      [ours, undefined, 'invalid'],
    ] as const) {
      expect(await call('openExternal', event, params)).toMatchObject({
        ok: false,
        failure: { code },
      });
    }
    expect(await call('copyPicture', ours, { asset: '../../etc/passwd' })).toMatchObject({
      ok: false,
    });
    expect(reached).toEqual(['openExternal']);
  });

  test('there is one way in, and it is this wrapper', () => {
    const source = sourcesOf('electron/main');
    expect(source.match(/ipcMain\.(?:handle|on|once|handleOnce)\(/gu)).toHaveLength(1);
    expect(served(() => true).channels.toSorted()).toEqual(
      Object.keys(desktopRequests)
        .map((request) => `request:${request}`)
        .toSorted(),
    );
  });
});

test('18: a protocol of our own, never file:', () => {
  const scheme: CustomScheme = privilegedScheme;
  expect(scheme).toEqual({
    scheme: 'cloudroll',
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
  });
  expect(sourcesOf('electron/main')).not.toMatch(/loadFile\(|['"`]file:\/\//u);
});

test('19: the fuses', () => {
  expect(packaging.electronFuses).toMatchObject({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    grantFileProtocolExtraPrivileges: false,
    onlyLoadAppFromAsar: true,
    enableEmbeddedAsarIntegrityValidation: true,
    enableCookieEncryption: true,
  });
});

test("20: nothing of Electron's is handed to a page", () => {
  const source = sourcesOf('electron/preload');
  expect(source.match(/exposeInMainWorld\(/gu)).toHaveLength(1);
  expect(source).toContain("contextBridge.exposeInMainWorld('cloudroll', bridge)");
  // Names of channels are the preload's own: no page can choose one.
  expect(source).not.toMatch(/ipcRenderer\.(?:send|sendSync|postMessage|sendToHost)/u);
  expect(sourcesOf('renderer')).not.toMatch(/from 'electron'|ipcRenderer|require\(/u);
});

/** A page's contents under guard. */
function guarded() {
  const events = new EventEmitter();
  const opened: string[] = [];
  let openHandler: ((details: HandlerDetails) => WindowOpenHandlerResponse) | null = null;
  const contents: object = {
    on: events.on.bind(events),
    setWindowOpenHandler: (handler: typeof openHandler) => {
      openHandler = handler;
    },
  };
  guardContents(contents as GuardedContents, {
    openExternal: (address) => opened.push(address),
    addresses,
    logger: silentLogger,
  });
  return {
    opened,
    tryTo: (name: string, event: object): 'allowed' | 'refused' => {
      let outcome: 'allowed' | 'refused' = 'allowed';
      const preventDefault = (): void => {
        outcome = 'refused';
      };
      expect(events.emit(name, { ...event, preventDefault })).toBe(true);
      return outcome;
    },
    open: (url: string) => {
      const details: object = { url };
      return openHandler?.(details as HandlerDetails);
    },
  };
}

/** The wrapper over handlers that note that they were reached. */
function served(isTrusted: (event: IpcMainInvokeEvent) => boolean) {
  type Handler = Parameters<IpcMain['handle']>[1];
  const handlers = new Map<string, Handler>();
  const reached: string[] = [];
  const note = (name: string) => () => {
    reached.push(name);
    return Promise.resolve(null);
  };
  const handled: RequestHandlers = {
    connectEngine: note('connectEngine'),
    chooseFolder: note('chooseFolder'),
    chooseFiles: () => Promise.resolve([]),
    openExternal: note('openExternal'),
    copyPicture: note('copyPicture'),
    keepPasted: () => Promise.resolve('/pasted.png'),
    showPhotos: note('showPhotos'),
    takeCommands: () => Promise.resolve([]),
  };
  serveRequests({ handle: (channel, handler) => handlers.set(channel, handler) }, handled, {
    isTrusted,
    logger: silentLogger,
  });
  return {
    reached,
    channels: [...handlers.keys()],
    call: (request: string, event: Sender, params: unknown): Promise<unknown> =>
      Promise.resolve(handlers.get(`request:${request}`)?.(event as IpcMainInvokeEvent, params)),
  };
}
