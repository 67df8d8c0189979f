import { parseArgs } from 'node:util';

import { languages, type Language } from '../text/language.ts';
import { nearest } from './nearest.ts';
import {
  commandNames,
  commandSpecs,
  optionSpecs,
  type CommandName,
  type OptionName,
} from './table.ts';
import { UsageError } from './usage-error.ts';
import { readPercent, readRate, readWhole } from './values.ts';

/** What a command line asks for. */
export type Invocation =
  | { readonly kind: 'help'; readonly command: CommandName | null; readonly options: Options }
  | { readonly kind: 'version'; readonly options: Options }
  | {
      readonly kind: 'run';
      readonly command: CommandName;
      readonly operands: readonly string[];
      readonly options: Options;
    };

/** The options of all commands; those that a command does not take are never set. */
export interface Options {
  readonly to: readonly string[];
  readonly from?: string;
  readonly into?: string;
  readonly watch: boolean;
  readonly dryRun: boolean;
  readonly previews: boolean;
  readonly startAnew: boolean;
  readonly acceptChanges: boolean;
  /** Bytes per second. */
  readonly limit?: number;
  readonly transfers?: number;
  readonly deviceName?: string;
  /** Per cent, over 0 and up to 100; null where bytes are not to be read. */
  readonly readData: number | null;
  readonly port?: number;
  /** Open the address in a browser. */
  readonly open: boolean;
  /** Open the sign-in page in a browser. */
  readonly browser: boolean;
  /** Show the secrets of a sign-in instead of keeping them. */
  readonly printToken: boolean;
  readonly album?: string;
  readonly data?: string;
  readonly json: boolean;
  readonly language?: Language;
}

interface Given {
  readonly name: OptionName;
  readonly value: string | undefined;
}

/**
 * Reads a command line (without the program's own name). Options may stand anywhere; `--` ends them.
 * @throws UsageError
 */
export function parseCommandLine(args: readonly string[]): Invocation {
  const { operands, given } = tokenize(args);
  const [name, ...rest] = operands;
  const has = (option: OptionName) => given.some((one) => one.name === option);
  if (name === undefined) {
    if (has('version')) return { kind: 'version', options: readOptions(given) };
    if (has('help')) return { kind: 'help', command: null, options: readOptions(given) };
    throw new UsageError({ problem: 'noCommand' });
  }
  if (name === 'help') {
    const command = rest[0] === undefined ? null : commandOf(rest[0]);
    return { kind: 'help', command, options: readOptions(given) };
  }
  const command = commandOf(name);
  const spec = commandSpecs[command];
  const unfit = given.find((one) => !spec.options.includes(one.name) && one.name !== 'version');
  if (unfit !== undefined) {
    throw new UsageError({
      problem: 'unknownOption',
      given: `--${unfit.name}`,
      command,
      nearest: null,
    });
  }
  const options = readOptions(given);
  if (has('help')) return { kind: 'help', command, options };
  if (has('version')) return { kind: 'version', options };
  requireComplete(command, rest, has);
  return { kind: 'run', command, operands: rest, options };
}

function requireComplete(
  command: CommandName,
  operands: readonly string[],
  has: (option: OptionName) => boolean,
): void {
  const spec = commandSpecs[command];
  if (operands.length < spec.operands.min) {
    throw new UsageError({ problem: 'missingOperand', name: spec.operands.name, command });
  }
  const unwanted = operands[spec.operands.max];
  if (unwanted !== undefined) {
    throw new UsageError({ problem: 'unwantedOperand', given: unwanted, command });
  }
  const missing = spec.requires.find((option) => !has(option));
  if (missing !== undefined) {
    throw new UsageError({ problem: 'missingOption', option: `--${missing}`, command });
  }
  if (has('watch') && has('dry-run')) {
    throw new UsageError({ problem: 'conflict', options: ['--watch', '--dry-run'] });
  }
}

function tokenize(args: readonly string[]): { operands: string[]; given: Given[] } {
  const operands: string[] = [];
  const given: Given[] = [];
  const options = Object.fromEntries(
    Object.entries(optionSpecs).map(([name, { value, short }]) => [
      name,
      {
        type: value === 'required' ? ('string' as const) : ('boolean' as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const name = optionOf(token.name, token.rawName);
    const { value } = optionSpecs[name];
    const written = token.inlineValue === true || !token.value?.startsWith('--');
    const text = written ? token.value : undefined;
    if (value === 'required' && (text === undefined || text === '')) {
      const placeholder = optionSpecs[name].placeholder ?? '';
      throw new UsageError({ problem: 'missingValue', option: `--${name}`, placeholder });
    }
    if (value === 'none' && text !== undefined) {
      throw new UsageError({ problem: 'unwantedValue', option: `--${name}` });
    }
    given.push({ name, value: text });
  }
  return { operands, given };
}

function optionOf(name: string, rawName: string): OptionName {
  const known = optionNames.find((option) => option === name);
  if (known !== undefined) return known;
  const near = nearest(name, optionNames);
  throw new UsageError({
    problem: 'unknownOption',
    given: rawName,
    command: null,
    nearest: near === null ? null : `--${near}`,
  });
}

const optionNames = Object.keys(optionSpecs).filter((name): name is OptionName =>
  Object.hasOwn(optionSpecs, name),
);

function commandOf(name: string): CommandName {
  const known = commandNames.find((command) => command === name);
  if (known !== undefined) return known;
  throw new UsageError({
    problem: 'unknownCommand',
    given: name,
    nearest: nearest(name, commandNames),
  });
}

function readOptions(given: readonly Given[]): Options {
  const values = (name: OptionName) =>
    given.flatMap((one) => (one.name === name && one.value !== undefined ? [one.value] : []));
  const has = (name: OptionName) => given.some((one) => one.name === name);
  const once = (name: OptionName): string | undefined => {
    const [first, second] = values(name);
    if (second !== undefined && second !== first) {
      throw new UsageError({ problem: 'twice', option: `--${name}` });
    }
    return first;
  };
  const limit = once('limit');
  const transfers = once('transfers');
  const port = once('port');
  const language = once('lang');
  const from = once('from');
  const into = once('into');
  const deviceName = once('device-name');
  const album = once('album');
  const data = once('data');
  return {
    to: values('to'),
    watch: has('watch'),
    dryRun: has('dry-run'),
    previews: !has('no-previews'),
    startAnew: has('start-anew'),
    acceptChanges: has('accept-changes'),
    json: has('json'),
    open: has('open'),
    browser: !has('no-browser'),
    printToken: has('print-token'),
    readData: has('read-data') ? readPercent(once('read-data') ?? '100') : null,
    ...(from === undefined ? {} : { from }),
    ...(into === undefined ? {} : { into }),
    ...(limit === undefined ? {} : { limit: readRate(limit) }),
    ...(transfers === undefined ? {} : { transfers: readWhole('--transfers', transfers, 1, 64) }),
    ...(port === undefined ? {} : { port: readWhole('--port', port, 1, 65_535) }),
    ...(deviceName === undefined ? {} : { deviceName }),
    ...(album === undefined ? {} : { album }),
    ...(data === undefined ? {} : { data }),
    ...(language === undefined ? {} : { language: languageOf(language) }),
  };
}

function languageOf(text: string): Language {
  const known = languages.find((language) => language === text);
  if (known === undefined) throw new UsageError({ problem: 'badLanguage', given: text });
  return known;
}
