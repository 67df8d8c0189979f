import type { Peer } from './peers.ts';
import type { Results } from './results.ts';
import type { Goal, Row } from './row.ts';

/** What an earlier run found, by the row's id. */
export type Earlier = ReadonlyMap<string, { readonly ours: number; readonly ratio: number | null }>;

/** The results as a document for people. */
export function documentOf(results: Results, earlier: Earlier): string {
  const { machine, peers, notMeasured, rows } = results;
  const judged = rows.filter(({ met }) => met !== null);
  const met = judged.filter((row) => row.met === true).length;
  return [
    '# Benchmarks',
    '',
    `Made by \`${results.command}\` in ${(results.seconds / 60).toFixed(1)} minutes on ${machine.processor}, ` +
      `${String(machine.cores)} cores, ${String(machine.memoryGigabytes)} GiB, ${machine.system}, Node ${machine.node}. ` +
      'Absolute figures drift from run to run; ratios are of one run. All is in the cache of the system; ' +
      'every copy starts from an empty target, and what it stored is compared byte for byte by hash.',
    ...(results.full
      ? []
      : ['', 'Measured in part or on less: what is fixed weighs more than it does in full.']),
    '',
    `Peers: ${peers
      .filter(({ version }) => version !== null)
      .map(describePeer)
      .join(', ')}.`,
    ...peers.filter(({ version }) => version === null).map(describeMissing),
    '',
    `Goals met: ${String(met)} of ${String(judged.length)}.`,
    '',
    ...tableOf(rows, earlier),
    '',
    ...notMeasured.map(({ group, reason }) => `- Not measured: ${group}: ${reason}`),
    '',
  ].join('\n');
}

function tableOf(rows: readonly Row[], earlier: Earlier): string[] {
  const trend = rows.some(({ id }) => earlier.has(id));
  const head = ['Work', 'Cloudroll', 'Peer', 'Ratio', 'Goal', 'Met', ...(trend ? ['Before'] : [])];
  const lines = rows.map((row) => [
    row.what,
    figure(row.ours, row.unit),
    peerCell(row),
    row.ratio === null ? '' : `${row.ratio.toFixed(2)} ×`,
    row.goal === null ? '' : goalCell(row.goal, row.unit),
    row.met === null ? '' : row.met ? 'yes' : '**no**',
    ...(trend ? [beforeCell(row, earlier)] : []),
  ]);
  const right = '---:';
  const rule = ['---', right, '---', right, right, '---', ...(trend ? [right] : [])];
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`);
}

function peerCell({ peer, unit }: Row): string {
  if (peer === null) return '';
  const value = peer.value === null ? 'not measured' : figure(peer.value, unit);
  return `${peer.name}: ${value}`;
}

function goalCell({ of, direction, limit }: Goal, unit: string): string {
  const sign = direction === 'atMost' ? '≤' : '≥';
  return of === 'ratio' ? `${sign} ${String(limit)} ×` : `${sign} ${String(limit)} ${unit}`;
}

function beforeCell(row: Row, earlier: Earlier): string {
  const before = earlier.get(row.id);
  if (before === undefined) return '';
  if (row.peer === null) return figure(before.ours, row.unit);
  return before.ratio === null ? '' : `${before.ratio.toFixed(2)} ×`;
}

/** Three digits that mean something. */
function figure(value: number, unit: string): string {
  const digits = value === 0 || value >= 100 ? 0 : Math.min(3, 2 - Math.floor(Math.log10(value)));
  return `${value.toFixed(digits)} ${unit}`;
}

function describePeer({ name, version }: Peer): string {
  return version === 'unknown' ? name : `${name} ${version ?? ''}`;
}

function describeMissing({ name, package: debian }: Peer): string {
  return `- Missing: ${name} (Debian: \`apt-get install ${debian}\`)`;
}
