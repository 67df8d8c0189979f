import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

import { failureCodes } from '../../../shared/domain/failure.ts';
import * as en from '../../../renderer/text/en/index.ts';
import * as ko from '../../../renderer/text/ko/index.ts';

type Catalogues = Readonly<Record<string, Readonly<Record<string, string>>>>;
const languages: Readonly<Record<string, Catalogues>> = { en, ko };
const RENDERER = fileURLToPath(new URL('../../../renderer', import.meta.url));

/** Keys without the endings that say which plural a text is for. */
function keysOf(catalogue: Readonly<Record<string, string>>): readonly string[] {
  return [
    ...new Set(Object.keys(catalogue).map((key) => key.replace(/_(?:one|other)$/u, ''))),
  ].sort();
}

function variablesOf(text: string): readonly string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/gu)].map(([, name = '']) => name).sort();
}

describe('the catalogues', () => {
  it('have the same areas and keys in every language', () => {
    expect(Object.keys(ko).sort()).toEqual(Object.keys(en).sort());
    const wanted: Catalogues = en;
    const given: Catalogues = ko;
    for (const [area, texts] of Object.entries(wanted)) {
      expect({ area, keys: keysOf(given[area] ?? {}) }).toEqual({ area, keys: keysOf(texts) });
    }
  });

  it('have all the plurals that their language has', () => {
    for (const [language, areas] of Object.entries(languages)) {
      const plurals = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      for (const [area, texts] of Object.entries(areas)) {
        const counted = Object.keys(texts).filter((key) => /_(?:one|other)$/u.test(key));
        for (const key of new Set(counted.map((each) => each.replace(/_[a-z]+$/u, '')))) {
          const endings = counted.filter((each) => each.replace(/_[a-z]+$/u, '') === key);
          expect([language, area, ...endings.sort()]).toEqual([
            language,
            area,
            ...plurals.map((plural) => `${key}_${plural}`).sort(),
          ]);
        }
      }
    }
  });

  it('say something under every key, with the same variables in every language', () => {
    const given: Catalogues = ko;
    for (const [area, texts] of Object.entries<Readonly<Record<string, string>>>(en)) {
      for (const [key, text] of Object.entries(texts)) {
        if (key.endsWith('_one')) continue;
        const other = given[area]?.[key] ?? '';
        expect(
          `${area}:${key} ${text.trim() === '' || other.trim() === '' ? 'is empty' : ''}`.trim(),
        ).toBe(`${area}:${key}`);
        expect([area, key, variablesOf(other)]).toEqual([area, key, variablesOf(text)]);
      }
    }
  });

  it('say what happened and what to do for every failure', () => {
    for (const areas of Object.values(languages)) {
      for (const code of failureCodes) {
        expect(areas['failures']?.[code]).toBeTypeOf('string');
        expect(areas['failures']?.[`${code}Hint`]).toBeTypeOf('string');
      }
    }
  });
});

/** Attributes whose value a person reads or hears. */
const SPOKEN = new Set([
  ...['aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext', 'title', 'alt'],
  ...['placeholder', 'label', 'help', 'text', 'description', 'valueText', 'error'],
]);

/** Texts in a source that stand in no catalogue. */
function loose(file: string, source: string): readonly string[] {
  const found: string[] = [];
  const note = (text: string): void => {
    if (/\p{L}{2}/u.test(text)) found.push(`${file}: ${text.trim()}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) note(node.text);
    else if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText(parsed))) {
      for (const text of literals(node.initializer)) note(text);
    } else if (ts.isJsxExpression(node) && ts.isJsxElement(node.parent)) {
      for (const text of literals(node)) note(text);
    }
    ts.forEachChild(node, visit);
  };
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  visit(parsed);
  return found;
}

/** String literals that a node itself is, or chooses between. */
function literals(node: ts.Node | undefined): readonly string[] {
  if (node === undefined) return [];
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (ts.isJsxExpression(node)) return literals(node.expression);
  if (ts.isConditionalExpression(node))
    return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  if (ts.isTemplateExpression(node)) {
    return [node.head.text, ...node.templateSpans.map((span) => span.literal.text)];
  }
  return [];
}

describe('the views', () => {
  it('hold no text that stands in no catalogue', () => {
    const files = readdirSync(RENDERER, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.tsx'),
    );
    expect(files.length).toBeGreaterThan(20);
    const found = files.flatMap((name) =>
      loose(relative('.', name), readFileSync(join(RENDERER, name), 'utf8')),
    );
    expect(found).toEqual([]);
  });

  it('would be caught with one', () => {
    const bad = `const a = <p title="Hello">Some words {busy ? 'Wait' : t('x')} {\`left \${n}\`}</p>;`;
    expect(loose('bad.tsx', bad)).toHaveLength(4);
    expect(loose('good.tsx', `const a = <p className="Hello there">{t('words')} · 3</p>;`)).toEqual(
      [],
    );
  });
});
