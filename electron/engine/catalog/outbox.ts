import type { JournalEntry } from '../../../shared/domain/journal-entry.ts';
import { fail } from '../../../shared/domain/failure.ts';
import { parseEntry } from '../journal/entry-schema.ts';
import type { Database } from './database.ts';
import { blob, number, text } from './row.ts';

/** A journal segment that was sealed in the catalogue before it was sent, so that a restart sends the same bytes. */
export interface PendingSegment {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly lastOutboxId: number;
}

/** How far another device's journal was read. */
export interface Peer {
  readonly device: string;
  readonly sequence: number;
  readonly sha256: string;
}

/** An entry that waits for its segment. */
export interface OutboxEntry {
  readonly id: number;
  /** JSON of a `JournalEntry` that this very catalogue wrote. */
  readonly json: string;
}

/** This device's own journal on its way out, and how far the others' were read. */
export class Outbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(destinationId: number, entry: JournalEntry): void {
    this.#database.run(
      'INSERT INTO outbox (destination_id, entry) VALUES (?, ?)',
      destinationId,
      JSON.stringify(entry),
    );
  }

  /** Entries that wait for a segment, oldest first. */
  waiting(destinationId: number, limit: number): OutboxEntry[] {
    return this.#database
      .all(
        'SELECT id, entry FROM outbox WHERE destination_id = ? ORDER BY id LIMIT +?',
        destinationId,
        limit,
      )
      .map((row) => ({ id: number(row, 'id'), json: text(row, 'entry') }));
  }

  countWaiting(destinationId: number): number {
    const row = this.#database.get(
      'SELECT count(*) AS count FROM outbox WHERE destination_id = ?',
      destinationId,
    );
    return row === undefined ? 0 : number(row, 'count');
  }

  /** Takes all waiting entries out, oldest first. */
  takeAll(destinationId: number): JournalEntry[] {
    const waiting = this.waiting(destinationId, Number.MAX_SAFE_INTEGER);
    this.#database.run('DELETE FROM outbox WHERE destination_id = ?', destinationId);
    return waiting.map(({ json }) => readEntry(json));
  }

  pending(destinationId: number): PendingSegment | null {
    const row = this.#database.get(
      'SELECT * FROM pending_segments WHERE destination_id = ?',
      destinationId,
    );
    if (row === undefined) return null;
    return {
      sequence: number(row, 'sequence'),
      bytes: blob(row, 'bytes'),
      lastOutboxId: number(row, 'last_outbox_id'),
    };
  }

  seal(destinationId: number, segment: PendingSegment): void {
    this.#database.run(
      'INSERT INTO pending_segments (destination_id, sequence, bytes, last_outbox_id) VALUES (?, ?, ?, ?)',
      destinationId,
      segment.sequence,
      segment.bytes,
      segment.lastOutboxId,
    );
  }

  unseal(destinationId: number): void {
    this.#database.run('DELETE FROM pending_segments WHERE destination_id = ?', destinationId);
  }

  /**
   * The sealed segment is durable at the destination.
   * @returns false where it is sealed no more, because this device got a new id while it was sent: it belongs to
   *   the old one's journal then, and its entries wait for a segment of the new one
   */
  published(destinationId: number, segment: PendingSegment, sha256: string): boolean {
    return this.#database.transaction(() => {
      const sealed = this.pending(destinationId);
      if (sealed === null || Buffer.compare(sealed.bytes, segment.bytes) !== 0) return false;
      this.#database.run(
        'UPDATE destinations SET sequence = ?, segment_hash = ? WHERE id = ?',
        segment.sequence,
        sha256,
        destinationId,
      );
      this.#database.run(
        'DELETE FROM outbox WHERE destination_id = ? AND id <= ?',
        destinationId,
        segment.lastOutboxId,
      );
      this.unseal(destinationId);
      return true;
    });
  }

  /** Starts this device's journal at the destination anew (after a clone was found). */
  restart(destinationId: number): void {
    this.#database.run(
      'UPDATE destinations SET sequence = 0, segment_hash = NULL WHERE id = ?',
      destinationId,
    );
    this.unseal(destinationId);
  }

  /** The destination was emptied or replaced: nothing that was to be told is true of it, and nothing was read. */
  forgetAll(destinationId: number): void {
    this.restart(destinationId);
    this.#database.run('DELETE FROM outbox WHERE destination_id = ?', destinationId);
    this.#database.run('DELETE FROM peers WHERE destination_id = ?', destinationId);
  }

  /** A device's journal is read anew, from its first segment. */
  forgetPeer(destinationId: number, device: string): void {
    this.#database.run(
      'DELETE FROM peers WHERE destination_id = ? AND device = ?',
      destinationId,
      device,
    );
  }

  peers(destinationId: number): Peer[] {
    return this.#database
      .all('SELECT * FROM peers WHERE destination_id = ?', destinationId)
      .map((row) => ({
        device: text(row, 'device'),
        sequence: number(row, 'sequence'),
        sha256: text(row, 'segment_hash'),
      }));
  }

  readUpTo(destinationId: number, peer: Peer, deviceName: string): void {
    this.#database.run(
      `INSERT INTO peers (destination_id, device, device_name, sequence, segment_hash) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET device_name = excluded.device_name, sequence = excluded.sequence,
         segment_hash = excluded.segment_hash`,
      destinationId,
      peer.device,
      deviceName,
      peer.sequence,
      peer.sha256,
    );
  }
}

function readEntry(json: string): JournalEntry {
  const entry = parseEntry(JSON.parse(json));
  if (entry === null || entry === 'unknown') {
    throw fail('corrupt', 'The catalogue holds a journal entry that does not keep to the format.');
  }
  return entry;
}
