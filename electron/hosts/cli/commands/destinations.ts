import { builtInDestinations } from '../../../engine/destinations/registry.ts';
import type { Context } from '../context.ts';
import { readCatalogue } from '../session/catalogue.ts';
import { publishersOf } from '../session/publishers.ts';

/** `cloudroll destinations` */
export async function destinationsCommand(context: Context): Promise<number> {
  const { output, messages } = context;
  const texts = messages.destinations;
  using catalogue = await readCatalogue(context);
  const { kinds } = builtInDestinations();
  output.line(`${texts.kinds}:`, 'strong');
  for (const kind of kinds) {
    const { scheme, title, example, secrets, presets, role = 'backup' } = kind;
    output.data({ event: 'kind', scheme, title, role, example, secrets, presets: presets ?? [] });
    output.line(`  ${scheme}:  ${title}`);
    if (role === 'publish') output.line(`      ${texts.publishes}`);
    output.line(`      ${example}`);
    if (kind.signIn !== undefined) {
      output.line(`      ${texts.signIn(`cloudroll sign-in ${scheme}`)}`);
    }
    if (secrets.length > 0) output.line(`      ${texts.secrets} ${secrets.join(', ')}`);
    if (presets !== undefined) {
      output.line(`      ${texts.presets}:`);
      for (const { id, title: provider } of presets) {
        output.line(`        preset=${id}  ${provider}`);
      }
    }
  }
  const known = catalogue.catalog.deliveries.destinations();
  output.line('');
  output.line(`${texts.known}:`, 'strong');
  if (known.length === 0) output.line(`  ${texts.none}`);
  for (const { id, name, url } of known) {
    const states = catalogue.catalog.totals.states(id);
    output.data({ event: 'destination', name, url, states });
    output.line(`  ${name}  ${url}`);
    output.line(`      ${texts.holds(states.verified.count, states.verified.bytes)}`);
  }
  for (const { name, url, totals } of publishersOf(catalogue.catalog)) {
    output.data({ event: 'publisher', name, url, ...totals });
    output.line(`  ${name}  ${url}`);
    output.line(`      ${messages.publish.standing(totals)}`);
  }
  output.data({ event: 'summary', kinds: kinds.length, destinations: known.length });
  return 0;
}
