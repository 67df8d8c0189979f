import { isBuiltin } from 'node:module';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Rule } from 'eslint';
import { importViolation, type ImportTarget } from './layers.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** ESLint rule: imports go one way (see layers.ts). */
export const layersRule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: { description: 'Imports go one way between the layers of build/scripts/lint/layers.ts' },
    messages: { violation: '{{reason}}.' },
    schema: [],
  },
  create(context) {
    const file = portable(relative(REPOSITORY, context.filename));
    const check = (node: Rule.Node, specifier: unknown): void => {
      if (typeof specifier !== 'string') return;
      const reason = importViolation(file, targetOf(context.filename, specifier));
      if (reason !== null) context.report({ node, messageId: 'violation', data: { reason } });
    };
    return {
      ImportDeclaration: (node) => {
        check(node, node.source.value);
      },
      ExportAllDeclaration: (node) => {
        check(node, node.source.value);
      },
      ExportNamedDeclaration: (node) => {
        check(node, node.source?.value);
      },
      ImportExpression: (node) => {
        check(node, node.source.type === 'Literal' ? node.source.value : undefined);
      },
      // `import('…').Name` as a type: a node that ESLint's own types do not know.
      TSImportType: (node: Rule.Node & { readonly source?: { readonly value: unknown } }) => {
        check(node, node.source?.value);
      },
    };
  },
};

function targetOf(file: string, specifier: string): ImportTarget {
  if (isBuiltin(specifier)) return { kind: 'node' };
  if (specifier.startsWith('.')) {
    const path = portable(relative(REPOSITORY, resolve(dirname(file), specifier)));
    return { kind: 'file', path };
  }
  // `@scope/name/part` and `name/part` belong to the packages `@scope/name` and `name`.
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  return { kind: 'package', name };
}

function portable(path: string): string {
  return path.split(sep).join('/');
}
