import type { Net, PowerMonitor } from 'electron';

import type { Surroundings } from '../engine/engine.ts';
import type { Timers } from './timers.ts';
import { Watched } from './watched.ts';

export interface SurroundingsOptions {
  readonly power: Pick<PowerMonitor, 'on' | 'isOnBatteryPower'>;
  readonly net: Pick<Net, 'isOnline'>;
  readonly platform: NodeJS.Platform;
  readonly timers: Timers;
}

/** How often it is asked what no event tells. */
const pollMs = 15_000;

/**
 * Battery, sleep and network, for the engine. On Linux the battery is asked for, since no event tells; the
 * network is asked for everywhere. `online` is false only where the system is sure of it.
 */
export function watchSurroundings(options: SurroundingsOptions): Watched<Surroundings> {
  const { power, net, platform, timers } = options;
  const watched = new Watched<Surroundings>({
    onBattery: power.isOnBatteryPower(),
    suspended: false,
    online: net.isOnline(),
  });
  const change = (part: Partial<Surroundings>): void => {
    const before = watched.value;
    const after = { ...before, ...part };
    if (
      after.onBattery !== before.onBattery ||
      after.suspended !== before.suspended ||
      after.online !== before.online
    ) {
      watched.set(after);
    }
  };
  power.on('suspend', () => {
    change({ suspended: true });
  });
  power.on('resume', () => {
    change({ suspended: false, online: net.isOnline(), onBattery: power.isOnBatteryPower() });
  });
  if (platform !== 'linux') {
    power.on('on-battery', () => {
      change({ onBattery: true });
    });
    power.on('on-ac', () => {
      change({ onBattery: false });
    });
  }
  const poll = (): void => {
    const battery = platform === 'linux' ? { onBattery: power.isOnBatteryPower() } : {};
    change({ online: net.isOnline(), ...battery });
    timers.after(pollMs, poll);
  };
  timers.after(pollMs, poll);
  return watched;
}
