import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import { isLoopback } from './settings.ts';

/** What a program signs in with at Google (cloud.google.com/iam/docs/keys-create-delete). */
export interface ServiceAccountKey {
  /** The account's address, `…@….iam.gserviceaccount.com`. */
  readonly email: string;
  readonly keyId: string | undefined;
  readonly privateKey: KeyObject;
  /** The key as it was given, for what is derived from it. */
  readonly secret: string;
  /** Where tokens are asked for: Google's address, or one of this computer. */
  readonly tokenEndpoint: string;
}

/** Keys of Google hold about 2,400 characters. */
const longestKey = 64 * 1024;
const usualTokenEndpoint = 'https://oauth2.googleapis.com/token';
/** Older keys name the second. */
const tokenEndpointsOfGoogle: readonly string[] = [
  usualTokenEndpoint,
  'https://accounts.google.com/o/oauth2/token',
  'https://www.googleapis.com/oauth2/v4/token',
];

const keySchema = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(3).max(320),
  private_key: z.string().min(1),
  private_key_id: z.string().max(200).optional(),
  token_uri: z.string().max(2000).optional(),
  universe_domain: z.string().max(200).optional(),
});

/** Reads the JSON that Google gives for a service account; what is none is `auth` with what to do. */
export function parseServiceAccountKey(text: string): ServiceAccountKey {
  const document = text.length > longestKey ? undefined : parseJson(text);
  const parsed = keySchema.safeParse(document);
  if (!parsed.success) throw notKey(document);
  const key = parsed.data;
  if ((key.universe_domain ?? 'googleapis.com') !== 'googleapis.com') {
    throw fail('auth', 'The service account key belongs to a cloud other than Google’s own.', {
      hint: 'Use a key that was made at console.cloud.google.com.',
    });
  }
  const tokenUri = key.token_uri ?? usualTokenEndpoint;
  if (!tokenEndpointsOfGoogle.includes(tokenUri) && !isLoopback(tokenUri)) {
    throw fail('auth', 'The service account key names a place to sign in that is not Google’s.', {
      hint: 'Do not use this file; download a key from console.cloud.google.com.',
    });
  }
  return {
    email: key.client_email,
    keyId: key.private_key_id,
    privateKey: rsaKey(key.private_key),
    secret: key.private_key,
    tokenEndpoint: isLoopback(tokenUri) ? tokenUri : usualTokenEndpoint,
  };
}

function rsaKey(pem: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // What Node says of it could repeat parts of the key.
  }
  if (key?.asymmetricKeyType === 'rsa') return key;
  throw fail('auth', 'The service account key is damaged.', { hint: copyAgain });
}

function notKey(document: unknown): CloudrollError {
  const type: unknown =
    typeof document === 'object' && document !== null ? Reflect.get(document, 'type') : undefined;
  if (type === 'authorized_user') {
    return fail('auth', 'This is the sign-in of a person at gcloud, not a service account key.', {
      hint: 'Make a key for a service account in the console: IAM, Service Accounts, Keys.',
    });
  }
  return fail('auth', 'This is not a service account key of Google.', { hint: copyAgain });
}

const copyAgain =
  'Copy the whole JSON file, from { to }, that Google offered when the key was made.';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
