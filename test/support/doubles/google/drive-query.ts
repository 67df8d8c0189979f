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

type Condition = (facts: QueriedFacts) => boolean;

const text = "'((?:[^'\\\\]|\\\\['\\\\])*)'";
const terms = {
  parent: new RegExp(`${text} in parents`, 'uy'),
  trashed: /trashed *= *(true|false)/uy,
  name: new RegExp(`name *= *${text}`, 'uy'),
  mimeType: new RegExp(`mimeType *(=|!=) *${text}`, 'uy'),
  property: new RegExp(`appProperties has \\{ *key *= *${text} and value *= *${text} *\\}`, 'uy'),
};
const deepest = 100;

/**
 * The part of Drive's query language that is needed
 * (developers.google.com/workspace/drive/api/guides/ref-search-terms): terms joined by `and`, `or` and `not`, with
 * parentheses. It is silent on which of `and` and `or` binds more: together they are refused without parentheses.
 */
export function parseQuery(query: string): Query {
  const reader = new QueryReader(query);
  const matches = reader.expression(0);
  reader.requireEnd();
  return { folders: reader.folders, matches };
}

class QueryReader {
  readonly folders: string[] = [];
  readonly #query: string;
  #at = 0;

  constructor(query: string) {
    this.#query = query;
  }

  expression(depth: number): Condition {
    const operands = [this.#operand(depth)];
    let conjunction: string | undefined;
    for (;;) {
      const word = this.#read(/(and|or)\b/uy)?.[1];
      if (word === undefined) break;
      if (word !== (conjunction ??= word)) throw badRequest('Invalid Value: q');
      operands.push(this.#operand(depth));
    }
    return (facts) =>
      conjunction === 'or'
        ? operands.some((operand) => operand(facts))
        : operands.every((operand) => operand(facts));
  }

  requireEnd(): void {
    if (this.#read(/$/uy) === null) throw badRequest('Invalid Value: q');
  }

  #operand(depth: number): Condition {
    if (depth > deepest) throw badRequest('Invalid Value: q');
    if (this.#read(/not\b/uy) !== null) {
      const condition = this.#operand(depth + 1);
      return (facts) => !condition(facts);
    }
    if (this.#read(/\(/uy) === null) return this.#term();
    const condition = this.expression(depth + 1);
    if (this.#read(/\)/uy) === null) throw badRequest('Invalid Value: q');
    return condition;
  }

  #term(): Condition {
    const parent = this.#read(terms.parent);
    if (parent !== null) {
      const folder = plain(parent[1]);
      this.folders.push(folder);
      return (facts) => facts.parent === (folder === 'root' ? facts.myDrive : folder);
    }
    const trashed = this.#read(terms.trashed);
    if (trashed !== null) {
      const wanted = trashed[1] === 'true';
      return (facts) => facts.trashed === wanted;
    }
    const name = this.#read(terms.name);
    if (name !== null) {
      // The real search takes no notice of the case.
      const wanted = plain(name[1]).toLowerCase();
      return (facts) => facts.name.toLowerCase() === wanted;
    }
    const type = this.#read(terms.mimeType);
    if (type !== null) {
      const equal = type[1] === '=';
      const wanted = plain(type[2]);
      return (facts) => (facts.mimeType === wanted) === equal;
    }
    const property = this.#read(terms.property);
    if (property !== null) {
      const [, key, value] = property;
      return (facts) => facts.appProperties[plain(key)] === plain(value);
    }
    throw badRequest('Invalid Value: q');
  }

  /** What stands next, after spaces; null, and nothing read, where that is something else. */
  #read(pattern: RegExp): RegExpExecArray | null {
    while (this.#query.startsWith(' ', this.#at)) this.#at += 1;
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#query);
    if (found !== null) this.#at += found[0].length;
    return found;
  }
}

function plain(quoted: string | undefined): string {
  return (quoted ?? '').replace(/\\(['\\])/gu, '$1');
}
