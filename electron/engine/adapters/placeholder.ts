/** Smaller files may live inside the file system's own records and take no block of their own. */
const smallestPlaceholder = 4096;

/**
 * Whether a file is a cloud placeholder, that is one whose bytes are with iCloud Drive, OneDrive or the
 * like and would be downloaded by reading it.
 *
 * Node shows neither macOS's `SF_DATALESS` flag nor Windows' `FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS`.
 * What it shows of both is a size without any allocated block, and that is evidence only where such
 * placeholders exist and nothing else commonly looks like them: on macOS and Windows, from 4 KiB up
 * (NTFS and APFS keep little ones in their records). On Linux, btrfs, ext4, ZFS and many FUSE and network
 * file systems report no blocks for ordinary files, and no placeholder of a cloud looks so: never there.
 *
 * A wrong "yes" would leave a photo without a backup (it is listed with its reason), a wrong "no" would
 * download a file that is then backed up.
 */
export function isPlaceholder(platform: NodeJS.Platform, size: number, blocks: number): boolean {
  if (platform !== 'darwin' && platform !== 'win32') return false;
  return blocks === 0 && size >= smallestPlaceholder;
}
