import { SaxesParser } from 'saxes';

import { fail } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';

/** An element with all that is in it. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  /** Its own text, without that of its children. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

/** More of anything than this is an attack or a mistake. */
const deepest = 64;
const largestElement = 256 * 1024;

/**
 * The elements of the wanted names, one after the other as they come; those inside of one that is wanted
 * belong to it. Nothing else is kept, so that a document of any length takes little memory. What is not XML, declares
 * entities, or holds an element of unreasonable depth or size is a `serverError`.
 */
export async function* readElements(
  chunks: AsyncIterable<Uint8Array>,
  wanted: ReadonlySet<string>,
): AsyncGenerator<XmlElement> {
  const reader = new ElementReader(wanted);
  for await (const chunk of chunks) {
    reader.write(chunk);
    yield* reader.take();
  }
  reader.end();
  yield* reader.take();
}

/** The text of the child of that name; undefined where there is none. */
export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  return childOf(element, name)?.text;
}

export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

class ElementReader {
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #open: Open[] = [];
  #depth = 0;
  /** Characters since something was last finished. */
  #pending = 0;
  #ready: XmlElement[] = [];

  constructor(wanted: ReadonlySet<string>) {
    this.#parser.on('doctype', () => {
      throw notXml('declares a document type');
    });
    this.#parser.on('error', (error) => {
      throw notXml(error.message);
    });
    this.#parser.on('opentag', ({ local }) => {
      this.#depth += 1;
      if (this.#depth > deepest) throw notXml('is nested too deeply');
      if (this.#open.length === 0 && !wanted.has(local)) {
        this.#pending = 0;
        return;
      }
      this.#open.push({ name: local, text: '', children: [] });
    });
    const addText = (text: string): void => {
      const current = this.#open.at(-1);
      if (current !== undefined) current.text += text;
    };
    this.#parser.on('text', addText);
    this.#parser.on('cdata', addText);
    this.#parser.on('closetag', () => {
      this.#depth -= 1;
      const closed = this.#open.pop();
      if (closed === undefined) return;
      const parent = this.#open.at(-1);
      if (parent !== undefined) {
        parent.children.push(closed);
        return;
      }
      this.#ready.push(closed);
      this.#pending = 0;
    });
  }

  write(chunk: Uint8Array): void {
    let text: string;
    try {
      text = this.#decoder.decode(chunk, { stream: true });
    } catch {
      throw notXml('is not UTF-8');
    }
    // In small pieces, so that what is finished in between is not counted with what follows.
    for (let start = 0; start < text.length; start += pieceLength) {
      const piece = text.slice(start, start + pieceLength);
      this.#pending += piece.length;
      if (this.#pending > largestElement) throw notXml('holds far too much in one element');
      this.#parser.write(piece);
    }
  }

  end(): void {
    this.#parser.close();
  }

  take(): XmlElement[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }
}

const pieceLength = 32 * 1024;

function notXml(how: string): CloudrollError {
  return fail('serverError', 'The server’s answer is not what was asked for.', {
    hint: 'Check the address; a sign-in page of the network may stand in between.',
    cause: new Error(`the answer ${how}`),
  });
}
