import { describe } from 'vitest';

import type { AppHost } from './app-under-test.ts';
import { loopbackHost } from './loopback-host.ts';
import { standInHost } from './stand-in-host.ts';

/** Tells the same stories of the app on every host. Where one cannot be had: under `CI=true` they fail. */
export function onEveryHost(about: string, tell: (host: AppHost) => void): void {
  for (const host of [standInHost, loopbackHost]) {
    const reason = host.missing();
    const skipped = reason !== null && process.env['CI'] !== 'true';
    if (skipped) console.warn(`skipped: ${host.name}: ${reason}`);
    describe.skipIf(skipped)(`${about}: ${host.name}`, () => {
      tell(host);
    });
  }
}
