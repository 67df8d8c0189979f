const HOUR = 3_600_000;
/** "Tomorrow" begins when people get up. */
const MORNING = 6;

/** In milliseconds since 1970. */
export function inOneHour(now: Date): number {
  return now.getTime() + HOUR;
}

/** Six in the morning of the next day by the clock on the wall, in milliseconds since 1970. */
export function nextMorning(now: Date): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, MORNING).getTime();
}
