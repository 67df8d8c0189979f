/** Where a destination leads, for people: a folder's path, otherwise the address without its options. */
export function placeText(url: string): string {
  const [address = url] = url.split('?');
  const path = /^file:\/\/(.*)$/su.exec(address)?.[1];
  if (path === undefined) return address;
  return decoded(path).replace(/^\/(?=[A-Za-z]:)/u, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
