/**
 * Files and folders out of a drop, a paste or a file dialog. What the browser gives is only readable during
 * the event itself, so it is taken out at once and folders are walked afterwards.
 */

/** Files that are taken of one drop; more have to come in several. */
const MOST = 100_000;

/** What was dropped, taken out of its event. */
export interface Dropped {
  /** Files as given, folders among them; for hosts that know their paths. */
  readonly given: readonly File[];
  /** All files, those in folders too. */
  readonly files: () => Promise<readonly File[]>;
  /** It came from the clipboard. */
  readonly pasted: boolean;
}

/** Has to be called during the event. */
export function takeDropped(data: DataTransfer, pasted: boolean): Dropped {
  const entries = [...data.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  const given = [...data.files];
  return {
    given,
    pasted,
    files: async () => (entries.length === 0 ? given : filesBelow(entries)),
  };
}

async function filesBelow(entries: readonly FileSystemEntry[]): Promise<readonly File[]> {
  const files: File[] = [];
  const waiting = [...entries];
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    if (files.length >= MOST) break;
    if (isFile(entry)) {
      const file = await fileOf(entry);
      if (file !== null) files.push(file);
    } else if (isDirectory(entry)) {
      waiting.push(...(await entriesOf(entry)));
    }
  }
  return files;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** Null where the file went away or may not be read. */
function fileOf(entry: FileSystemFileEntry): Promise<File | null> {
  return new Promise((resolve) => {
    entry.file(resolve, () => {
      resolve(null);
    });
  });
}

/** A reader gives a folder in portions, until it gives none. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<readonly FileSystemEntry[]>((resolve) => {
      reader.readEntries(resolve, () => {
        resolve([]);
      });
    });
    if (portion.length === 0) return entries;
    entries.push(...portion);
  }
}
