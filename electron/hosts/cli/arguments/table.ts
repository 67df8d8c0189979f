/** Every command, in the order in which help shows them. */
export const commandNames = [
  'sync',
  'status',
  'list',
  'verify',
  'destinations',
  'restore',
  'check',
  'serve',
  'upload',
  'sign-in',
  'sign-out',
] as const;
export type CommandName = (typeof commandNames)[number];

export type OptionName =
  | 'to'
  | 'from'
  | 'into'
  | 'watch'
  | 'dry-run'
  | 'no-previews'
  | 'start-anew'
  | 'accept-changes'
  | 'limit'
  | 'transfers'
  | 'device-name'
  | 'read-data'
  | 'port'
  | 'open'
  | 'album'
  | 'no-browser'
  | 'print-token'
  | 'data'
  | 'json'
  | 'lang'
  | 'help'
  | 'version';

export interface OptionSpec {
  /** `optional`: a value may follow after `=`. */
  readonly value: 'none' | 'required' | 'optional';
  /** What stands for the value in help. */
  readonly placeholder?: string;
  readonly short?: string;
}

export const optionSpecs: Readonly<Record<OptionName, OptionSpec>> = {
  to: { value: 'required', placeholder: 'URL' },
  from: { value: 'required', placeholder: 'URL' },
  into: { value: 'required', placeholder: 'DIR' },
  watch: { value: 'none' },
  'dry-run': { value: 'none' },
  'no-previews': { value: 'none' },
  'start-anew': { value: 'none' },
  'accept-changes': { value: 'none' },
  limit: { value: 'required', placeholder: 'RATE' },
  transfers: { value: 'required', placeholder: 'N' },
  'device-name': { value: 'required', placeholder: 'NAME' },
  'read-data': { value: 'optional', placeholder: 'PERCENT' },
  port: { value: 'required', placeholder: 'N' },
  open: { value: 'none' },
  album: { value: 'required', placeholder: 'NAME' },
  'no-browser': { value: 'none' },
  'print-token': { value: 'none' },
  data: { value: 'required', placeholder: 'DIR' },
  json: { value: 'none' },
  lang: { value: 'required', placeholder: 'en|ko' },
  help: { value: 'none', short: 'h' },
  version: { value: 'none', short: 'V' },
};

export interface CommandSpec {
  /** The command with its arguments, as help shows it. */
  readonly usage: string;
  readonly example: string;
  readonly options: readonly OptionName[];
  readonly requires: readonly OptionName[];
  readonly operands: { readonly min: number; readonly max: number; readonly name: string };
}

const everywhere = ['lang', 'help'] as const satisfies readonly OptionName[];
const none = { min: 0, max: 0, name: '' };

export const commandSpecs: Readonly<Record<CommandName, CommandSpec>> = {
  sync: {
    usage: 'sync FOLDER… --to URL [--to URL]…',
    example:
      'cloudroll sync ~/Pictures --to file:///media/backup --to "s3://my-photos?endpoint=https://s3.example.org"',
    options: [
      ...(['to', 'watch', 'dry-run', 'limit', 'transfers', 'no-previews'] as const),
      ...(['accept-changes', 'start-anew', 'device-name', 'data', 'json'] as const),
      ...everywhere,
    ],
    requires: ['to'],
    operands: { min: 1, max: Number.POSITIVE_INFINITY, name: 'FOLDER' },
  },
  status: {
    usage: 'status',
    example: 'cloudroll status',
    options: ['data', 'json', ...everywhere],
    requires: [],
    operands: none,
  },
  list: {
    usage: 'list',
    example: 'cloudroll list --json | head',
    options: ['data', 'json', ...everywhere],
    requires: [],
    operands: none,
  },
  verify: {
    usage: 'verify [URL]… [--read-data[=PERCENT]]',
    example: 'cloudroll verify --read-data=10',
    options: ['read-data', 'data', 'json', ...everywhere],
    requires: [],
    operands: { min: 0, max: Number.POSITIVE_INFINITY, name: 'URL' },
  },
  destinations: {
    usage: 'destinations',
    example: 'cloudroll destinations',
    options: ['data', 'json', ...everywhere],
    requires: [],
    operands: none,
  },
  restore: {
    usage: 'restore --from URL --into DIR',
    example: 'cloudroll restore --from file:///media/backup --into ~/Restored',
    options: ['from', 'into', 'data', 'json', ...everywhere],
    requires: ['from', 'into'],
    operands: none,
  },
  check: {
    usage: 'check URL',
    example: 'cloudroll check "s3://my-photos?endpoint=https://s3.example.org"',
    options: ['data', 'json', ...everywhere],
    requires: [],
    operands: { min: 1, max: 1, name: 'URL' },
  },
  serve: {
    usage: 'serve [--port N] [--open]',
    example: 'cloudroll serve --open',
    options: ['port', 'open', 'device-name', 'data', 'json', ...everywhere],
    requires: [],
    operands: none,
  },
  upload: {
    usage: 'upload FILE… [--album NAME]',
    example: 'cloudroll upload ~/Downloads/IMG_0001.jpg --album Summer',
    options: ['album', 'device-name', 'data', 'json', ...everywhere],
    requires: [],
    operands: { min: 1, max: Number.POSITIVE_INFINITY, name: 'FILE' },
  },
  'sign-in': {
    usage: 'sign-in KIND|URL [--no-browser]',
    example: 'cloudroll sign-in dropbox',
    options: ['no-browser', 'print-token', 'data', 'json', ...everywhere],
    requires: [],
    operands: { min: 1, max: 1, name: 'KIND' },
  },
  'sign-out': {
    usage: 'sign-out URL',
    example: 'cloudroll sign-out "dropbox:///Cloudroll?account=me@example.com"',
    options: ['data', 'json', ...everywhere],
    requires: [],
    operands: { min: 1, max: 1, name: 'URL' },
  },
};
