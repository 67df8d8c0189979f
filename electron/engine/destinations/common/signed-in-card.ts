import type {
  DestinationField,
  LocalizedText,
} from '../../../../shared/contract/app/destinations.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';

/** The folder or album of a cloud where a person names none. */
const usualPlace = 'Cloudroll';

/** A field of the form of a cloud that a person signs in to: everything but the sign-in may stay empty. */
export function cardField(
  type: 'signIn' | 'text' | 'secret',
  name: string,
  label: LocalizedText,
  help: LocalizedText,
): DestinationField {
  const placeholder = type === 'text' ? usualPlace : '';
  return { name, label, help, type, required: type === 'signIn', placeholder, choices: [] };
}

/**
 * `scheme:///Folder/Sub?account=…` of what was filled in. The account comes from the sign-in, and is missing
 * where the environment brings its own.
 * @param place the field that names the folder or album
 */
export function signedInUrl(
  scheme: string,
  values: Readonly<Record<string, string>>,
  place: string,
): DestinationUrl {
  const given = (name: string): string => (values[name] ?? '').trim();
  const path = given(place)
    .split('/')
    .filter((part) => part !== '')
    .join('/');
  const account = given('account');
  return {
    scheme,
    authority: '',
    path: path === '' ? usualPlace : path,
    query: account === '' ? {} : { account },
  };
}
