import type { SyncProgress } from '../../../../shared/contract/sync-events.ts';
import type { LiveLine } from '../terminal/output.ts';
import { shortenStart } from '../terminal/width.ts';
import type { Messages } from '../text/messages.ts';

export interface Measured {
  /** Null until enough was seen. */
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly problems: number;
  /** Whether a watch has nothing to do at the moment. */
  readonly watching: boolean;
  readonly columns: number;
}

const barColumns = 24;

/** Where a run stands, as lines of a terminal and as one plain line. Pure. */
export function syncDisplay(
  progress: SyncProgress,
  measured: Measured,
  messages: Messages,
): { readonly live: LiveLine[]; readonly plain: string } {
  const { numbers } = messages;
  const { bytesPerSecond, secondsLeft, problems } = measured;
  const what = [
    measured.watching ? messages.watching() : messages.phase(progress.phase),
    messages.found(progress),
    ...(progress.filesToRead > 0 ? [messages.read(progress)] : []),
    ...(progress.previewsToMake > 0
      ? [messages.previews(progress.previewsMade, progress.previewsToMake)]
      : []),
    ...(problems > 0 ? [messages.problemsSoFar(problems)] : []),
  ];
  const how = [
    messages.delivered(progress),
    messages.ofBytes(progress.bytesDelivered, progress.bytesToDeliver),
    ...(bytesPerSecond === null ? [] : [numbers.rate(bytesPerSecond)]),
    ...(secondsLeft === null || secondsLeft < 1 ? [] : [messages.timeLeft(secondsLeft)]),
  ];
  const share = shareDone(progress);
  const first: LiveLine = { text: what.join(' · '), style: problems > 0 ? 'bad' : 'strong' };
  const second: LiveLine = {
    text: [`${bar(share)} ${numbers.percent(share)}`, ...how].join(' · '),
    style: 'plain',
  };
  const current = progress.current ?? '';
  const third: LiveLine = { text: shortenStart(current, measured.columns - 1), style: 'dim' };
  return {
    live: [first, ...(progress.toDeliver > 0 ? [second] : []), ...(current === '' ? [] : [third])],
    plain: [...what, ...(progress.toDeliver > 0 ? [numbers.percent(share), ...how] : [])].join(
      ' · ',
    ),
  };
}

/** 0 to 1: by bytes, and by photos where there are no bytes to send; never full before the end. */
function shareDone(progress: SyncProgress): number {
  const { toDeliver, delivered, failed, bytesToDeliver, bytesDelivered } = progress;
  if (toDeliver === 0) return 1;
  const settled = (delivered + failed) / toDeliver;
  const share = bytesToDeliver > 0 ? bytesDelivered / bytesToDeliver : settled;
  return Math.min(1, settled < 1 ? Math.min(share, 0.99) : share);
}

function bar(share: number): string {
  const full = Math.floor(share * barColumns);
  return '█'.repeat(full) + '░'.repeat(barColumns - full);
}
