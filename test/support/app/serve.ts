import { fileURLToPath } from 'node:url';

import { serveRenderer } from './serve-renderer.ts';

/** `node test/support/app/serve.ts [PORT] [DIRECTORY]`: the window over the fake engine, to look at in a browser. */
const [
  port = '4173',
  directory = fileURLToPath(new URL('../../../.cache/fake-app', import.meta.url)),
] = process.argv.slice(2);
const { address } = await serveRenderer(directory, Number(port));
console.log(
  `${address}/?photos=2000&activity=idle&theme=light&language=ko (see page/fake-host.ts)`,
);
