/** States of a file of which the content is known and that is there, as far as is known. */
export const knownFileStates = "'hashed', 'unknown', 'failed'";

/**
 * SQL: the file `f` counts for the timeline, since it lies in a watched folder and is not left out by a rule.
 * Triggers of the schema hold it too: a change needs a migration that makes them anew.
 */
export const isKnownFile = `f.role = 'media' AND f.state IN (${knownFileStates})
  AND NOT EXISTS (SELECT 1 FROM excluded_files x WHERE x.file_id = f.id)
  AND (SELECT r.watched FROM directories d JOIN roots r ON r.id = d.root_id WHERE d.id = f.directory_id)`;
