import type { Logger } from '../logging/logger.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { MediaReader } from '../ports/media-reader.ts';
import type { Random } from '../ports/random.ts';
import type { KnownHosts } from './common/known-hosts.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Endpoints } from './endpoints.ts';
import type { OpenAccessTokens } from './sign-in.ts';

/**
 * Why a destination is opened. `setUp`: for the first time; it may be made. `write`: it was set up before,
 * so what is missing is away (`offline`) and never made anew. `read`: nothing is written, and no permission
 * to write is needed.
 */
export type Purpose = 'setUp' | 'write' | 'read';

/** Everything a destination may need from outside. */
export interface OpenContext {
  readonly purpose: Purpose;
  readonly fileSystem: FileSystem;
  readonly mediaReader: MediaReader;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly logger: Logger;
  /** Where the SSH agent of this computer listens, as `SSH_AUTH_SOCK` names it; undefined: there is none. */
  readonly sshAgent?: string;
  /** Without it, a server is met anew each time. */
  readonly knownHosts?: KnownHosts;
  /** Stable name of this device's data directory, of which one process runs at a time. */
  readonly owner?: string;
  /** Test servers in place of providers; none without it. */
  readonly endpoints?: Endpoints;
  /** For kinds with a sign-in; without it they fail with `auth`. */
  readonly accessTokens?: OpenAccessTokens;
}
