import { badRequest } from './api-error.ts';

/** What a query can ask of a file. */
export interface QueriedFacts {
  readonly name: string;
  readonly mimeType: string;
  readonly parent: string;
  readonly trashed: boolean;
  readonly appProperties: Readonly<Record<string, string>>;
  /** What `root` stands for. */
  readonly myDrive: string;
}

export interface Query {
  readonly matches: (facts: QueriedFacts) => boolean;
  /** Folders that are named in it: one that is not there refuses the whole query. */
  readonly folders: readonly string[];
}

const text = "'((?:[^'\\\\]|\\\\['\\\\])*)'";
const terms = {
  parent: new RegExp(`^${text} in parents`, 'u'),
  trashed: /^trashed *= *(true|false)/u,
  name: new RegExp(`^name *= *${text}`, 'u'),
  mimeType: new RegExp(`^mimeType *(=|!=) *${text}`, 'u'),
  property: new RegExp(`^appProperties has \\{ *key *= *${text} and value *= *${text} *\\}`, 'u'),
};

/**
 * The part of Drive's query language that is needed
 * (developers.google.com/workspace/drive/api/guides/ref-search-terms): terms joined by `and`.
 */
export function parseQuery(query: string): Query {
  const conditions: ((facts: QueriedFacts) => boolean)[] = [];
  const folders: string[] = [];
  let rest = query.trim();
  for (;;) {
    const { length, condition, folder } = parseTerm(rest);
    conditions.push(condition);
    if (folder !== undefined) folders.push(folder);
    rest = rest.slice(length).trimStart();
    if (rest === '') break;
    if (!rest.startsWith('and ')) throw badRequest('Invalid Value: q');
    rest = rest.slice(4).trimStart();
  }
  return { folders, matches: (facts) => conditions.every((condition) => condition(facts)) };
}

interface Term {
  readonly length: number;
  readonly condition: (facts: QueriedFacts) => boolean;
  readonly folder?: string;
}

function parseTerm(rest: string): Term {
  const parent = terms.parent.exec(rest);
  if (parent !== null) {
    const folder = plain(parent[1]);
    const condition = (facts: QueriedFacts): boolean =>
      facts.parent === (folder === 'root' ? facts.myDrive : folder);
    return { length: parent[0].length, folder, condition };
  }
  const trashed = terms.trashed.exec(rest);
  if (trashed !== null) {
    const wanted = trashed[1] === 'true';
    return { length: trashed[0].length, condition: (facts) => facts.trashed === wanted };
  }
  const name = terms.name.exec(rest);
  if (name !== null) {
    // The real search takes no notice of the case.
    const wanted = plain(name[1]).toLowerCase();
    return { length: name[0].length, condition: (facts) => facts.name.toLowerCase() === wanted };
  }
  const type = terms.mimeType.exec(rest);
  if (type !== null) {
    const equal = type[1] === '=';
    const wanted = plain(type[2]);
    const condition = (facts: QueriedFacts): boolean => (facts.mimeType === wanted) === equal;
    return { length: type[0].length, condition };
  }
  const property = terms.property.exec(rest);
  if (property !== null) {
    const [all, key, value] = property;
    const condition = (facts: QueriedFacts): boolean =>
      facts.appProperties[plain(key)] === plain(value);
    return { length: all.length, condition };
  }
  throw badRequest('Invalid Value: q');
}

function plain(quoted: string | undefined): string {
  return (quoted ?? '').replace(/\\(['\\])/gu, '$1');
}
