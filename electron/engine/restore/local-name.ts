import {
  encodeName,
  isReservedOnWindows,
  splitExtension,
  utf8Length,
} from '../../../shared/domain/portable-name.ts';

/** Whose rules for names the restored files must keep to. */
export type NamePlatform = 'linux' | 'darwin' | 'win32';

/** Longest name in the units of the platform: UTF-8 bytes on Linux, UTF-16 code units elsewhere. */
const maxName = 255;
const maxEncodedBytes = 240;
const maxRemarkBytes = 80;

/**
 * A name as one file or folder name on this platform: unchanged where the platform can hold it, else with
 * `%XX` for what it cannot. The result never holds a separator and is never `.` or `..`, whatever is given.
 */
export function localName(name: string, platform: NamePlatform): string {
  if (name === '') return 'unnamed';
  if (isHoldable(name, platform)) return name;
  const { stem, extension } = splitExtension(name);
  const whole = encodeName(name);
  if (utf8Length(whole) <= maxEncodedBytes) return whole;
  const tail = extension === '' ? '' : `.${extension}`;
  return `${encodeName(stem, maxEncodedBytes - tail.length)}${tail}`;
}

/** A path of `/`-separated parts, from a journal and so perhaps hostile, as parts below a folder. */
export function localPath(path: string, platform: NamePlatform): string {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((part) => localName(part, platform)).join('/');
}

/** The name with a remark before its extension: `IMG_1 (laptop).jpg`. Of a long name the end is cut. */
export function remarked(name: string, remark: string, platform: NamePlatform): string {
  const { stem, extension } = splitExtension(name);
  const dotted = extension === '' ? '' : `.${extension}`;
  const tail = ` (${fitted(remark, maxRemarkBytes, platform)})${dotted}`;
  return `${fitted(stem, maxEncodedBytes - utf8Length(tail), platform)}${tail}`;
}

function fitted(text: string, maxBytes: number, platform: NamePlatform): string {
  return isHoldable(text, platform) ? cut(text, maxBytes) : encodeName(text, maxBytes);
}

function isHoldable(name: string, platform: NamePlatform): boolean {
  if (name === '.' || name === '..' || /[/\0]/.test(name) || !name.isWellFormed()) return false;
  if (platform === 'linux') return utf8Length(name) <= maxName;
  if (name.length > maxName) return false;
  // Bytes that are not UTF-8 (see `scan/raw-path.ts`): only Linux can hold them.
  if (/[\uef80-\uefff]/.test(name)) return false;
  if (platform === 'darwin') return true;
  return !/[<>:"\\|?*\p{Cc}]|[. ]$/u.test(name) && !isReservedOnWindows(name);
}

function cut(text: string, maxBytes: number): string {
  let result = '';
  let bytes = 0;
  for (const character of text) {
    bytes += utf8Length(character);
    if (bytes > maxBytes) break;
    result += character;
  }
  return result;
}
