/**
 * What was handed over to services that only show photos. They have tables of their own and no row in
 * `destinations`, so that nothing here can ever be taken for a delivery that was verified.
 */
export const publishingSchema = `
  CREATE TABLE publishers (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    place TEXT,
    place_items INTEGER
  ) STRICT;

  -- showing: it was asked for, and no reply has been seen that says whether it happened.
  CREATE TABLE publications (
    publisher_id INTEGER NOT NULL REFERENCES publishers (id),
    asset_id INTEGER NOT NULL REFERENCES assets (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'showing', 'published', 'failed', 'skipped')),
    bytes INTEGER NOT NULL,
    upload_token TEXT,
    uploaded_ms INTEGER,
    resume_token TEXT,
    shown_as TEXT,
    published_run INTEGER,
    failure TEXT,
    PRIMARY KEY (publisher_id, asset_id),
    CHECK (state <> 'showing' OR upload_token IS NOT NULL),
    CHECK (state NOT IN ('failed', 'skipped') OR failure IS NOT NULL)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX publications_open ON publications (publisher_id, asset_id)
    WHERE state NOT IN ('published', 'skipped');
`;

/** Photos that were not taken there and of which a person wants to hear no more. */
export const ignoredPublicationsSchema = `
  CREATE INDEX publications_refused ON publications (publisher_id, asset_id)
    WHERE state IN ('failed', 'skipped');
  CREATE TABLE ignored_publications (
    publisher_id INTEGER NOT NULL REFERENCES publishers (id),
    asset_id INTEGER NOT NULL REFERENCES assets (id),
    PRIMARY KEY (publisher_id, asset_id)
  ) STRICT, WITHOUT ROWID;
`;
