import { fail, type CloudrollError } from '../../../shared/domain/failure.ts';
import type { SignInProvider } from '../destinations/sign-in.ts';
import { builtClients } from './built-clients.ts';

/** Cloudroll as a provider knows it (RFC 6749 section 2.2). */
export interface OAuthClient {
  readonly id: string;
  /** Null for a client without one; a desktop app cannot keep one secret (RFC 8252 section 8.5). */
  readonly secret: string | null;
  /** False for the client that the build brings along. */
  readonly own: boolean;
}

/** Finds a secret by its name. */
export type FindSecret = (name: string) => Promise<string | undefined>;

/** The client that came with the build, by names of secrets. */
export type BuiltClients = () => Promise<Readonly<Record<string, string>>>;

/**
 * A person's own client where there is one, else the build's; null where there is none. An id never goes with
 * the secret of another.
 */
export async function findClient(
  { secrets }: SignInProvider,
  find: FindSecret,
  built: BuiltClients = builtClients,
): Promise<OAuthClient | null> {
  const { clientId, clientSecret } = secrets;
  const id = await find(clientId);
  if (id !== undefined) {
    const secret = clientSecret === null ? undefined : await find(clientSecret);
    return { id, secret: secret ?? null, own: true };
  }
  const brought = await built();
  const builtId = brought[clientId];
  if (builtId === undefined) return null;
  const secret = clientSecret === null ? undefined : brought[clientSecret];
  return { id: builtId, secret: secret ?? null, own: false };
}

/** What a person does who has to bring a client: step by step. */
export function noClient(provider: SignInProvider, code: 'invalid' | 'auth'): CloudrollError {
  const { title, clientConsole, secrets } = provider;
  const both = secrets.clientSecret === null ? 'its client id' : 'its client id and client secret';
  const names = [secrets.clientId, secrets.clientSecret].filter((name) => name !== null);
  const steps = [
    `Open ${clientConsole} and register an app of your own: a desktop app, also called public or native.`,
    `Where it asks for a redirect address, give ${redirectAddresses(provider).join(' and ')}.`,
    `Fill in ${both} where you sign in, or set ${names.join(' and ')} in the environment.`,
    'Then sign in again.',
  ];
  return fail(code, `Signing in to ${title} needs a client id, and this Cloudroll brings none.`, {
    hint: steps.map((step, index) => `${String(index + 1)}. ${step}`).join(' '),
  });
}

function redirectAddresses({ loopback: { host, ports, path } }: SignInProvider): string[] {
  if (ports.length === 0) return [`http://${host}${path}`];
  return ports.map((port) => `http://${host}:${String(port)}${path}`);
}
