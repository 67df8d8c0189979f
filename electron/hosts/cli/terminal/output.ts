import { toDisplayPath } from '../../../engine/scan/raw-path.ts';
import { displayWidth, harmless, shortenEnd } from './width.ts';

/** Where output goes: a stream of the process, as far as it matters here. */
export interface Sink {
  write(text: string, onWritten?: (error?: Error | null) => void): boolean;
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Bytes that wait to be written. */
  readonly writableLength?: number;
}

export type Style = 'plain' | 'dim' | 'good' | 'bad' | 'strong';

/** One line of a live display. */
export interface LiveLine {
  readonly text: string;
  readonly style: Style;
}

export interface OutputOptions {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Only JSON on standard output. */
  readonly json: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes secrets out of text. */
  readonly redact: (text: string) => string;
}

const styles: Readonly<Record<Style, string>> = {
  plain: '',
  dim: '\u001b[2m',
  good: '\u001b[32m',
  bad: '\u001b[31m',
  strong: '\u001b[1m',
};
const defaultColumns = 80;
const mostBuffered = 1024 * 1024;

/**
 * The only way to standard output and standard error. Text is made harmless and loses its secrets here, so
 * that no name of a file and no message of a server can do anything to a terminal.
 */
export class Output {
  readonly json: boolean;
  readonly #stdout: Sink;
  readonly #stderr: Sink;
  readonly #redact: (text: string) => string;
  readonly #terminal: boolean;
  readonly #colours: boolean;
  /** Widths of the lines of the live display that stand on the terminal. */
  #drawn: number[] = [];
  #live: readonly LiveLine[] = [];

  constructor({ stdout, stderr, json, environment, redact }: OutputOptions) {
    this.json = json;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#redact = redact;
    const dumb = environment['TERM'] === 'dumb';
    this.#terminal = !json && stdout.isTTY === true && !dumb;
    // https://no-color.org: any value that is not empty.
    const colourless = environment['NO_COLOR'] !== undefined && environment['NO_COLOR'] !== '';
    this.#colours = !dumb && !colourless;
  }

  /** Whether a live display can be shown. */
  get isLive(): boolean {
    return this.#terminal;
  }

  /** Columns of the terminal. */
  get columns(): number {
    const { columns } = this.#stdout;
    return columns === undefined || columns < 1 ? defaultColumns : columns;
  }

  /** A line for people on standard output; nothing with `--json`. */
  line(text: string, style: Style = 'plain'): void {
    if (!this.json) this.#print(this.#stdout, text, style);
  }

  /** A line for people on standard error; nothing with `--json`, where the same is told as data. */
  problem(text: string, style: Style = 'plain'): void {
    if (!this.json) this.#print(this.#stderr, text, style);
  }

  /** A line on standard error in any mode, for what ends the command. */
  fatal(text: string): void {
    this.#print(this.#stderr, text, 'bad');
  }

  /** One JSON object on a line of standard output; nothing without `--json`. */
  data(value: object): void {
    if (!this.json) return;
    const text = JSON.stringify(value, (_key, part: unknown) =>
      typeof part === 'string' ? this.#redact(toDisplayPath(part)) : part,
    );
    this.#stdout.write(`${text.replace(riskyInJson, escapeUnit)}\n`);
  }

  /** Shows lines that are drawn over by the next call; an empty list takes them away. */
  draw(lines: readonly LiveLine[]): void {
    if (!this.#terminal) return;
    this.#live = lines;
    this.#stdout.write(this.#erasing() + this.#drawing());
  }

  /** Takes the live display away. */
  endDrawing(): void {
    if (this.#drawn.length > 0) this.draw([]);
  }

  /** Resolves at once, or when a reader that is slower than this process has caught up. */
  async drained(): Promise<void> {
    if ((this.#stdout.writableLength ?? 0) > mostBuffered) await this.flush();
  }

  /** Resolves when everything has left this process. */
  async flush(): Promise<void> {
    await Promise.all(
      [this.#stdout, this.#stderr].map(
        (sink) =>
          new Promise<void>((resolve) => {
            sink.write('', () => {
              resolve();
            });
          }),
      ),
    );
  }

  #print(sink: Sink, text: string, style: Style): void {
    const clean = text
      .split('\n')
      .map((line) => harmless(toDisplayPath(this.#redact(line))))
      .join('\n');
    const line = `${this.#styled(clean, sink.isTTY === true ? style : 'plain')}\n`;
    if (this.#drawn.length === 0) {
      sink.write(line);
      return;
    }
    this.#stdout.write(this.#erasing());
    sink.write(line);
    this.#stdout.write(this.#drawing());
  }

  #erasing(): string {
    if (this.#drawn.length === 0) return '';
    // A window that was made narrower has wrapped what stood there.
    const rows = this.#drawn.reduce(
      (sum, width) => sum + Math.max(1, Math.ceil(width / this.columns)),
      0,
    );
    this.#drawn = [];
    return `\r\u001b[${String(rows)}A\u001b[J`;
  }

  #drawing(): string {
    const shown = this.#live.map(({ text, style }) => ({
      // The last column stays free: some terminals wrap as soon as it is written.
      text: shortenEnd(harmless(toDisplayPath(this.#redact(text))), this.columns - 1),
      style,
    }));
    this.#drawn = shown.map(({ text }) => displayWidth(text));
    return shown.map(({ text, style }) => `${this.#styled(text, style)}\n`).join('');
  }

  #styled(text: string, style: Style): string {
    return this.#colours && style !== 'plain' ? `${styles[style]}${text}\u001b[0m` : text;
  }
}

// Valid inside JSON, and still able to do harm where JSON is shown on a terminal.
const riskyInJson = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
