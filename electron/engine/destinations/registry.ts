import type { DestinationRole } from '../../../shared/contract/app/destinations.ts';
import { parseDestinationUrl } from '../../../shared/domain/destination-url.ts';
import type { DestinationUrl } from '../../../shared/domain/destination-url.ts';
import { fail } from '../../../shared/domain/failure.ts';
import { azureKind } from './azblob/azure-kind.ts';
import type { Destination } from './contract.ts';
import { dropboxKind } from './dropbox/dropbox-kind.ts';
import { fileKind } from './file/file-kind.ts';
import { gphotosKind } from './gphotos/gphotos-kind.ts';
import { gdriveKind } from './gdrive/gdrive-kind.ts';
import { googleStorageKind } from './gs/google-storage-kind.ts';
import { immichKinds } from './immich/immich-kind.ts';
import type { BackupKind, DestinationKind, KindCard } from './kind.ts';
import { oneDriveKind } from './onedrive/onedrive-kind.ts';
import type { OpenContext } from './open-context.ts';
import type { Publisher } from './publisher.ts';
import { s3Kind } from './s3/s3-kind.ts';
import { sftpKind } from './sftp/sftp-kind.ts';
import { webdavKinds } from './webdav/webdav-kind.ts';

/** The kinds of destination that a URL can name. */
export class DestinationRegistry {
  readonly #kinds = new Map<string, DestinationKind>();

  /** Two kinds of one scheme are a `bug`. */
  constructor(kinds: readonly DestinationKind[]) {
    for (const kind of kinds) {
      if (this.#kinds.has(kind.scheme)) {
        throw fail('bug', `Two kinds of destination claim the scheme ${kind.scheme}:.`);
      }
      this.#kinds.set(kind.scheme, kind);
    }
  }

  get kinds(): readonly DestinationKind[] {
    return [...this.#kinds.values()];
  }

  /** The kind that a URL names; an unknown scheme is `invalid`. */
  kindOf(url: DestinationUrl): DestinationKind {
    const kind = this.#kinds.get(url.scheme);
    if (kind !== undefined) return kind;
    const known = this.kinds.map(({ scheme, title }) => `${scheme}: (${title})`).join(', ');
    throw fail('invalid', `Cloudroll does not know destinations of the kind ${url.scheme}:.`, {
      hint: `It knows ${known}.`,
    });
  }

  /** The kind and card of that id; an unknown one is `invalid`. */
  card(id: string): { readonly kind: DestinationKind; readonly card: KindCard } {
    for (const kind of this.kinds) {
      const card = kind.cards.find((one) => one.id === id);
      if (card !== undefined) return { kind, card };
    }
    throw fail('invalid', `There is no kind of destination "${id}".`);
  }

  /**
   * A destination that has not been reached yet: call its `check` first. One that only shows photos is
   * `invalid`: nothing can be verified, rebuilt or restored there.
   */
  async open(url: DestinationUrl | string, context: OpenContext): Promise<Destination> {
    const parsed = typeof url === 'string' ? parseDestinationUrl(url) : url;
    return this.backupKind(parsed).open(parsed, context);
  }

  /** The kind of backup that a URL names; a place that only shows photos is `invalid`. */
  backupKind(url: DestinationUrl): BackupKind {
    const kind = this.kindOf(url);
    if (kind.role !== 'publish') return kind;
    throw fail('invalid', `${kind.title} only shows photos; it is no backup.`, {
      hint: 'Check, verify and restore with a destination that keeps the photos themselves.',
    });
  }

  /** What a URL is for; one of an unknown scheme is a backup that nothing can open. */
  roleOf(url: DestinationUrl | string): DestinationRole {
    const { scheme } = typeof url === 'string' ? parseDestinationUrl(url) : url;
    return this.#kinds.get(scheme)?.role ?? 'backup';
  }

  /** A publisher that has not been reached yet; a URL of a backup is a `bug`. */
  async openPublisher(url: DestinationUrl, context: OpenContext): Promise<Publisher> {
    const kind = this.kindOf(url);
    if (kind.role === 'publish') return kind.openPublisher(url, context);
    throw fail('bug', `A ${url.scheme}: destination does not publish.`);
  }
}

/** All destinations that the product brings along. */
export function builtInDestinations(): DestinationRegistry {
  return new DestinationRegistry([
    fileKind,
    s3Kind,
    ...webdavKinds,
    sftpKind,
    ...immichKinds,
    azureKind,
    googleStorageKind,
    gdriveKind,
    gphotosKind,
    dropboxKind,
    oneDriveKind,
  ]);
}
