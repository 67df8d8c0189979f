const clockOfQuota = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});
const dayMs = 24 * 60 * 60 * 1000;
const hourMs = 60 * 60 * 1000;

/**
 * When Google counts anew the requests of a day: at midnight Pacific time
 * (docs.cloud.google.com/docs/quotas/overview). Never before that; on a day when clocks change up to two hours
 * after it.
 */
export function nextDayOfQuota(nowMs: number): number {
  const parts = new Map(
    clockOfQuota.formatToParts(nowMs).map(({ type, value }) => [type, Number(value)]),
  );
  const [hours = 0, minutes = 0, seconds = 0] = (['hour', 'minute', 'second'] as const).map(
    (type) => parts.get(type),
  );
  const passedMs = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  return nowMs + dayMs - passedMs + hourMs;
}
