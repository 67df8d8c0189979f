/**
 * A page of Chromium knows no `cloudroll:` scheme. Its hosts are spelled as hosts of a domain that never
 * exists (RFC 6761); every request to them is answered by the app's own protocol handler.
 */
const domain = 'cloudroll.test';
const ours = /cloudroll:\/\/([a-z]+)/gu;

/** Addresses of the app in a text, as the page has them. */
export function toPage(text: string): string {
  return text.replace(ours, (_all, host: string) => `https://${host}.${domain}`);
}

/** An address of the page, as the app has it. */
export function toApp(address: string): string {
  return address.replace(/^https:\/\/([a-z]+)\.cloudroll\.test/u, 'cloudroll://$1');
}

/** What the browser asks the app for instead of the network. */
export const servedByApp = /^https:\/\/[a-z]+\.cloudroll\.test\//u;
