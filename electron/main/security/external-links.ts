import { isAtTestServer } from '../../../shared/contract/app/test-servers.ts';

/** All addresses that the product ever hands to the browser, exactly as the kinds of destination name them. */
export interface ProductAddresses {
  /** Providers' consoles, where keys and buckets are made. */
  readonly consoles: readonly string[];
  /** Where providers ask people whether Cloudroll may come in; opened with whatever query. */
  readonly signInPages: readonly string[];
}

/**
 * The address as it may be opened in the browser; null where it may not.
 *
 * @param testServers on this computer that stand in for providers
 */
export function externalAddress(
  address: string,
  { consoles, signInPages }: ProductAddresses,
  testServers: readonly string[] = [],
): string | null {
  const url = URL.parse(address);
  if (url === null) return null;
  if (isAtTestServer(address, testServers)) return url.href;
  if (url.protocol !== 'https:') return null;
  if (consoles.some((known) => URL.parse(known)?.href === url.href)) return url.href;
  const page = `${url.origin}${url.pathname}`;
  const plain = url.username === '' && url.password === '' && url.hash === '';
  return plain && signInPages.includes(page) ? url.href : null;
}
