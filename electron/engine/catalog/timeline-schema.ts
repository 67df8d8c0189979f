import { isKnownFile, knownFileStates } from './known-file.ts';

/**
 * What the timeline asks, kept up to date by triggers: which assets are shown, how many files of each there
 * are, how many a day has, which words find it and which folders count anew as albums.
 *
 * An asset is shown when a file with its content is known in a watched folder, or when some destination
 * holds it. Not shown are the moving half of a Live Photo, whose photo stands for it, and an older content of
 * a file that was edited in place: the file's present content was taken at the same moment and stands for it.
 */

const copiesOf = `(SELECT count(*) FROM files f WHERE f.asset_id = assets.id AND ${isKnownFile})`;

/** Apple's ContentIdentifier. */
const liveIdOf = (table: string): string => `json_extract(${table}.details, '$.contentIdentifier')`;

const isShown = `(assets.kind <> 'sidecar'
  AND (assets.copies > 0 OR EXISTS
    (SELECT 1 FROM objects o WHERE o.asset_id = assets.id AND o.state = 'present'))
  AND NOT (assets.kind = 'video' AND ${liveIdOf('assets')} IS NOT NULL AND EXISTS
    (SELECT 1 FROM assets p WHERE json_extract(p.details, '$.contentIdentifier') = ${liveIdOf('assets')}
       AND p.kind IN ('photo', 'raw') AND p.shown = 1))
  AND NOT (assets.copies = 0 AND EXISTS
    (SELECT 1 FROM file_versions v JOIN files f ON f.id = v.file_id JOIN assets n ON n.id = f.asset_id
      WHERE v.asset_id = assets.id AND n.id <> assets.id AND n.wall = assets.wall AND ${isKnownFile})))`;

/** Everything that a person may search for; the function folds case and spelling (see `search-words.ts`). */
const wordsOf = `cloudroll_words(assets.name
  || char(10) || coalesce(json_extract(assets.details, '$.camera'), '')
  || char(10) || coalesce(json_extract(assets.details, '$.lens'), '')
  || char(10) || coalesce(json_extract(assets.details, '$.title'), '')
  || char(10) || assets.day
  || char(10) || coalesce((SELECT group_concat(r.name || '/' || d.path || '/' || f.name, char(10))
       FROM files f JOIN directories d ON d.id = f.directory_id JOIN roots r ON r.id = d.root_id
       WHERE f.asset_id = assets.id AND f.role = 'media' AND f.state IN (${knownFileStates})), ''))`;

/** Writes the words of one shown asset that has none. */
const addWords = (id: string): string => `
    INSERT OR REPLACE INTO search_words (asset_id, words)
      SELECT id, ${wordsOf} FROM assets WHERE id = ${id} AND shown = 1;
    INSERT INTO search_index (rowid, words) SELECT asset_id, words FROM search_words WHERE asset_id = ${id};`;

/** Writes the words of one shown asset anew. */
const putWords = (id: string): string => `
    DELETE FROM search_index WHERE rowid IN (SELECT asset_id FROM search_words WHERE asset_id = ${id});
    ${addWords(id)}`;

const dropWords = (id: string): string => `
    DELETE FROM search_index WHERE rowid IN (SELECT asset_id FROM search_words WHERE asset_id = ${id});
    DELETE FROM search_words WHERE asset_id = ${id};`;

const refreshCopies = (id: string): string =>
  `UPDATE assets SET copies = ${copiesOf} WHERE id = ${id};`;
const refreshShown = (where: string): string =>
  `UPDATE assets SET shown = ${isShown} WHERE ${where};`;

const countsAs = (state: string): string => `(${state} IN (${knownFileStates}))`;

/** What follows from a file whose content, or whether it is there, has changed. */
const afterFile = (file: string): string => `
    ${refreshCopies(`${file}.asset_id`)}
    ${refreshShown(`id IN (SELECT asset_id FROM file_versions WHERE file_id = ${file}.id)`)}
    INSERT OR IGNORE INTO stale_albums (directory_id) VALUES (${file}.directory_id);`;

