import { nextTimestamp, observe } from '../../../shared/domain/hybrid-clock.ts';
import { text } from './row.ts';
import type { Database } from './database.ts';

/** Who this catalogue is among the devices that share a destination. */
export interface Device {
  /** Random, lower-case hexadecimal; new whenever a clone is found. */
  readonly id: string;
  /** For people, e.g. the host name. */
  readonly name: string;
}

/** The catalogue's own facts: its device, its hybrid logical clock, the number of the current run. */
export class Identity {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The device, or null in a catalogue that has none yet. */
  device(): Device | null {
    const id = this.#read('device');
    return id === null ? null : { id, name: this.#read('deviceName') ?? id };
  }

  /** Takes on a device id: the first one, or a new one after a clone was found. */
  become(device: Device): void {
    this.#database.transaction(() => {
      this.#write('device', device.id);
      this.#write('deviceName', device.name);
    });
  }

  /**
   * A new timestamp, greater than all given out or observed before. Call it inside the transaction that
   * uses it.
   * @param after an entry that the new one must overrule, however far its device's clock was ahead
   */
  stamp(nowMs: number, after = ''): string {
    const device = this.#deviceId();
    const next = nextTimestamp(this.#read('clock'), nowMs, device);
    this.#write('clock', next);
    // This device's own clock is not carried along into another one's future.
    return next > after ? next : nextTimestamp(after, nowMs, device);
  }

  /** Takes note of another device's timestamp. */
  observe(remote: string, nowMs: number): void {
    this.#write('clock', observe(this.#read('clock'), remote, nowMs, this.#deviceId()));
  }

  /** Starts a run and returns its number. */
  startRun(): number {
    return this.#database.transaction(() => {
      const run = Number(this.#read('run') ?? '0') + 1;
      this.#write('run', String(run));
      return run;
    });
  }

  #deviceId(): string {
    return this.#read('device') ?? '';
  }

  #read(key: string): string | null {
    const row = this.#database.get('SELECT value FROM meta WHERE key = ?', key);
    return row === undefined ? null : text(row, 'value');
  }

  #write(key: string, value: string): void {
    this.#database.run(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      value,
    );
  }
}
