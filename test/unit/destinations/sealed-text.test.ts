import fc from 'fast-check';
import { expect, test } from 'vitest';

import { seal, unseal } from '../../../electron/engine/destinations/common/sealed-text.ts';
import { seededRandom } from '../../support/destinations/seeded-random.ts';

test('what is sealed comes back under the same secret and purpose only', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.nat(), (text, secret, seed) => {
      const sealed = seal(text, secret, 'this', seededRandom(seed));
      expect(unseal(sealed, secret, 'this')).toBe(text);
      expect(unseal(sealed, `${secret}x`, 'this')).toBeUndefined();
      expect(unseal(sealed, secret, 'that')).toBeUndefined();
    }),
  );
});

test('what was changed, cut or never sealed does not come back', () => {
  const sealed = Buffer.from(seal('text', 'secret', 'this', seededRandom(1)), 'base64url');
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Buffer.from(sealed);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(unseal(changed.toString('base64url'), 'secret', 'this')).toBeUndefined();
    const cut = sealed.subarray(0, index).toString('base64url');
    expect(unseal(cut, 'secret', 'this')).toBeUndefined();
  }
  for (const text of ['', '?', 'none at all, but long enough for a nonce and a tag']) {
    expect(unseal(text, 'secret', 'this')).toBeUndefined();
  }
});
