import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readElements, textOf } from '../../../electron/engine/destinations/common/read-xml.ts';
import { failureOf } from '../../../shared/domain/failure.ts';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (let start = 0; start < bytes.length; start += size)
    yield bytes.subarray(start, start + size);
}

async function namesIn(xml: string | Uint8Array, size = 1024): Promise<string[]> {
  const bytes = typeof xml === 'string' ? Buffer.from(xml) : xml;
  const names: string[] = [];
  for await (const element of readElements(pieces(bytes, size), new Set(['item']))) {
    names.push(textOf(element, 'name') ?? '');
  }
  return names;
}

function escaped(text: string): string {
  return text.replace(/[&<>]/gu, (character) => `&#${String(character.charCodeAt(0))};`);
}

describe('reading XML', () => {
  test('gives the same elements however the bytes are cut', async () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) =>
      // What XML 1.0 can hold, without the line ends that it changes.
      /^[\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(text),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(name, { maxLength: 20 }),
        fc.integer({ min: 1, max: 50 }),
        async (names, size) => {
          const items = names.map((text) => `<x:item><x:name>${escaped(text)}</x:name></x:item>`);
          const xml = `<?xml version="1.0"?><x:list xmlns:x="urn:x">${items.join('')}</x:list>`;
          expect(await namesIn(xml, size)).toEqual(names);
        },
      ),
    );
  });

  test('keeps nothing of what is not wanted, however much it is', async () => {
    const filler = '<other>text</other>'.repeat(100_000);
    expect(await namesIn(`<list>${filler}<item><name>a</name></item></list>`)).toEqual(['a']);
  });

  test.each([
    [
      'a document type',
      '<!DOCTYPE list [<!ENTITY a "b">]><list><item><name>&a;</name></item></list>',
    ],
    ['an unknown entity', '<list><item><name>&a;</name></item></list>'],
    ['an end that is missing', '<list><item><name>a</name></item>'],
    ['an element of a megabyte', `<list><item><name>${'x'.repeat(1_000_000)}</name></item></list>`],
    ['a name of a megabyte', `<list><${'x'.repeat(1_000_000)}/></list>`],
    ['a thousand levels', `<item>${'<a>'.repeat(1000)}${'</a>'.repeat(1000)}</item>`],
    ['bytes that are no UTF-8', Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0xfe, 0x3c])],
    ['nothing at all', ''],
  ])('refuses %s', async (_what, xml) => {
    const failure = await namesIn(xml).then(() => null, failureOf);
    expect(failure).toMatchObject({ code: 'serverError' });
  });
});
