import type { FaultKind } from '../support/simulation/steps.ts';
import type { Focus } from '../support/simulation/world-options.ts';

/** A bug that the simulation must catch: one change of one file of the engine. */
export interface PlantedBug {
  readonly name: string;
  /** Relative to the repository. */
  readonly file: string;
  /** Text that occurs exactly once. */
  readonly find: string;
  readonly replace: string;
  /** What would happen to a person. */
  readonly why: string;
  /** The kind of world in which it shows; without it schedules are as always. */
  readonly focus?: Focus;
  /**
   * Where the hunt begins, for a bug that shows seldom: a seed that catches it as this is written. Once the
   * engine has changed, that may be any later one.
   */
  readonly seed?: number;
}

const folder: Focus = { folder: true, cloud: false };
const cloud: Focus = { folder: false, cloud: true };
const failing = (stepRate: number, ...kinds: readonly FaultKind[]): Focus => ({
  ...cloud,
  faults: { stepRate, crashRate: 0, kinds: new Set(kinds) },
});
const spoiling = failing(0.1, 'corrupt', 'corrupt-lost-reply', 'short', 'lost-reply');
const crashing = { stepRate: 0, crashRate: 0.02, kinds: new Set<FaultKind>() };
/** Computers that lose power at any moment. */
const powerless: Focus = {
  powerLoss: true,
  photosAtStart: 4,
  runs: 3,
  faults: { ...crashing, crashRate: 0.03 },
};
const race: Focus = { devices: 2, photosAtStart: 3, poolSize: 2, runs: 2 };
const drives: Focus = { devices: 2, runs: 3, photosAtStart: 4, maxEvents: 14, eventRate: 0.08 };
/** A folder on a server that is away now and then. */
const vanishingFolder: Focus = {
  ...folder,
  devices: 1,
  runs: 3,
  photosAtStart: 4,
  maxEvents: 14,
  eventRate: 0.08,
};
const clones: Focus = { devices: 2, runs: 3, clones: true, maxEvents: 12, eventRate: 0.03 };

const engine = 'electron/engine';

