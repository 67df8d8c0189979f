import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where downloaded servers are kept between runs, and where one that runs says so. */
export function servicesDirectory(): string {
  if (process.env['CI'] === 'true') {
    return join(tmpdir(), `cloudroll-services-${userInfo().username}`);
  }
  return fileURLToPath(new URL('../../../.cache/services', import.meta.url));
}