/** In a trigger: the content that a file had and has no more; NULL where it had none or still has it. */
const replaced =
  '(SELECT OLD.asset_id WHERE OLD.asset_id IS NOT NULL AND OLD.asset_id IS NOT NEW.asset_id)';

const videosOf = (row: string): string =>
  `kind = 'video' AND ${liveIdOf('assets')} = ${liveIdOf(row)}`;

export const timelineSchema = `
  ALTER TABLE roots ADD COLUMN watched INTEGER NOT NULL DEFAULT 1 CHECK (watched IN (0, 1));
  ALTER TABLE assets ADD COLUMN copies INTEGER NOT NULL DEFAULT 0 CHECK (copies >= 0);
  ALTER TABLE assets ADD COLUMN shown INTEGER NOT NULL DEFAULT 0 CHECK (shown IN (0, 1));

  -- Contents that a file had before the one it has now.
  CREATE TABLE file_versions (
    file_id INTEGER NOT NULL REFERENCES files (id),
    asset_id INTEGER NOT NULL REFERENCES assets (id),
    PRIMARY KEY (file_id, asset_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX file_versions_by_asset ON file_versions (asset_id);

  -- Folders as albums; what is stale is counted anew when somebody looks.
  CREATE TABLE albums (
    directory_id INTEGER PRIMARY KEY REFERENCES directories (id),
    count INTEGER NOT NULL CHECK (count > 0),
    cover_id INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
    newest TEXT NOT NULL
  ) STRICT;
  CREATE TABLE stale_albums (
    directory_id INTEGER PRIMARY KEY REFERENCES directories (id)
  ) STRICT;

  CREATE TABLE search_words (
    asset_id INTEGER PRIMARY KEY,
    words TEXT NOT NULL
  ) STRICT;
  CREATE VIRTUAL TABLE search_index USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1'
  );

  CREATE INDEX assets_live ON assets (json_extract(details, '$.contentIdentifier'))
    WHERE json_extract(details, '$.contentIdentifier') IS NOT NULL;

  DROP TRIGGER asset_added;
  DROP TRIGGER asset_moved;
  DROP TRIGGER asset_removed;
  DELETE FROM days;

  UPDATE assets SET copies = ${copiesOf} WHERE kind <> 'sidecar';
  UPDATE assets SET shown = ${isShown} WHERE kind <> 'video';
  UPDATE assets SET shown = ${isShown} WHERE kind = 'video';
  INSERT INTO days (day, count) SELECT day, count(*) FROM assets WHERE shown = 1 GROUP BY day;
  INSERT INTO search_words (asset_id, words) SELECT id, ${wordsOf} FROM assets WHERE shown = 1;
  INSERT INTO search_index (rowid, words) SELECT asset_id, words FROM search_words;
  INSERT INTO stale_albums (directory_id) SELECT id FROM directories;

  CREATE INDEX assets_shown ON assets (wall, id, kind) WHERE shown = 1;
  CREATE INDEX assets_shown_by_camera ON assets (json_extract(details, '$.camera'), wall, id)
    WHERE shown = 1 AND json_extract(details, '$.camera') IS NOT NULL;
  CREATE INDEX assets_shown_by_kind ON assets (kind, wall, id) WHERE shown = 1 AND kind <> 'photo';
  CREATE INDEX assets_shown_placed ON assets (wall, id)
    WHERE shown = 1 AND json_extract(details, '$.latitude') IS NOT NULL;
  CREATE INDEX assets_shown_rated ON assets (wall, id)
    WHERE shown = 1 AND json_extract(details, '$.rating') >= 1;
  CREATE INDEX assets_shown_copied ON assets (wall, id) WHERE shown = 1 AND copies > 1;

  CREATE TRIGGER file_found AFTER INSERT ON files WHEN NEW.role = 'media' AND NEW.asset_id IS NOT NULL
    BEGIN ${afterFile('NEW')} END;
  CREATE TRIGGER file_settled AFTER UPDATE OF asset_id, state, role ON files
    WHEN (OLD.role = 'media' OR NEW.role = 'media') AND (OLD.asset_id IS NOT NEW.asset_id
      OR ${countsAs('OLD.state')} <> ${countsAs('NEW.state')} OR OLD.role <> NEW.role)
    BEGIN
    INSERT OR IGNORE INTO file_versions (file_id, asset_id) SELECT NEW.id, OLD.asset_id
      WHERE OLD.asset_id IS NOT NULL AND OLD.asset_id IS NOT NEW.asset_id;
    ${refreshCopies(replaced)}
    ${afterFile('NEW')}
    END;
  -- Words of assets that are shown already; one that appears gets them then.
  CREATE TRIGGER file_words AFTER UPDATE OF asset_id, state ON files
    WHEN NEW.role = 'media' AND (OLD.asset_id IS NOT NEW.asset_id
      OR ${countsAs('OLD.state')} <> ${countsAs('NEW.state')})
      AND (SELECT shown FROM assets WHERE id = NEW.asset_id) = 1
    BEGIN ${putWords('NEW.asset_id')} END;
  CREATE TRIGGER file_words_replaced AFTER UPDATE OF asset_id ON files
    WHEN OLD.role = 'media' AND OLD.asset_id IS NOT NEW.asset_id
      AND (SELECT shown FROM assets WHERE id = OLD.asset_id) = 1
    BEGIN ${putWords('OLD.asset_id')} END;
  CREATE TRIGGER file_forgotten AFTER DELETE ON files WHEN OLD.role = 'media' AND OLD.asset_id IS NOT NULL
    BEGIN
    ${refreshCopies('OLD.asset_id')}
    INSERT OR IGNORE INTO stale_albums (directory_id) VALUES (OLD.directory_id);
    END;
  CREATE TRIGGER file_versions_go BEFORE DELETE ON files
    BEGIN DELETE FROM file_versions WHERE file_id = OLD.id; END;
  CREATE TRIGGER file_excluded AFTER INSERT ON excluded_files BEGIN
    UPDATE assets SET copies = ${copiesOf}
      WHERE id = (SELECT asset_id FROM files WHERE id = NEW.file_id AND role = 'media');
    INSERT OR IGNORE INTO stale_albums (directory_id) SELECT directory_id FROM files WHERE id = NEW.file_id;
    END;
  CREATE TRIGGER file_no_longer_excluded AFTER DELETE ON excluded_files BEGIN
    UPDATE assets SET copies = ${copiesOf}
      WHERE id = (SELECT asset_id FROM files WHERE id = OLD.file_id AND role = 'media');
    INSERT OR IGNORE INTO stale_albums (directory_id) SELECT directory_id FROM files WHERE id = OLD.file_id;
    END;
  CREATE TRIGGER root_watched AFTER UPDATE OF watched ON roots WHEN OLD.watched <> NEW.watched BEGIN
    UPDATE assets SET copies = ${copiesOf} WHERE kind <> 'sidecar' AND id IN (SELECT f.asset_id FROM files f
      JOIN directories d ON d.id = f.directory_id WHERE d.root_id = NEW.id AND f.asset_id IS NOT NULL);
    INSERT OR IGNORE INTO stale_albums (directory_id) SELECT id FROM directories WHERE root_id = NEW.id;
    END;

  CREATE TRIGGER asset_copies AFTER UPDATE OF copies ON assets WHEN (OLD.copies > 0) <> (NEW.copies > 0)
    BEGIN ${refreshShown('id = NEW.id')} END;
  CREATE TRIGGER object_recorded AFTER INSERT ON objects WHEN NEW.state = 'present'
    BEGIN ${refreshShown("id = NEW.asset_id AND shown = 0 AND kind <> 'sidecar'")} END;
  CREATE TRIGGER object_moved AFTER UPDATE OF state, asset_id ON objects
    WHEN OLD.state <> NEW.state OR OLD.asset_id <> NEW.asset_id
    BEGIN ${refreshShown('id IN (OLD.asset_id, NEW.asset_id)')} END;
  CREATE TRIGGER object_forgotten AFTER DELETE ON objects WHEN OLD.state = 'present'
    BEGIN ${refreshShown('id = OLD.asset_id')} END;
  CREATE TRIGGER asset_described AFTER UPDATE OF kind, wall, details ON assets BEGIN
    UPDATE days SET count = count - 1 WHERE day = OLD.day AND OLD.shown = 1 AND OLD.day <> NEW.day;
    DELETE FROM days WHERE day = OLD.day AND count = 0;
    INSERT INTO days (day, count) SELECT NEW.day, 1 WHERE OLD.shown = 1 AND OLD.day <> NEW.day
      ON CONFLICT (day) DO UPDATE SET count = count + 1;
    INSERT OR IGNORE INTO stale_albums (directory_id)
      SELECT f.directory_id FROM files f WHERE f.asset_id = NEW.id AND OLD.wall <> NEW.wall;
    ${refreshShown('id = NEW.id')}
    ${refreshShown(`id IN (SELECT v.asset_id FROM file_versions v JOIN files f ON f.id = v.file_id
      WHERE f.asset_id = NEW.id) AND OLD.wall <> NEW.wall`)}
    ${refreshShown(`${videosOf('OLD')} AND ${liveIdOf('OLD')} IS NOT ${liveIdOf('NEW')}`)}
    ${refreshShown(`${videosOf('NEW')} AND ${liveIdOf('OLD')} IS NOT ${liveIdOf('NEW')}`)}
    END;
  CREATE TRIGGER asset_words AFTER UPDATE OF name, wall, details ON assets WHEN NEW.shown = 1 AND
      (OLD.name <> NEW.name OR OLD.wall <> NEW.wall OR OLD.details <> NEW.details)
    BEGIN ${putWords('NEW.id')} END;

  CREATE TRIGGER asset_appears AFTER UPDATE OF shown ON assets WHEN OLD.shown = 0 AND NEW.shown = 1 BEGIN
    INSERT INTO days (day, count) VALUES (NEW.day, 1) ON CONFLICT (day) DO UPDATE SET count = count + 1;
    ${addWords('NEW.id')}
    INSERT OR IGNORE INTO stale_albums (directory_id)
      SELECT f.directory_id FROM files f WHERE f.asset_id = NEW.id;
    END;
  CREATE TRIGGER asset_disappears AFTER UPDATE OF shown ON assets WHEN OLD.shown = 1 AND NEW.shown = 0 BEGIN
    UPDATE days SET count = count - 1 WHERE day = OLD.day;
    DELETE FROM days WHERE day = OLD.day AND count = 0;
    ${dropWords('NEW.id')}
    INSERT OR IGNORE INTO stale_albums (directory_id)
      SELECT f.directory_id FROM files f WHERE f.asset_id = NEW.id;
    END;
  CREATE TRIGGER asset_with_motion AFTER UPDATE OF shown ON assets
    WHEN OLD.shown <> NEW.shown AND NEW.kind IN ('photo', 'raw') AND ${liveIdOf('NEW')} IS NOT NULL
    BEGIN ${refreshShown(videosOf('NEW'))} END;
  CREATE TRIGGER asset_versions_go BEFORE DELETE ON assets BEGIN
    DELETE FROM file_versions WHERE asset_id = OLD.id;
    INSERT OR IGNORE INTO stale_albums (directory_id) SELECT directory_id FROM albums WHERE cover_id = OLD.id;
    END;
  CREATE TRIGGER asset_forgotten AFTER DELETE ON assets WHEN OLD.shown = 1 BEGIN
    UPDATE days SET count = count - 1 WHERE day = OLD.day;
    DELETE FROM days WHERE day = OLD.day AND count = 0;
    ${dropWords('OLD.id')}
    END;
`;
