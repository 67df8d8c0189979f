/**
 * Why an entry of a folder is not looked at.
 *
 * - `hidden`: its name starts with a dot.
 * - `junk`: made by an operating system or a program for itself.
 * - `partial`: a download or a copy that has not ended, or a scratch file.
 * - `package`: a folder that its program shows as one document.
 * - `library`: a package that may hold a person's original photos or films, so it is mentioned to them.
 * - `offloaded`: stands for a file whose bytes are only in a cloud.
 */
export const ignoreReasons = [
  'hidden',
  'junk',
  'partial',
  'package',
  'library',
  'offloaded',
] as const;
/** See {@link ignoreReasons}. */
export type IgnoreReason = (typeof ignoreReasons)[number];

/** One row of the table: a whole name, or its beginning or end, compared without regard to case. */
interface IgnoreRule {
  readonly reason: IgnoreReason;
  readonly applies: 'file' | 'directory' | 'both';
  readonly names?: readonly string[];
  readonly prefixes?: readonly string[];
  readonly suffixes?: readonly string[];
}

/** The first row that matches decides, so what is more telling stands further up. */
const rules: readonly IgnoreRule[] = [
  // iCloud Drive before macOS 14 (`.IMG_1.HEIC.icloud`) and Nextcloud's virtual files.
  {
    reason: 'offloaded',
    applies: 'file',
    suffixes: ['.icloud', '.nextcloud', '.owncloud'],
  },
  {
    reason: 'library',
    applies: 'directory',
    names: ['Photo Booth Library'],
    suffixes: [
      '.photoslibrary',
      '.photolibrary',
      '.migratedphotolibrary',
      '.aplibrary',
      '.migratedaplibrary',
      '.lrlibrary',
      '.imovielibrary',
      '.fcpbundle',
      '.tvlibrary',
    ],
  },
  {
    reason: 'package',
    applies: 'directory',
    suffixes: [
      '.app',
      '.appex',
      '.bundle',
      '.framework',
      '.plugin',
      '.kext',
      '.xcodeproj',
      '.xcassets',
      '.lrdata',
      '.lrcat-data',
      '.cocatalog',
      '.musiclibrary',
      '.theater',
      '.band',
      '.logicx',
      '.rtfd',
      '.pages',
      '.key',
      '.numbers',
      '.sparsebundle',
      '.backupbundle',
    ],
  },
  {
    reason: 'junk',
    applies: 'both',
    names: [
      // macOS
      '.DS_Store',
      '.AppleDouble',
      '.AppleDB',
      '.AppleDesktop',
      '.localized',
      '.fseventsd',
      '.Spotlight-V100',
      '.TemporaryItems',
      '.DocumentRevisions-V100',
      '.VolumeIcon.icns',
      'Icon\r',
      '__MACOSX',
      'Network Trash Folder',
      'Temporary Items',
      // Windows
      'Thumbs.db',
      'ehthumbs.db',
      'ehthumbs_vista.db',
      'desktop.ini',
      '$RECYCLE.BIN',
      'RECYCLER',
      'System Volume Information',
      // Linux, Android
      'lost+found',
      '.nomedia',
      '.thumbnails',
      // Synology, QNAP
      '@eaDir',
      '@Recycle',
      '@Recently-Snapshot',
      '@tmp',
      '#recycle',
      '#snapshot',
      // Picasa, ZoomBrowser, Syncthing and this program
      'Picasa.ini',
      '.picasaoriginals',
      'ZbThumbnail.info',
      '.stfolder',
      '.stversions',
      '.cloudroll',
    ],
    prefixes: ['._', '.Trash', '@SynoEAStream', '@SynoResource', '.fuse_hidden', '.nfs0'],
  },
  {
    reason: 'partial',
    applies: 'both',
    prefixes: ['~$', '~syncthing~', '.syncthing.', '.~lock.', '.goutputstream-'],
    suffixes: [
      '.part',
      '.partial',
      '.filepart',
      '.crdownload',
      '.download',
      '.opdownload',
      '.!ut',
      '.aria2',
      '.tmp',
      '.temp',
    ],
  },
  { reason: 'hidden', applies: 'both', prefixes: ['.'] },
];

interface CompiledRule {
  readonly reason: IgnoreReason;
  readonly applies: IgnoreRule['applies'];
  readonly names: ReadonlySet<string>;
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
}

const compiled: readonly CompiledRule[] = rules.map((rule) => ({
  reason: rule.reason,
  applies: rule.applies,
  names: new Set((rule.names ?? []).map((name) => name.toLowerCase())),
  prefixes: (rule.prefixes ?? []).map((prefix) => prefix.toLowerCase()),
  suffixes: (rule.suffixes ?? []).map((suffix) => suffix.toLowerCase()),
}));

/**
 * Why a file or folder of this name is not looked at, or null where it is. Decides by the name alone;
 * the folder that a person chose is never put to it.
 */
export function ignoreReason(name: string, kind: 'file' | 'directory'): IgnoreReason | null {
  const lower = name.toLowerCase();
  for (const rule of compiled) {
    if (rule.applies !== 'both' && rule.applies !== kind) continue;
    if (
      rule.names.has(lower) ||
      rule.prefixes.some((prefix) => lower.startsWith(prefix)) ||
      rule.suffixes.some((suffix) => lower.length > suffix.length && lower.endsWith(suffix))
    ) {
      return rule.reason;
    }
  }
  return null;
}
