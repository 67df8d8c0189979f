import { cp, readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { build } from 'vite';

import { buildWhatChanged } from '../../../build/scripts/build/build.ts';
import { distFolder } from '../../../build/scripts/build/targets.ts';
import { setSecurityHeaders } from '../../../electron/hosts/web/security-headers.ts';
import { StaticFiles } from '../../../electron/hosts/web/static-files.ts';
import { sceneSvg } from './scenes.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

export interface ServedRenderer {
  /** e.g. `http://127.0.0.1:4000`; what stands behind `?` goes to the fake engine (see page/fake-host.ts). */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves the product's own build of the window over the fake engine, with the security headers of the loopback
 * host.
 *
 * @param directory gets a copy of the built files, which stays as it is when the product is built anew
 */
export async function serveRenderer(directory: string, port = 0): Promise<ServedRenderer> {
  const window = join(directory, 'window');
  await buildWhatChanged(['renderer'], false);
  await cp(join(distFolder, 'renderer'), window, { recursive: true });
  await buildFakeHost(directory);
  const page = await readFile(join(window, 'index.html'), 'utf8');
  const files = new StaticFiles(window);
  const fakeHost = await readFile(join(directory, 'fake-host.js'));
  const pictures = new Map<string, Promise<Buffer>>();

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    setSecurityHeaders(response, request.headers.host ?? '');
    if (url.pathname === '/') {
      const script = `<script type="module" src="/fake-host.js${url.search.replaceAll('"', '')}"></script>`;
      send(response, 'text/html', Buffer.from(page.replace('<head>', `<head>${script}`)));
    } else if (url.pathname === '/fake-host.js') {
      send(response, 'text/javascript', fakeHost);
    } else if (request.method === 'PUT' && url.pathname.startsWith('/uploads/')) {
      request.resume().on('end', () => response.writeHead(204).end());
    } else if (url.pathname.startsWith('/pictures/')) {
      void sendPicture(response, url.pathname, pictures);
    } else {
      void sendFile(response, files, url.pathname);
    }
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return {
    address: `http://127.0.0.1:${String(address.port)}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

async function buildFakeHost(directory: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: directory,
      emptyOutDir: false,
      lib: {
        entry: join(REPOSITORY, 'test/support/app/page/fake-host.ts'),
        formats: ['es'],
        fileName: () => 'fake-host.js',
      },
    },
  });
}

function send(response: ServerResponse, type: string, bytes: Buffer): void {
  response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(bytes);
}

async function sendFile(
  response: ServerResponse,
  files: StaticFiles,
  address: string,
): Promise<void> {
  const file = await files.find(address);
  if (file === null || file === 'unbuilt') response.writeHead(404).end();
  else send(response, file.type, file.bytes);
}

const PICTURE = /^\/pictures\/(\d+)\/(\d+)x(\d+)\/(grid|preview|original)$/u;
const LONGEST_SIDE = { grid: 320, preview: 1920, original: 3000 } as const;

async function sendPicture(
  response: ServerResponse,
  path: string,
  made: Map<string, Promise<Buffer>>,
): Promise<void> {
  const match = PICTURE.exec(path);
  if (match === null) {
    response.writeHead(404).end();
    return;
  }
  const [scene, width, height] = match.slice(1, 4).map(Number);
  const picture = made.get(path) ?? draw(scene ?? 0, width ?? 1, height ?? 1, sizeOf(match[4]));
  made.set(path, picture);
  response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Cache-Control': 'max-age=600' });
  response.end(await picture);
}

function sizeOf(name: string | undefined): number {
  return name === 'grid' || name === 'preview' ? LONGEST_SIDE[name] : LONGEST_SIDE.original;
}

function draw(scene: number, width: number, height: number, longest: number): Promise<Buffer> {
  const scale = Math.min(1, longest / Math.max(width, height));
  const svg = sceneSvg(scene, Math.round(width * scale), Math.round(height * scale));
  return sharp(Buffer.from(svg)).jpeg({ quality: 82 }).toBuffer();
}
