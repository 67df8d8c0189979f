/**
 * Where a destination leads, for people: a folder's path, the account and folder of a cloud that is signed in
 * to, otherwise the address without its options.
 */
export function placeText(url: string): string {
  const [address = url] = url.split('?');
  const account = accountOf(url);
  const folder = /^[a-z]+:\/{2,3}(.*)$/su.exec(address)?.[1];
  if (account !== null && folder !== undefined) {
    return folder === '' ? account : `${account} · ${decoded(folder)}`;
  }
  const path = /^file:\/\/(.*)$/su.exec(address)?.[1];
  if (path === undefined) return address;
  return decoded(path).replace(/^\/(?=[A-Za-z]:)/u, '');
}

/** The account that a destination is signed in to; null where none is named. */
export function accountOf(url: string): string | null {
  const at = url.indexOf('?');
  return at === -1 ? null : new URLSearchParams(url.slice(at)).get('account');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
