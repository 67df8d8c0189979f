import { InvariantViolation } from './invariants.ts';
import type { TrafficRecord } from './observed-destination.ts';
import type { SimulatedDevice } from './simulated-device.ts';

/** What a catalogue held of that which somebody relies on: told to a person, or begun at a destination. */
interface Promised {
  /** `url hash` of contents that a person was told are backed up. */
  readonly told: ReadonlySet<string>;
  /** `url key` of names under which bytes were sent. */
  readonly sent: ReadonlySet<string>;
}

/**
 * What a power loss must not take out of a catalogue: that a content is backed up, once a person was told so,
 * and the name under which bytes of it may stand at a destination, once the first of them was sent.
 */
export class PowerPromises {
  readonly #told = new Map<SimulatedDevice, Set<string>>();
  readonly #traffic = new Map<SimulatedDevice, { url: string; record: TrafficRecord }[]>();

  told(device: SimulatedDevice, url: string, hash: string): void {
    const told = this.#told.get(device) ?? new Set();
    this.#told.set(device, told.add(`${url} ${hash}`));
  }

  /** What the device sends to a destination in one run. */
  watch(device: SimulatedDevice, url: string, record: TrafficRecord): void {
    const traffic = this.#traffic.get(device) ?? [];
    traffic.push({ url, record });
    this.#traffic.set(device, traffic);
  }

  /**
   * A commit is about to be made that the power may take back: what was told and has been revoked since, as
   * where another object is to stand for the photo, is promised no more until it is told again.
   */
  beforeCommit(device: SimulatedDevice): void {
    const told = this.#told.get(device);
    if (told === undefined) return;
    this.#told.set(device, told.intersection(heldBy(device).verified));
  }

  /** What the catalogue holds of it at this moment. */
  of(device: SimulatedDevice): Promised {
    const { verified, named } = heldBy(device);
    return {
      told: verified.intersection(this.#told.get(device) ?? new Set()),
      sent: named.intersection(this.#sentBy(device)),
    };
  }

  /** Throws where the catalogue has lost some of it. */
  check(device: SimulatedDevice, { told, sent }: Promised): void {
    const { verified, named } = heldBy(device);
    const [untrue] = told.difference(verified);
    if (untrue !== undefined) {
      throw new InvariantViolation(
        'told-is-kept',
        `${device.name} told a person that it has backed up ${untrue}, and does not know it after a power loss.`,
      );
    }
    const [unknown] = sent.difference(named);
    if (unknown === undefined) return;
    throw new InvariantViolation(
      'sent-is-known',
      `${device.name} sent bytes to ${unknown}, and does not know of it after a power loss.`,
    );
  }

  #sentBy(device: SimulatedDevice): Set<string> {
    const sent = new Set<string>();
    for (const { url, record } of this.#traffic.get(device) ?? []) {
      for (const key of record.uploads.keys()) sent.add(`${url} ${key}`);
    }
    return sent;
  }
}

function heldBy(device: SimulatedDevice): { verified: Set<string>; named: Set<string> } {
  const verified = new Set<string>();
  const named = new Set<string>();
  for (const { url, hash, key, state } of device.catalogue.view.deliveries) {
    if (state === 'verified') verified.add(`${url} ${hash}`);
    if (key !== null) named.add(`${url} ${key}`);
  }
  return { verified, named };
}
