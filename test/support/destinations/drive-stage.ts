import type { Destination } from '../../../electron/engine/destinations/contract.ts';
import {
  sha256Of,
  someBytes,
  sourceOf,
} from '../../../electron/engine/destinations/validation/sources.ts';
import { GoogleDriveDouble } from '../doubles/google-drive.ts';
import { startHttpProxy, type HttpProxy } from '../network/http-proxy.ts';
import { openDrive, signedInAt, type DriveAccess } from './open-google-drive.ts';

/** A Google Drive that was set up, seen through a proxy that can make it behave badly. */
export class DriveStage {
  readonly drive: GoogleDriveDouble;
  readonly access: DriveAccess;
  readonly proxy: HttpProxy;
  readonly destination: Destination;

  private constructor(
    drive: GoogleDriveDouble,
    access: DriveAccess,
    proxy: HttpProxy,
    destination: Destination,
  ) {
    this.drive = drive;
    this.access = access;
    this.proxy = proxy;
    this.destination = destination;
  }

  static async set(): Promise<DriveStage> {
    const drive = await GoogleDriveDouble.start();
    const access = signedInAt(drive);
    const proxy = await startHttpProxy(drive.port);
    const destination = await openDrive(access, proxy.port);
    const signal = new AbortController().signal;
    await destination.check(signal);
    await destination.put('.cloudroll/destination.json', sourceOf(someBytes(9)), {}, signal);
    proxy.seen.length = 0;
    return new DriveStage(drive, access, proxy, destination);
  }

  /** What Drive really holds under a key, seen past every fault: one hash for each file of that name. */
  truly(key: string): string[] {
    const { store } = this.drive;
    const name = key.slice(key.lastIndexOf('/') + 1);
    return [...store.entries.values()]
      .filter((entry) => entry.name === name && !store.isTrashed(entry))
      .map(({ bytes }) => sha256Of(bytes ?? Buffer.alloc(0)));
  }

  async clear(): Promise<void> {
    await this.destination.close();
    await this.proxy.close();
    await this.drive.close();
  }
}
