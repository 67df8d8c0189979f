import type { AssetDescription, ContentHash } from '../../../shared/domain/asset.ts';
import type { EvidenceMethod, JournalEntry } from '../../../shared/domain/journal-entry.ts';
import { Activity } from './activity.ts';
import { Albums } from './albums.ts';
import { AssetRecords } from './asset-records.ts';
import { Assets } from './assets.ts';
import type { Committed, Database } from './database.ts';
import { Deliveries, type Delivery } from './deliveries.ts';
import { Exclusions } from './exclusions.ts';
import { Files, type FileLocation, type FileToRead } from './files.ts';
import { Identity, type Device } from './identity.ts';
import { Objects, type StoredObject } from './objects.ts';
import { Outbox, type Peer } from './outbox.ts';
import { Timeline } from './timeline.ts';
import { Problems } from './problems.ts';
import { PublicationProblems } from './publication-problems.ts';
import { Publications } from './publications.ts';
import { Totals } from './totals.ts';
import { Uploads } from './uploads.ts';
import { CatalogLedger } from './verify-ledger.ts';

/** What reading a file brought to light. */
export interface Content {
  readonly hash: ContentHash;
  readonly bytes: number;
  /** Name to make the key from, if the content is new. */
  readonly name: string;
  readonly description: AssetDescription;
}

/** The destination's proof that it holds an asset. */
export interface Proof {
  readonly key: string;
  readonly method: EvidenceMethod;
  readonly tag: string | null;
  /** Whether this run sent the bytes. */
  readonly uploaded: boolean;
}

/** A journal that is not at a destination as it was written. */
export interface LostJournal {
  readonly destinationId: number;
  /** Who wrote it: this device, by the id that it had then. */
  readonly device: string;
}

/**
 * Everything the engine remembers, and the changes that touch several tables at once: each is one
 * transaction, so that a crash leaves either all of it or nothing.
 */
