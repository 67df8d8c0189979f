/**
 * Hosts that the product's own texts lead to: providers' consoles, where keys and buckets are made. Nothing else
 * is ever handed to the browser. A test holds it against the cards of all destinations.
 */
export const externalHosts: ReadonlySet<string> = new Set([
  'cloud.ibm.com',
  'cloud.kt.com',
  'console.aws.amazon.com',
  'console.cloud.google.com',
  'console.ncloud.com',
  'console.wasabisys.com',
  'dash.cloudflare.com',
  'portal.azure.com',
  'secure.backblaze.com',
]);

/** The address as it may be opened in the browser; null where it may not. */
export function externalAddress(address: string): string | null {
  const url = URL.parse(address);
  if (url?.protocol !== 'https:') return null;
  const plain = url.username === '' && url.password === '' && url.port === '';
  return plain && externalHosts.has(url.hostname) ? url.href : null;
}
