import { isSignInPage } from '../../../shared/contract/app/sign-in-pages.ts';

/**
 * Hosts that the product's own texts lead to: providers' consoles, where keys and buckets are made. Nothing else
 * but the providers' sign-in pages is ever handed to the browser. A test holds it against the cards of all destinations.
 */
export const externalHosts: ReadonlySet<string> = new Set([
  'cloud.ibm.com',
  'cloud.kt.com',
  'console.aws.amazon.com',
  'console.cloud.google.com',
  'console.ncloud.com',
  'console.wasabisys.com',
  'dash.cloudflare.com',
  'entra.microsoft.com',
  'portal.azure.com',
  'secure.backblaze.com',
  'www.dropbox.com',
]);

/**
 * The address as it may be opened in the browser; null where it may not.
 *
 * @param testServers on this computer that stand in for providers
 */
export function externalAddress(
  address: string,
  testServers: readonly string[] = [],
): string | null {
  const url = URL.parse(address);
  if (url !== null && isSignInPage(address, testServers)) return url.href;
  if (url?.protocol !== 'https:') return null;
  const plain = url.username === '' && url.password === '' && url.port === '';
  return plain && externalHosts.has(url.hostname) ? url.href : null;
}
