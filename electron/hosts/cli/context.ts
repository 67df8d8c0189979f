import type { Keychain } from '../../engine/secrets/keychain.ts';
import type { Options } from './arguments/parse.ts';
import type { Output } from './terminal/output.ts';
import type { Messages } from './text/messages.ts';

/** What every command works with. */
export interface Context {
  readonly options: Options;
  readonly operands: readonly string[];
  readonly output: Output;
  readonly messages: Messages;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly workingDirectory: string;
  /** The person's home directory. */
  readonly home: string;
  /** Absolute path; need not exist. */
  readonly dataDirectory: string;
  readonly keychain: Keychain;
  readonly redact: (text: string) => string;
  /** Has {@link Context.redact} take one more secret out of text. */
  readonly hide: (secret: string) => void;
  /** Aborts when the person wants the command to stop. */
  readonly signal: AbortSignal;
}