export class Catalog {
  readonly files: Files;
  readonly assets: Assets;
  readonly deliveries: Deliveries;
  readonly objects: Objects;
  readonly outbox: Outbox;
  readonly identity: Identity;
  readonly totals: Totals;
  readonly timeline: Timeline;
  readonly albums: Albums;
  readonly records: AssetRecords;
  readonly exclusions: Exclusions;
  readonly problems: Problems;
  readonly publications: Publications;
  readonly publicationProblems: PublicationProblems;
  readonly uploads: Uploads;
  readonly activity: Activity;
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    this.files = new Files(database);
    this.assets = new Assets(database);
    this.deliveries = new Deliveries(database);
    this.objects = new Objects(database);
    this.outbox = new Outbox(database);
    this.identity = new Identity(database);
    this.totals = new Totals(database);
    this.timeline = new Timeline(database);
    this.albums = new Albums(database);
    this.records = new AssetRecords(database);
    this.exclusions = new Exclusions(database);
    this.problems = new Problems(database);
    this.publications = new Publications(database);
    this.publicationProblems = new PublicationProblems(database);
    this.uploads = new Uploads(database);
    this.activity = new Activity(database);
  }

  /** What must be at a destination, for `verify`. */
  ledger(destinationId: number): CatalogLedger {
    return new CatalogLedger(this, this.#database, destinationId);
  }

  /** Every place that photos ever went to: destinations, and those that only show them. */
  known(): { readonly url: string; readonly name: string }[] {
    return [...this.deliveries.destinations(), ...this.publications.publishers()];
  }

  transaction<T>(work: () => T): T {
    return this.#database.transaction(work);
  }

  /** As {@link transaction}, but other threads wait for the disk. */
  commit(work: () => void): Committed {
    return this.#database.commit(work);
  }

  /**
   * A file was read: ties it to its content, queues that for the destinations, and tells the journals of
   * those that hold it already where it lies.
   * @returns the asset's id and whether it is new; null where the file changed meanwhile
   */
  recordContent(
    file: FileToRead,
    content: Content,
    destinationIds: readonly number[],
    nowMs: number,
  ): { assetId: number; isNew: boolean } | null {
    return this.transaction(() => {
      const existing = this.assets.byHash(content.hash);
      const assetId =
        existing?.id ?? this.assets.add({ ...content, describedAt: this.identity.stamp(nowMs) });
      if (!this.files.setContent(file, assetId)) {
        if (existing === null) this.#forgetAsset(assetId);
        return null;
      }
      for (const id of destinationIds) this.deliveries.queue(assetId, id, content.bytes);
      this.announceLocation(file.id, assetId, nowMs);
      return { assetId, isNew: existing === null };
    });
  }

  /** The same bytes under another name (same inode, birth, size and time): nothing is read or sent again. */
  recordRename(
    fileId: number,
    assetId: number,
    destinationIds: readonly number[],
    nowMs: number,
  ): void {
    this.transaction(() => {
      this.files.setKnownContent(fileId, assetId);
      const { bytes } = this.assets.byId(assetId);
      for (const id of destinationIds) this.deliveries.queue(assetId, id, bytes);
      this.announceLocation(fileId, assetId, nowMs);
    });
  }

  /** A file that was away is back as it was; what was given up while it was away is queued again. */
  recordReturn(fileId: number, destinationIds: readonly number[], nowMs: number): void {
    this.transaction(() => {
      const wasAbsent = this.files.location(fileId)?.state === 'absent';
      const assetId = this.files.comeBack(fileId);
      if (assetId === null) return;
      const { bytes } = this.assets.byId(assetId);
      for (const id of destinationIds) this.deliveries.queue(assetId, id, bytes);
      if (wasAbsent) this.announceLocation(fileId, assetId, nowMs);
    });
  }

  /** The destination gave its evidence: the asset is backed up there, and the journal will say so. */
  recordProof(delivery: Delivery, proof: Proof, run: number, nowMs: number): void {
    this.transaction(() => {
      const { assetId, destinationId } = delivery;
      const held = this.objects.byKey(destinationId, proof.key);
      this.deliveries.verify(delivery, {
        key: proof.key,
        evidence: proof.method,
        verifiedMs: nowMs,
        uploadedRun: proof.uploaded ? run : null,
      });
      if (held?.state !== 'present' || held.assetId !== assetId) {
        this.#announceObject(delivery, proof, nowMs);
      }
      for (const place of this.files.locationsOf(assetId)) {
        this.outbox.add(destinationId, this.#locationEntry(place, delivery.hash, nowMs));
      }
    });
  }

  /** An object was found and proven that no journal names: from now on this device's does. */
  recordObject(
    destinationId: number,
    assetId: number,
    proof: Omit<Proof, 'uploaded'>,
    nowMs: number,
  ): void {
    this.transaction(() => {
      this.#announceObject({ assetId, destinationId }, proof, nowMs);
    });
  }

  /**
   * The destination showed that an object is gone or holds other bytes. Where the asset counted as backed
   * up by it, that is taken back; where another object holds the asset, it stays.
   */
  recordLoss(object: Pick<StoredObject, 'destinationId' | 'key' | 'assetId'>): void {
    const { destinationId, key, assetId } = object;
    this.transaction(() => {
      this.objects.setState(destinationId, key, 'missing');
      if (this.deliveries.get(assetId, destinationId)?.key !== key) return;
      this.deliveries.revoke(assetId, destinationId, true);
    });
  }

  /**
   * An object of this content is to be removed because `winner` was just proven to hold the same bytes:
   * the delivery moves to the winner, and the journal announces the removal before it happens.
   */
  recordRetirement(
    loser: StoredObject,
    winner: StoredObject,
    hash: ContentHash,
    method: EvidenceMethod,
    nowMs: number,
  ): void {
    this.transaction(() => {
      const { destinationId, assetId } = loser;
      const at = this.identity.stamp(nowMs, loser.at);
      this.objects.retire(destinationId, loser.key, at);
      this.objects.setState(destinationId, loser.key, 'retiring');
      this.outbox.add(destinationId, {
        type: 'retired',
        hash,
        key: loser.key,
        inFavourOf: winner.key,
        at,
      });
      const delivery = this.deliveries.get(assetId, destinationId);
      if (delivery?.state !== 'verified' || delivery.key !== loser.key) return;
      this.deliveries.verify(delivery, {
        key: winner.key,
        evidence: method,
        verifiedMs: nowMs,
        uploadedRun: null,
      });
    });
  }

  /** A removal that was announced did not happen, because no other object holds the bytes: the object stands. */
  reinstate(object: StoredObject, hash: ContentHash, nowMs: number): void {
    this.transaction(() => {
      const { destinationId, assetId, key, bytes, evidence, tag } = object;
      const at = this.identity.stamp(
        nowMs,
        this.objects.retiredAt(destinationId, key) ?? object.at,
      );
      const device = this.identity.device()?.id ?? '';
      this.objects.record({ ...object, device, at, state: 'present' });
      this.outbox.add(destinationId, this.#assetEntry(assetId));
      this.outbox.add(destinationId, { type: 'object', hash, key, bytes, evidence, tag, at });
    });
  }

  /** The file is not where it was; the claim hides its location and deletes nothing. */
  recordAbsence(fileId: number, nowMs: number): void {
    this.transaction(() => {
      const place = this.files.location(fileId);
      if (place === null) return;
      this.files.setState(fileId, 'absent');
      for (const destination of this.deliveries.destinations()) {
        this.outbox.add(destination.id, {
          type: 'absent',
          root: place.rootUid,
          path: place.path,
          at: this.identity.stamp(nowMs),
        });
      }
    });
  }

  /** Tells the journals of all destinations that hold the asset that a file of this computer has its content. */
  announceLocation(fileId: number, assetId: number, nowMs: number): void {
    const place = this.files.location(fileId);
    if (place === null) return;
    const asset = this.assets.byId(assetId);
    for (const destination of this.deliveries.destinations()) {
      if (this.deliveries.get(assetId, destination.id)?.state !== 'verified') continue;
      this.outbox.add(destination.id, this.#locationEntry(place, asset.hash, nowMs));
    }
  }

  /** Merges one segment of another device's journal. Applying it again changes nothing. */
  applySegment(
    destinationId: number,
    peer: Peer,
    deviceName: string,
    entries: readonly JournalEntry[],
    nowMs: number,
  ): void {
    this.transaction(() => {
      let latest = '';
      for (const entry of entries) {
        this.#applyEntry(destinationId, peer.device, entry);
        if (entry.at > latest) latest = entry.at;
      }
      if (latest !== '') this.identity.observe(latest, nowMs);
      this.outbox.readUpTo(destinationId, peer, deviceName);
    });
  }

  /**
   * Another catalogue writes under this device's id (it was copied, or an old backup of it was restored):
   * takes on a new id, journals what has not been published under it, and treats the old one as a peer.
   * @param lost a journal of this device that is not there as it was written: all of it is told again
   */
  becomeNewDevice(device: Device, nowMs: number, lost: LostJournal | null = null): void {
    this.transaction(() => {
      const old = this.identity.device();
      this.identity.become(device);
      for (const destination of this.deliveries.destinations()) {
        if (lost?.destinationId === destination.id) {
          this.outbox.restart(destination.id);
          this.outbox.forgetPeer(destination.id, lost.device);
          // The id may have changed since it was found out: both have told of objects.
          this.#tellAgain(destination.id, new Set([lost.device, old?.id ?? lost.device]), nowMs);
          continue;
        }
        if (old !== null && destination.segmentHash !== null) {
          this.outbox.readUpTo(
            destination.id,
            { device: old.id, sequence: destination.sequence, sha256: destination.segmentHash },
            old.name,
          );
        }
        this.outbox.restart(destination.id);
        this.#reissue(destination.id, nowMs);
      }
    });
  }

  /** The destination was emptied or replaced on purpose: whatever was claimed of it is taken back. */
  forgetDestination(destinationId: number): void {
    this.transaction(() => {
      this.deliveries.revokeAll(destinationId);
      this.objects.forgetAll(destinationId);
      this.outbox.forgetAll(destinationId);
    });
  }

  /**
   * Writes into the new journal what the old one does not tell: entries that were not published, each object
   * after its asset, and the places of everything that is backed up.
   */
  #reissue(destinationId: number, nowMs: number): void {
    const device = this.identity.device();
    for (const entry of this.outbox.takeAll(destinationId)) {
      if (entry.type === 'asset') continue;
      const at = this.identity.stamp(nowMs, entry.at);
      if (entry.type === 'object' && device !== null) {
        const asset = this.assets.byHash(entry.hash);
        if (asset !== null) this.outbox.add(destinationId, this.#assetEntry(asset.id));
        this.objects.reattribute(destinationId, entry.key, device.id, at);
      }
      if (entry.type === 'retired') this.objects.retire(destinationId, entry.key, at);
      this.outbox.add(destinationId, { ...entry, at });
    }
    this.#tellPlaces(destinationId, nowMs);
  }

  /** As {@link #reissue}, with every object that the old journal named; it is read again like that of a stranger. */
  #tellAgain(destinationId: number, oldDevices: ReadonlySet<string>, nowMs: number): void {
    const waiting = this.outbox.takeAll(destinationId);
    const objects = [...oldDevices].flatMap((device) => [
      ...this.objects.announcedBy(destinationId, device),
    ]);
    for (const { assetId, key, evidence, tag } of objects) {
      this.#announceObject({ assetId, destinationId }, { key, method: evidence, tag }, nowMs);
    }
    for (const entry of waiting) {
      if (entry.type !== 'retired') continue;
      const at = this.identity.stamp(nowMs, entry.at);
      this.objects.retire(destinationId, entry.key, at);
      this.outbox.add(destinationId, { ...entry, at });
    }
    this.#tellPlaces(destinationId, nowMs);
  }

  #tellPlaces(destinationId: number, nowMs: number): void {
    for (const { assetId, hash } of this.totals.verifiedAt(destinationId)) {
      for (const place of this.files.locationsOf(assetId)) {
        this.outbox.add(destinationId, this.#locationEntry(place, hash, nowMs));
      }
    }
  }

  #applyEntry(destinationId: number, device: string, entry: JournalEntry): void {
    switch (entry.type) {
      case 'asset': {
        const known = this.assets.byHash(entry.hash);
        if (known === null) this.assets.add({ ...entry, describedAt: entry.at });
        else this.assets.merge(known.id, entry);
        return;
      }
      case 'object': {
        const asset = this.assets.byHash(entry.hash);
        if (asset === null) return;
        this.objects.record({
          destinationId,
          device,
          assetId: asset.id,
          key: entry.key,
          bytes: entry.bytes,
          at: entry.at,
          evidence: entry.evidence,
          tag: entry.tag,
          state: 'present',
        });
        return;
      }
      case 'retired': {
        this.objects.retire(destinationId, entry.key, entry.at);
        const asset = this.assets.byHash(entry.hash);
        if (asset === null) return;
        const delivery = this.deliveries.get(asset.id, destinationId);
        const gone = this.objects.byKey(destinationId, entry.key)?.state !== 'present';
        if (delivery?.key === entry.key && gone) {
          this.deliveries.revoke(asset.id, destinationId, false);
          // This device may have written the key again after that removal, unaware of it.
          this.objects.addStray(destinationId, {
            key: entry.key,
            bytes: asset.bytes,
            hashPrefix: asset.hash,
          });
        }
        return;
      }
      case 'location':
      case 'absent':
        return;
    }
  }

  #announceObject(
    target: { readonly assetId: number; readonly destinationId: number },
    proof: Omit<Proof, 'uploaded'>,
    nowMs: number,
  ): void {
    const { assetId, destinationId } = target;
    const { bytes, hash } = this.assets.byId(assetId);
    const device = this.identity.device();
    const before = this.objects.byKey(destinationId, proof.key)?.at ?? '';
    const retired = this.objects.retiredAt(destinationId, proof.key) ?? '';
    const at = this.identity.stamp(nowMs, before > retired ? before : retired);
    const object = { key: proof.key, bytes, evidence: proof.method, tag: proof.tag, at };
    this.outbox.add(destinationId, this.#assetEntry(assetId));
    this.outbox.add(destinationId, { type: 'object', hash, ...object });
    this.objects.record({
      ...object,
      assetId,
      destinationId,
      device: device?.id ?? '',
      state: 'present',
    });
  }

  /** Every object entry follows its asset's in the same journal, so that no order of reading loses it. */
  #assetEntry(assetId: number): JournalEntry {
    const { hash, bytes, name, description, describedAt } = this.assets.byId(assetId);
    return { type: 'asset', hash, bytes, name, description, at: describedAt };
  }

  #locationEntry(place: FileLocation, hash: ContentHash, nowMs: number): JournalEntry {
    return {
      type: 'location',
      hash,
      root: place.rootUid,
      rootName: place.rootName,
      path: place.path,
      modifiedMs: place.modifiedMs,
      ...(place.sidecarOf === null ? {} : { sidecarOf: place.sidecarOf }),
      at: this.identity.stamp(nowMs),
    };
  }

  #forgetAsset(assetId: number): void {
    this.#database.run('DELETE FROM assets WHERE id = ?', assetId);
  }

  close(): void {
    this.#database.close();
  }
}