/** Every place where the engine takes care, taken out one by one. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'skip-file-sync',
    file: `${engine}/destinations/file/write-source.ts`,
    find: 'await translated(() => fileSystem.sync(path));',
    replace: '',
    why: 'After a power loss the backup of a photo is empty or garbage.',
    focus: folder,
  },
  {
    name: 'skip-directory-sync',
    file: `${engine}/destinations/file/file-destination.ts`,
    find: 'await this.#translated(() => this.#syncs.sync(parentOf(target)));',
    replace: '',
    why: 'After a power loss the backup of a photo has no name any more.',
    focus: folder,
  },
  {
    name: 'skip-parent-directory-sync',
    file: `${engine}/destinations/file/durable-folders.ts`,
    find: 'await makeDirectories(this.#fileSystem, folder, this.#root);\n      await this.#syncAbove(folder);',
    replace: 'await makeDirectories(this.#fileSystem, folder, this.#root);',
    why: 'After a power loss a whole month of photos has gone with its folder.',
    focus: folder,
  },
  {
    name: 'adopt-without-making-durable',
    file: `${engine}/destinations/file/file-destination.ts`,
    find: "if (this.#purpose !== 'read') await this.#keep(path);",
    replace: '',
    why: 'A photo that a killed process left half-safe is called backed up.',
    focus: folder,
    seed: 231,
  },
  {
    name: 'skip-reading-back',
    file: `${engine}/destinations/file/write-source.ts`,
    find: 'await compare(ports, path, source, signal);',
    replace: '',
    why: 'A photo that was edited while it was copied stands under the hash of the old one.',
    focus: folder,
    seed: 133,
  },
  {
    name: 'trust-an-unproven-upload',
    file: `${engine}/transfer/deliver.ts`,
    find: 'const stored = await readBack(ports.destination, key, signal);',
    replace: 'const stored = { sha256: delivery.hash, bytes: delivery.bytes };',
    why: 'A service that cuts uploads short has the photo called backed up.',
    focus: spoiling,
  },
  {
    name: 'ignore-what-was-read-back',
    file: `${engine}/transfer/deliver.ts`,
    find: 'if (stored.sha256 !== delivery.hash || stored.bytes !== delivery.bytes) {',
    replace: 'if (stored.sha256.length !== 64) {',
    why: 'The bytes at the destination are wrong, which was seen and not minded.',
    focus: spoiling,
    seed: 69,
  },
  {
    name: 'conflict-counts-as-backed-up',
    file: `${engine}/transfer/deliver.ts`,
    find: 'const verdict = await prove(destination, key, { ...delivery, tag: null }, signal);\n    if (verdict.holds) {\n      const shown',
    replace:
      "const verdict = { holds: true, method: 'read-back', tag: null };\n    if (verdict.holds) {\n      const shown",
    why: 'Something else, or half a photo, stands under the name and counts as the photo.',
    focus: spoiling,
    seed: 79,
  },
  {
    name: 'no-other-name',
    file: `${engine}/planner/plan-delivery.ts`,
    find: 'return keys[position + 1] ?? null;',
    replace: 'return position < 0 ? (keys[0] ?? null) : null;',
    why: 'Where something else stands under the name of a photo, it is never backed up.',
    focus: spoiling,
    seed: 277,
  },
  {
    name: 'prove-by-length',
    file: `${engine}/transfer/prove.ts`,
    find: 'return stored.sha256 === expected.hash && stored.bytes === expected.bytes',
    replace: 'return stored.bytes === expected.bytes',
    why: 'Garbage of the right length counts as the photo.',
    focus: spoiling,
    seed: 79,
  },
  {
    name: 'record-before-sending',
    file: `${engine}/transfer/deliver.ts`,
    find: 'const begun = await ports.commits.add(() => catalog.deliveries.begin(delivery, key));',
    replace:
      "const begun = await ports.commits.add(() => catalog.deliveries.begin(delivery, key));\n    await recordProof(begun, { key, method: 'read-back', tag: null, uploaded: true }, ports);",
    why: 'The journal names a photo before its bytes are there.',
  },
  {
    name: 'settle-before-durable',
    file: `${engine}/flow/commit-queue.ts`,
    find: 'await committed.durable;',
    replace: 'committed.durable.catch(() => undefined);',
    why: 'A person is told that a photo is backed up, and after a power loss nobody knows of it.',
    focus: powerless,
  },
  {
    name: 'commit-without-sync',
    file: `${engine}/catalog/database.ts`,
    find: 'return { durable: this.#synced(this.#log) };',
    replace: 'return { durable: Promise.resolve() };',
    why: 'Bytes leave under a name that is forgotten after a power loss, and come again under another.',
    focus: powerless,
  },
  {
    name: 'journal-before-durable',
    file: `${engine}/transfer/publish-journal.ts`,
    find: 'const segment = catalog.outbox.pending(destinationId) ?? sealSegment(catalog, destinationId);',
    replace: `const sealed = { segment: catalog.outbox.pending(destinationId) };
  if (sealed.segment === null) {
    const work = () => { sealed.segment = sealSegment(catalog, destinationId); };
    catalog.commit(work).durable.catch(() => undefined);
  }
  const { segment } = sealed;`,
    why: 'After a power loss a computer takes its own journal for that of a clone.',
    focus: powerless,
  },
  {
    name: 'skip-merging-journals',
    file: `${engine}/transfer/merge-journals.ts`,
    find: '      catalog.applySegment(\n',
    replace: '      if (entries.length === 0) catalog.applySegment(\n',
    why: 'What other devices, or this one before, have uploaded is uploaded again.',
  },
  {
    name: 'clone-not-noticed-when-publishing',
    file: `${engine}/transfer/publish-journal.ts`,
    find: "if (await holdsSegment(destination, key, signal)) return 'foreign';",
    replace: '',
    why: 'A cloned computer takes the journal of the other for its own, and its photos are in none.',
    focus: clones,
    seed: 708,
  },
  {
    name: 'gap-in-the-journal',
    file: `${engine}/transfer/publish-journal.ts`,
    find: '      sequence: sequence + 1,\n      bytes:',
    replace: '      sequence: sequence + 2,\n      bytes:',
    why: 'Nobody reads a journal beyond a gap.',
    focus: race,
  },
  {
    name: 'journal-forgets-its-predecessor',
    file: `${engine}/transfer/publish-journal.ts`,
    find: 'previous: segmentHash,',
    replace: 'previous: null,',
    why: 'Nobody reads a journal whose chain is broken.',
  },
  {
    name: 'publish-nothing',
    file: `${engine}/catalog/outbox.ts`,
    find: "'DELETE FROM outbox WHERE destination_id = ? AND id <= ?'",
    replace: "'DELETE FROM outbox WHERE destination_id = ? AND id <= ? + 1'",
    why: 'Facts that wait for the next segment are lost: a photo is in no journal.',
    focus: { ...cloud, devices: 1, runs: 1, photosAtStart: 40, poolSize: 40 },
  },
  {
    name: 'retire-without-announcing',
    file: `${engine}/transfer/destination-session.ts`,
    find: 'await this.#settleContests(signal);\n      await this.#publishAll(signal);',
    replace: 'await this.#settleContests(signal);',
    why: 'Other devices are sent to an object that was removed without a word.',
    focus: race,
  },
  {
    name: 'retire-the-winner',
    file: `${engine}/transfer/destination-session.ts`,
    find: 'await destination.remove(object.key, signal);',
    replace: 'await destination.remove(winner.key, signal);',
    why: 'Of two objects of one photo the one that every device counts on goes.',
    focus: race,
  },
  {
    name: 'retire-both',
    file: `${engine}/transfer/destination-session.ts`,
    find: 'const contest = planContest(objects.ofAsset(assetId, destinationId));',
    replace: `const all = objects.ofAsset(assetId, destinationId);
      const mine = all.find((object) => object.device === this.#catalog.identity.device()?.id);
      const winner = mine ?? all[0];
      const losers = all.filter((object) => object !== winner);
      const contest = losers.length === 0 ? null : { winner, losers };`,
    why: 'Two devices choose different objects to stay, and each removes the other one.',
    focus: race,
    seed: 122,
  },
  {
    name: 'never-settle-a-contest',
    file: `${engine}/transfer/destination-session.ts`,
    find: '      await this.#settleContests(signal);\n',
    replace: '',
    why: 'Photos that two devices had at once are stored twice for ever.',
    focus: race,
  },
  {
    name: 'forget-own-upload',
    file: `${engine}/transfer/deliver.ts`,
    find: '  await claimOwnTraces(delivery, ports, signal);\n',
    replace: '',
    why: 'An upload that a crash left unrecorded stays as a second copy.',
    focus: race,
    seed: 148,
  },
  {
    name: 'edit-keeps-size-unnoticed',
    file: `${engine}/planner/plan-file.ts`,
    find: 'known.size !== seen.size || known.modifiedMs !== seen.modifiedMs',
    replace: 'known.size !== seen.size',
    why: 'An edited photo of the same size is never backed up again.',
    seed: 65,
  },
  {
    name: 'file-not-looked-at-again',
    file: `${engine}/sync/read-files.ts`,
    find: 'if (!sameBytesLikely(before, after) || inspection.bytes !== after.size) {',
    replace: 'if (false) {',
    why: 'A photo that was saved while it was read is known by a mixture of two.',
    seed: 108,
  },
  {
    name: 'unreadable-folder-counts-as-gone',
    file: `${engine}/sync/scan-folder.ts`,
    find: 'const hidden = unreadable.some((ancestor) => isWithin(path, ancestor));',
    replace: 'const hidden = false;',
    why: 'A folder that may not be read for a while is taken for deleted.',
    seed: 98,
  },
  {
    name: 'unreadable-file-counts-as-gone',
    file: `${engine}/planner/plan-directory.ts`,
    find: "entry.state !== 'absent' && !unreadable.has(entry.name)",
    replace: "entry.state !== 'absent'",
    why: 'A photo on a bad sector is taken for deleted.',
    seed: 47,
  },
  {
    name: 'emptied-drive-counts-as-deleted',
    file: `${engine}/scan/volumes.ts`,
    find: "return seen.names.length === 0 ? 'emptied' : 'ok';",
    replace: "return 'ok';",
    why: 'A drive that is not mounted looks like a folder that was emptied.',
    focus: drives,
    seed: 46,
  },
  {
    name: 'another-folder-in-its-place',
    file: `${engine}/scan/volumes.ts`,
    find: 'if (known.inode !== 0 && seen.inode !== 0 && known.inode !== seen.inode) {',
    replace: 'if (false) {',
    why: 'The empty place where a drive is mounted is taken for the drive.',
    focus: { ...drives, devices: 1 },
    seed: 190,
  },
  {
    name: 'folder-known-only-after-its-scan',
    file: `${engine}/sync/open-folders.ts`,
    find: `const doubt = doubtOf(root, seen, remembered) ?? doubtOfEmpty(root, seen, catalog);
    // At once: should the first scan be cut off, what it found must not depend on what stands here then.
    if (doubt === null && remembered === null && seen !== null) remember(root, seen, catalog);`,
    replace: 'const doubt = doubtOf(root, seen, remembered);',
    why: 'After a first scan that was cut off, a drive that is not mounted looks like one that was emptied.',
    focus: {
      devices: 1,
      runs: 3,
      photosAtStart: 4,
      maxEvents: 14,
      eventRate: 0.08,
      faults: crashing,
    },
    seed: 95,
  },
  {
    name: 'inode-of-another-drive',
    file: `${engine}/catalog/files.ts`,
    find: 'AND device = ? AND size = ?',
    replace: 'AND ? IS NOT NULL AND size = ?',
    why: 'A photo on one drive is taken for another one on the copy of that drive.',
    focus: { devices: 1, runs: 2, photosAtStart: 6, maxEvents: 14, eventRate: 0.08 },
    seed: 231,
  },
  {
    name: 'backup-made-where-no-drive-is',
    file: `${engine}/ports/make-directories.ts`,
    find: "=== 'notFound' && belowRoot;",
    replace: "=== 'notFound' && parent !== path;",
    why: 'The backup goes on to the system disk once the drive is away.',
    focus: vanishingFolder,
    seed: 390,
  },
  {
    name: 'one-object-under-two-names',
    file: `${engine}/transfer/shown-key.ts`,
    find: 'return folded(key) === folded(other);',
    replace: 'return key === other;',
    why: 'On a drive that does not tell upper from lower case the only copy goes as a duplicate of itself.',
    focus: { ...race, folder: true, cloud: false, photosAtStart: 4, poolSize: 1, runs: 1 },
    seed: 1132,
  },
  {
    name: 'retry-too-early',
    file: `${engine}/destinations/decorators/pacing.ts`,
    find: 'heldUntil = Math.max(heldUntil, clock.monotonic() + wait);',
    replace: 'heldUntil = Math.max(heldUntil, clock.monotonic() + Math.min(wait, 1));',
    why: 'A service that asked for rest is bothered at once, and may lock the account.',
    focus: failing(0.1, 'rateLimited'),
    seed: 47,
  },
  {
    name: 'retry-for-ever',
    file: `${engine}/destinations/decorators/retrying.ts`,
    find: 'attempt >= options.attempts ||',
    replace: '',
    why: 'A service that is down is called without an end.',
    focus: failing(0.3, 'timeout', 'serverError', 'offline'),
    seed: 1491,
  },
  {
    name: 'count-duplicates-as-photos',
    file: `${engine}/catalog/totals.ts`,
    find: 'duplicates: media - photos,',
    replace: 'duplicates: media - photos + skipped,',
    why: 'The figures of a run do not add up.',
  },
  {
    name: 'lose-sidecars',
    file: `${engine}/sync/read-files.ts`,
    find: "this.#page('sidecar');\n",
    replace: '[];\n',
    why: 'Edits and ratings beside the photos are never backed up.',
  },
  {
    name: 'forget-to-queue',
    file: `${engine}/catalog/catalog.ts`,
    find: 'for (const id of destinationIds) this.deliveries.queue(assetId, id, content.bytes);',
    replace:
      'for (const id of destinationIds.slice(0, 1)) this.deliveries.queue(assetId, id, content.bytes);',
    why: 'With two destinations the second one is left out until the next run.',
    focus: { folder: true, cloud: true },
  },
];
