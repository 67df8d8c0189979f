import { fail } from '../../../../shared/domain/failure.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { checkedEndpoint } from './settings.ts';
import type { AzureSettings } from './settings.ts';

/** How requests are allowed: signed with the account's key, or by a signature that somebody gave. */
export type AzureCredentials =
  { readonly kind: 'key'; readonly key: Buffer } | { readonly kind: 'sas'; readonly query: string };

export interface AzureAccess {
  readonly credentials: AzureCredentials;
  /** Address of the Blob service, without a slash at its end. */
  readonly endpoint: string;
}

/**
 * The first there is of a shared access signature, an account key and a connection string, by the names that
 * Azure's own command line gives them.
 */
export async function findAccess(settings: AzureSettings, secrets: Secrets): Promise<AzureAccess> {
  const find = (name: string): Promise<string | undefined> => secrets.find(settings.name, name);
  const usual = `https://${settings.account}.blob.core.windows.net`;
  const endpoint = settings.endpoint ?? usual;
  const sas = await find('AZURE_STORAGE_SAS_TOKEN');
  if (sas !== undefined) return { endpoint, credentials: signatureOf(sas) };
  const key = await find('AZURE_STORAGE_KEY');
  if (key !== undefined) return { endpoint, credentials: keyOf(key) };
  const text = await find('AZURE_STORAGE_CONNECTION_STRING');
  if (text === undefined) {
    throw fail(
      'auth',
      'There is no key for the Azure storage account: AZURE_STORAGE_KEY is not set.',
      {
        hint: 'Set AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_CONNECTION_STRING.',
      },
    );
  }
  const parts = connectionParts(text);
  const named = parts.get('accountname');
  if (named !== undefined && named !== settings.account) {
    throw fail('auth', 'The connection string is that of another storage account.', {
      hint: `Copy that of ${settings.account} from the Azure portal, or change the destination.`,
    });
  }
  const suffix = parts.get('endpointsuffix') ?? 'core.windows.net';
  const given = parts.get('blobendpoint') ?? `https://${settings.account}.blob.${suffix}`;
  const credentials = credentialsOf(parts);
  return { credentials, endpoint: settings.endpoint ?? checkedEndpoint(given) };
}

function credentialsOf(parts: ReadonlyMap<string, string>): AzureCredentials {
  const sas = parts.get('sharedaccesssignature');
  if (sas !== undefined) return signatureOf(sas);
  const key = parts.get('accountkey');
  if (key !== undefined) return keyOf(key);
  throw fail('auth', 'The connection string holds neither a key nor a shared access signature.', {
    hint: 'Copy it again from the Azure portal: Access keys, Connection string.',
  });
}

function keyOf(text: string): AzureCredentials {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length >= 16 && /^[A-Za-z0-9+/]+={0,2}$/u.test(text.trim())) return { kind: 'key', key };
  throw fail('auth', 'The key of the Azure storage account is not a key.', {
    hint: 'Copy it again from the Azure portal: Access keys.',
  });
}

function signatureOf(text: string): AzureCredentials {
  const query = text.trim().replace(/^\?/u, '');
  if (/(?:^|&)sig=/u.test(query) && /^[\x21-\x7e]+$/u.test(query)) return { kind: 'sas', query };
  throw fail('auth', 'The shared access signature is not one.', {
    hint: 'Copy it again from the Azure portal: Shared access tokens.',
  });
}

/** `Name=value;…`, by lower-case name; values may hold `=`. */
function connectionParts(text: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const part of text.trim().split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0) parts.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1));
  }
  return parts;
}
