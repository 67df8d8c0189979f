import { captureTimeSources } from '../../../shared/domain/asset.ts';
import { evidenceMethods } from '../../../shared/domain/journal-entry.ts';
import {
  deliveryStates,
  deliveryTransitions,
  fileStates,
  fileTransitions,
} from '../../../shared/domain/states.ts';
import { ignoredPublicationsSchema, publishingSchema } from './publishing-schema.ts';
import { timelineSchema } from './timeline-schema.ts';

function oneOf(column: string, values: readonly string[]): string {
  return `${column} IN (${values.map((value) => `'${value}'`).join(', ')})`;
}

/** A trigger that refuses every change of state that the state table does not know. */
function keepToOrder(
  table: string,
  transitions: Readonly<Record<string, readonly string[]>>,
): string {
  const allowed = Object.entries(transitions)
    .map(([from, to]) => `(OLD.state = '${from}' AND ${oneOf('NEW.state', to)})`)
    .join(' OR ');
  return `CREATE TRIGGER ${table}_keep_to_order BEFORE UPDATE OF state ON ${table}
    WHEN OLD.state <> NEW.state AND NOT (${allowed})
    BEGIN SELECT RAISE(ABORT, 'a state that may not follow'); END;`;
}

/**
 * Numbered migrations: entry N brings a catalogue from version N to N + 1 (`PRAGMA user_version`).
 * An entry that has been released is never edited; a change is a new entry.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE roots (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    identity TEXT
  ) STRICT;

  CREATE TABLE directories (
    id INTEGER PRIMARY KEY,
    root_id INTEGER NOT NULL REFERENCES roots (id),
    path TEXT NOT NULL,
    UNIQUE (root_id, path)
  ) STRICT;

  CREATE TABLE assets (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    kind TEXT NOT NULL CHECK (kind IN ('photo', 'raw', 'video', 'sidecar')),
    mime TEXT NOT NULL,
    name TEXT NOT NULL,
    named_at TEXT NOT NULL,
    wall TEXT NOT NULL,
    day TEXT NOT NULL GENERATED ALWAYS AS (substr(wall, 1, 10)) VIRTUAL,
    utc_offset TEXT,
    utc_ms INTEGER,
    captured_source TEXT NOT NULL CHECK (${oneOf('captured_source', captureTimeSources)}),
    confidence TEXT NOT NULL CHECK (confidence IN ('high', 'medium', 'low')),
    width INTEGER,
    height INTEGER,
    details TEXT NOT NULL,
    described_at TEXT NOT NULL,
    preview_state TEXT NOT NULL DEFAULT 'none' CHECK (preview_state IN ('none', 'made', 'placeholder')),
    preview_failure TEXT,
    thumb_hash TEXT
  ) STRICT;
  CREATE INDEX assets_by_wall ON assets (wall, id) WHERE kind <> 'sidecar';
  CREATE INDEX assets_without_preview ON assets (wall) WHERE preview_state = 'none' AND kind <> 'sidecar';

  CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    directory_id INTEGER NOT NULL REFERENCES directories (id),
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('media', 'sidecar')),
    describes TEXT,
    size INTEGER NOT NULL CHECK (size >= 0),
    modified_ms REAL NOT NULL,
    born_ms REAL,
    inode REAL NOT NULL,
    state TEXT NOT NULL CHECK (${oneOf('state', fileStates)}),
    asset_id INTEGER REFERENCES assets (id),
    failure TEXT,
    first_seen_ms INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 0,
    UNIQUE (directory_id, name),
    CHECK (state <> 'hashed' OR asset_id IS NOT NULL),
    CHECK (state <> 'failed' OR failure IS NOT NULL)
  ) STRICT;
  CREATE INDEX files_to_read ON files (role, id) WHERE state = 'discovered';
  CREATE INDEX files_by_asset ON files (asset_id, state, role, directory_id) WHERE asset_id IS NOT NULL;
  CREATE INDEX files_unsettled ON files (state, role, directory_id) WHERE state IN ('discovered', 'failed', 'ignored');
  CREATE INDEX files_by_inode ON files (inode) WHERE inode <> 0 AND asset_id IS NOT NULL;

  CREATE TABLE days (
    day TEXT PRIMARY KEY,
    count INTEGER NOT NULL CHECK (count >= 0)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER asset_added AFTER INSERT ON assets WHEN NEW.kind <> 'sidecar' BEGIN
    INSERT INTO days (day, count) VALUES (NEW.day, 1) ON CONFLICT (day) DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER asset_moved AFTER UPDATE OF wall, kind ON assets BEGIN
    UPDATE days SET count = count - 1 WHERE day = OLD.day AND OLD.kind <> 'sidecar';
    INSERT INTO days (day, count) SELECT NEW.day, 1 WHERE NEW.kind <> 'sidecar'
      ON CONFLICT (day) DO UPDATE SET count = count + 1;
    DELETE FROM days WHERE day = OLD.day AND count = 0;
  END;
  CREATE TRIGGER asset_removed AFTER DELETE ON assets WHEN OLD.kind <> 'sidecar' BEGIN
    UPDATE days SET count = count - 1 WHERE day = OLD.day;
    DELETE FROM days WHERE day = OLD.day AND count = 0;
  END;

  CREATE TABLE destinations (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    marker TEXT,
    sequence INTEGER NOT NULL DEFAULT 0,
    segment_hash TEXT
  ) STRICT;

  CREATE TABLE objects (
    id INTEGER PRIMARY KEY,
    destination_id INTEGER NOT NULL REFERENCES destinations (id),
    key TEXT NOT NULL,
    asset_id INTEGER NOT NULL REFERENCES assets (id),
    bytes INTEGER NOT NULL,
    at TEXT NOT NULL,
    device TEXT NOT NULL,
    evidence TEXT NOT NULL CHECK (${oneOf('evidence', evidenceMethods)}),
    tag TEXT,
    state TEXT NOT NULL CHECK (state IN ('present', 'missing', 'retiring', 'retired')),
    read_ms INTEGER NOT NULL DEFAULT 0,
    UNIQUE (destination_id, key)
  ) STRICT;
  CREATE INDEX objects_by_asset ON objects (asset_id, destination_id);
  CREATE INDEX objects_by_reading ON objects (destination_id, read_ms) WHERE state = 'present';
  CREATE INDEX objects_retiring ON objects (destination_id) WHERE state = 'retiring';

  CREATE TABLE retirements (
    destination_id INTEGER NOT NULL REFERENCES destinations (id),
    key TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (destination_id, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE strays (
    destination_id INTEGER NOT NULL REFERENCES destinations (id),
    key TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    hash_prefix TEXT NOT NULL,
    PRIMARY KEY (destination_id, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE contested (
    destination_id INTEGER NOT NULL REFERENCES destinations (id),
    asset_id INTEGER NOT NULL REFERENCES assets (id),
    PRIMARY KEY (destination_id, asset_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE deliveries (
    asset_id INTEGER NOT NULL REFERENCES assets (id),
    destination_id INTEGER NOT NULL REFERENCES destinations (id),
    state TEXT NOT NULL CHECK (${oneOf('state', deliveryStates)}),
    key TEXT,
    bytes INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    retry_ms INTEGER,
    failure TEXT,
    resume_token TEXT,
    evidence TEXT,
    verified_ms INTEGER,
    uploaded_run INTEGER,
    version INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (destination_id, asset_id),
    CHECK (state <> 'verified' OR (key IS NOT NULL AND evidence IS NOT NULL AND verified_ms IS NOT NULL)),
    CHECK (state <> 'failed' OR failure IS NOT NULL),
    CHECK (state <> 'uploading' OR key IS NOT NULL)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deliveries_open ON deliveries (destination_id, asset_id) WHERE state <> 'verified';
  CREATE INDEX deliveries_by_asset ON deliveries (asset_id);

  CREATE TABLE delivery_counts (
    destination_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    count INTEGER NOT NULL CHECK (count >= 0),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    PRIMARY KEY (destination_id, state)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER delivery_added AFTER INSERT ON deliveries BEGIN
    INSERT INTO delivery_counts (destination_id, state, count, bytes)
      VALUES (NEW.destination_id, NEW.state, 1, NEW.bytes)
      ON CONFLICT DO UPDATE SET count = count + 1, bytes = bytes + NEW.bytes;
  END;
  CREATE TRIGGER delivery_moved AFTER UPDATE OF state ON deliveries WHEN OLD.state <> NEW.state BEGIN
    UPDATE delivery_counts SET count = count - 1, bytes = bytes - OLD.bytes
      WHERE destination_id = OLD.destination_id AND state = OLD.state;
    INSERT INTO delivery_counts (destination_id, state, count, bytes)
      VALUES (NEW.destination_id, NEW.state, 1, NEW.bytes)
      ON CONFLICT DO UPDATE SET count = count + 1, bytes = bytes + NEW.bytes;
  END;
  CREATE TRIGGER delivery_removed AFTER DELETE ON deliveries BEGIN
    UPDATE delivery_counts SET count = count - 1, bytes = bytes - OLD.bytes
      WHERE destination_id = OLD.destination_id AND state = OLD.state;
  END;

  CREATE TABLE sent (
    run INTEGER NOT NULL,
    destination_id INTEGER NOT NULL REFERENCES destinations (id),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    PRIMARY KEY (run, destination_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE peers (
    destination_id INTEGER NOT NULL REFERENCES destinations (id),
    device TEXT NOT NULL,
    device_name TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    segment_hash TEXT NOT NULL,
    PRIMARY KEY (destination_id, device)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    destination_id INTEGER NOT NULL REFERENCES destinations (id),
    entry TEXT NOT NULL
  ) STRICT;
  CREATE INDEX outbox_by_destination ON outbox (destination_id, id);

  CREATE TABLE pending_segments (
    destination_id INTEGER PRIMARY KEY REFERENCES destinations (id),
    sequence INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    last_outbox_id INTEGER NOT NULL
  ) STRICT;

  ${keepToOrder('files', fileTransitions)}
  ${keepToOrder('deliveries', deliveryTransitions)}
  `,
  `
  ALTER TABLE files ADD COLUMN device REAL;
  ALTER TABLE destinations ADD COLUMN last_proof_ms INTEGER;
  UPDATE destinations SET last_proof_ms =
    (SELECT max(d.verified_ms) FROM deliveries d WHERE d.destination_id = destinations.id);
  `,
  `
  -- Files that a person had left alone, by a rule of their folder: nothing is known of them now ('unknown').
  CREATE TABLE excluded_files (
    file_id INTEGER PRIMARY KEY REFERENCES files (id)
  ) STRICT;
  CREATE TRIGGER file_included AFTER UPDATE OF state ON files
    WHEN OLD.state = 'unknown' AND NEW.state <> 'unknown'
    BEGIN DELETE FROM excluded_files WHERE file_id = NEW.id; END;

  -- Problems that a person does not want to be reminded of.
  CREATE TABLE ignored_deliveries (
    destination_id INTEGER NOT NULL REFERENCES destinations (id),
    asset_id INTEGER NOT NULL REFERENCES assets (id),
    PRIMARY KEY (destination_id, asset_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE ignored_files (
    file_id INTEGER PRIMARY KEY REFERENCES files (id)
  ) STRICT;

  CREATE TABLE activity (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    photos INTEGER NOT NULL CHECK (photos >= 0),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    destination TEXT,
    failure TEXT
  ) STRICT;

  CREATE TABLE upload_batches (
    id TEXT PRIMARY KEY,
    started_ms INTEGER NOT NULL,
    album TEXT,
    destinations TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE upload_items (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    batch_id TEXT NOT NULL REFERENCES upload_batches (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    path TEXT,
    root TEXT,
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    modified_ms INTEGER,
    fate TEXT CHECK (fate IN ('alreadyBackedUp', 'ignored', 'failed', 'cancelled')),
    asset_id INTEGER REFERENCES assets (id),
    failure TEXT
  ) STRICT;
  CREATE INDEX upload_items_by_batch ON upload_items (batch_id, id);
  `,
  timelineSchema,
  publishingSchema,
  `
  -- What stands for the files that a scan saw in a directory and found to be those below (scan/look.ts). Whatever
  -- makes that untrue, or is to be looked at again, forgets it; for files that are added the scan does so, once
  -- for all of a directory.
  ALTER TABLE directories ADD COLUMN fingerprint TEXT;
  CREATE TRIGGER file_went AFTER DELETE ON files
    BEGIN UPDATE directories SET fingerprint = NULL WHERE id = OLD.directory_id; END;
  CREATE TRIGGER file_differs
    AFTER UPDATE OF directory_id, name, role, size, modified_ms, born_ms, inode ON files
    BEGIN UPDATE directories SET fingerprint = NULL WHERE id IN (OLD.directory_id, NEW.directory_id); END;
  CREATE TRIGGER file_unsettled AFTER UPDATE OF state ON files
    WHEN NEW.state IN ('unknown', 'absent', 'failed')
    BEGIN UPDATE directories SET fingerprint = NULL WHERE id = NEW.directory_id; END;
  `,
  ignoredPublicationsSchema,
];
