const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

/** Numbers, sizes and times as people of a locale write them. */
export class Numbers {
  readonly #locale: string;
  readonly #integer: Intl.NumberFormat;
  readonly #plural: Intl.PluralRules;

  constructor(locale: string) {
    this.#locale = locale;
    this.#integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    this.#plural = new Intl.PluralRules(locale);
  }

  /** `1,234` */
  count(value: number): string {
    return this.#integer.format(value);
  }

  /** The number with the form of the word that goes with it: `1 photo`, `2 photos`. */
  counted(value: number, one: string, other: string): string {
    return `${this.count(value)} ${this.#plural.select(value) === 'one' ? one : other}`;
  }

  /** Decimal units: `34.2 MB`. */
  bytes(value: number): string {
    let scaled = Math.max(0, value);
    let unit = 0;
    // 999,500 would be rounded to "1,000 kB".
    while (scaled >= 999.5 && unit < units.length - 1) {
      scaled /= 1000;
      unit += 1;
    }
    return new Intl.NumberFormat(this.#locale, {
      style: 'unit',
      unit: units[unit] ?? 'byte',
      unitDisplay: unit === 0 ? 'long' : 'short',
      maximumFractionDigits: unit === 0 || scaled >= 99.95 ? 0 : 1,
    }).format(scaled);
  }

  /** `34.2 MB/s` */
  rate(bytesPerSecond: number): string {
    return `${this.bytes(bytesPerSecond)}/s`;
  }

  percent(fraction: number): string {
    return new Intl.NumberFormat(this.#locale, {
      style: 'percent',
      maximumFractionDigits: 0,
    }).format(fraction);
  }

  /** The two largest units: `2 hr, 5 min`; below ten seconds with a fraction, at least a tenth. */
  duration(seconds: number): string {
    const format = new Intl.DurationFormat(this.#locale, { style: 'short' });
    if (seconds < 9.95) {
      const tenths = Math.max(1, Math.round(seconds * 10));
      return new Intl.NumberFormat(this.#locale, {
        style: 'unit',
        unit: 'second',
        maximumFractionDigits: 1,
      }).format(tenths / 10);
    }
    const whole = Math.round(seconds);
    if (whole < 60) return format.format({ seconds: whole });
    if (whole < 3600)
      return format.format({ minutes: Math.floor(whole / 60), seconds: whole % 60 });
    const minutes = Math.round(whole / 60);
    if (minutes < 24 * 60) {
      return format.format({ hours: Math.floor(minutes / 60), minutes: minutes % 60 });
    }
    const hours = Math.round(minutes / 60);
    return format.format({ days: Math.floor(hours / 24), hours: hours % 24 });
  }

  /** Date and time of this computer's zone. */
  moment(ms: number): string {
    return new Intl.DateTimeFormat(this.#locale, {
      dateStyle: 'medium',
      timeStyle: 'short',
    }).format(ms);
  }

  /** `a, b, and c` */
  list(parts: readonly string[]): string {
    return new Intl.ListFormat(this.#locale, { type: 'conjunction' }).format(parts);
  }
}
