import type { DestinationKind } from '../../../electron/engine/destinations/kind.ts';
import type { ProductAddresses } from '../../../electron/main/security/external-links.ts';

/**
 * The addresses that kinds of destination lead to, for the main process, which opens nothing else. One that is
 * not plainly an https address of a provider is an error: it would be opened on every computer.
 */
export function productAddresses(kinds: readonly DestinationKind[]): ProductAddresses {
  const consoles = kinds.flatMap(({ cards }) => cards.flatMap((card) => card.console ?? []));
  const signInPages = kinds.flatMap(
    ({ signIn }) => signIn?.(() => undefined).authorizationEndpoint ?? [],
  );
  for (const address of [...consoles, ...signInPages]) requireProviderPage(address);
  return { consoles: unique(consoles), signInPages: unique(signInPages) };
}

function requireProviderPage(address: string): void {
  const url = URL.parse(address);
  const plain =
    url?.protocol === 'https:' && url.username === '' && url.password === '' && url.port === '';
  if (!plain) throw new Error(`not an address of a provider: ${address}`);
}

function unique(addresses: readonly string[]): string[] {
  return [...new Set(addresses)].sort();
}
