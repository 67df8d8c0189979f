import { describe, expect, it } from 'vitest';

import { SeededRandom } from '../../support/simulation/seeded-random.ts';
import { SimulatedVolume } from '../../support/simulation/simulated-volume.ts';

const encoder = new TextEncoder();
const full = encoder.encode('all the bytes of a photo');

function makeVolume(options: { readonly capacity?: number } = {}): SimulatedVolume {
  return new SimulatedVolume({
    name: 'disk',
    device: 1,
    caseSensitive: true,
    normalisation: 'exact',
    granularityMs: 1,
    hardLinks: true,
    capacity: options.capacity ?? 1_000_000,
    now: () => 1_700_000_000_000,
  });
}

/** What a reader finds after a power loss, over many seeds. */
function outcomes(prepare: (volume: SimulatedVolume) => void): Set<string> {
  const found = new Set<string>();
  for (let seed = 0; seed < 200; seed += 1) {
    const volume = makeVolume();
    prepare(volume);
    volume.losePower(new SeededRandom(seed));
    const node = volume.find(['photo']);
    found.add(node?.kind === 'file' ? new TextDecoder('latin1').decode(node.data) : 'gone');
  }
  return found;
}

describe('a power loss', () => {
  it('takes nothing of a synced file in a synced directory', () => {
    const found = outcomes((volume) => {
      const node = volume.createFile(['photo'], 'engine', full);
      volume.syncFile(node);
      volume.syncDirectory([]);
      expect(volume.durableFile(['photo'])).toBe(full);
    });
    expect([...found]).toEqual(['all the bytes of a photo']);
  });

  it('may take the name of a synced file whose directory was not synced', () => {
    const found = outcomes((volume) => {
      volume.syncFile(volume.createFile(['photo'], 'engine', full));
      expect(volume.durableFile(['photo'])).toBeNull();
    });
    expect(found).toEqual(new Set(['gone', 'all the bytes of a photo']));
  });

  it('may cut, empty or spoil a file that was not synced', () => {
    const found = outcomes((volume) => {
      volume.createFile(['photo'], 'engine', full);
      volume.syncDirectory([]);
      expect(volume.durableFile(['photo'])).toBeNull();
    });
    expect(found.has('')).toBe(true);
    expect(found.has('\0'.repeat(full.length))).toBe(true);
    expect(found.has('all the bytes of a photo')).toBe(true);
    expect(found.size).toBeGreaterThan(5);
  });

  it('may bring back the old name, the new one, both or none after an unsynced rename', () => {
    const found = new Set<string>();
    for (let seed = 0; seed < 200; seed += 1) {
      const volume = makeVolume();
      volume.syncFile(volume.createFile(['old'], 'engine', full));
      volume.syncDirectory([]);
      volume.rename(['old'], ['new'], 'engine', false);
      volume.losePower(new SeededRandom(seed));
      found.add([...volume.root.entries.keys()].toSorted().join('+'));
    }
    expect(found).toEqual(new Set(['old', 'new', 'new+old', '']));
  });

  it('takes a whole tree whose directory was never made durable', () => {
    const volume = makeVolume();
    volume.makeDirectory(['2024'], 'engine');
    volume.syncFile(volume.createFile(['2024', 'photo'], 'engine', full));
    volume.syncDirectory(['2024']);
    expect(volume.durableFile(['2024', 'photo'])).toBeNull();
    volume.syncDirectory([]);
    expect(volume.durableFile(['2024', 'photo'])).toBe(full);
  });

  it('never touches what the user wrote', () => {
    const found = outcomes((volume) => {
      volume.createFile(['photo'], 'user', full);
    });
    expect([...found]).toEqual(['all the bytes of a photo']);
  });

  it('makes a sync worthless after one that failed', () => {
    const volume = makeVolume();
    const node = volume.createFile(['photo'], 'engine', full);
    volume.syncDirectory([]);
    node.poisoned = true;
    volume.syncFile(node);
    expect(volume.durableFile(['photo'])).toBeNull();
  });
});

describe('a volume', () => {
  it('records what the engine does to the files of the user', () => {
    const volume = makeVolume();
    const node = volume.createFile(['photo'], 'user', full);
    volume.write(node, encoder.encode('other'), 'user');
    expect(volume.violations).toEqual([]);
    volume.setModified(['photo'], 0, 'engine');
    volume.write(node, full, 'engine');
    volume.rename(['photo'], ['moved'], 'engine', false);
    volume.unlink(['moved'], 'engine');
    expect(volume.violations).toHaveLength(4);
  });

  it('has no space beyond its capacity', () => {
    const volume = makeVolume({ capacity: 30 });
    volume.createFile(['a'], 'engine', full);
    expect(() => volume.createFile(['b'], 'engine', full)).toThrow('no space');
    volume.unlink(['a'], 'engine');
    volume.createFile(['b'], 'engine', full);
    expect(volume.used).toBe(full.length);
  });
});
