import { fail } from '../../../../shared/domain/failure.ts';
import type { OpenContext } from '../open-context.ts';
import { parseServiceAccountKey } from './service-account-key.ts';
import type { ServiceAccountKey } from './service-account-key.ts';
import { isLoopback } from './settings.ts';
import type { GoogleStorageSettings } from './settings.ts';

export interface GoogleStorageAccess {
  /** Address of the service, without a slash at its end. */
  readonly origin: string;
  /** Null for an emulator that asks for no sign-in. */
  readonly key: ServiceAccountKey | null;
  /** Where tokens are asked for. */
  readonly tokenEndpoint: string | null;
}

export type AccessContext = Pick<OpenContext, 'secrets' | 'fileSystem' | 'endpoints'>;

/** Keys of Google hold about 2,400 characters. */
const longestFile = 64 * 1024;

/**
 * The address and the key: the text in GOOGLE_SERVICE_ACCOUNT_KEY, or else the file that
 * GOOGLE_APPLICATION_CREDENTIALS names, as Google's own programs have it.
 */
export async function findAccess(
  settings: GoogleStorageSettings,
  context: AccessContext,
): Promise<GoogleStorageAccess> {
  const origin = context.endpoints?.('gs') ?? settings.endpoint ?? 'https://storage.googleapis.com';
  const text = await findKeyText(settings, context);
  if (text === undefined) {
    if (isLoopback(origin)) return { origin, key: null, tokenEndpoint: null };
    throw fail('auth', 'There is no service account key for Google Cloud Storage.', {
      hint: 'Set GOOGLE_APPLICATION_CREDENTIALS to the path of the JSON key, or GOOGLE_SERVICE_ACCOUNT_KEY to its text.',
    });
  }
  const key = parseServiceAccountKey(text);
  const replacement = context.endpoints?.('google-sign-in');
  const tokenEndpoint = replacement === undefined ? key.tokenEndpoint : `${replacement}/token`;
  return { origin, key, tokenEndpoint };
}

async function findKeyText(
  { name }: GoogleStorageSettings,
  { secrets, fileSystem }: AccessContext,
): Promise<string | undefined> {
  const text = await secrets.find(name, 'GOOGLE_SERVICE_ACCOUNT_KEY');
  if (text !== undefined) return text;
  const path = await secrets.find(name, 'GOOGLE_APPLICATION_CREDENTIALS');
  if (path === undefined) return undefined;
  try {
    return Buffer.from(await fileSystem.readFile(path, longestFile)).toString('utf8');
  } catch (cause) {
    throw fail('auth', `The service account key ${path} cannot be read.`, {
      hint: 'Check GOOGLE_APPLICATION_CREDENTIALS: it is the path of a JSON file that you may read.',
      cause,
    });
  }
}
