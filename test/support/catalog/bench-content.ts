import { createHash } from 'node:crypto';

import type { Content } from '../../../electron/engine/catalog/catalog.ts';

const dayMs = 86_400_000;
const firstDayMs = Date.UTC(2005, 0, 1);
/** Twenty years. */
const days = 7305;

/** A photo of a large library: the same for the same index, spread over twenty years. */
export function benchContent(index: number): Content {
  const takenMs = firstDayMs + ((index * 2_654_435_761) % days) * dayMs + (index % 86_400) * 1000;
  return {
    hash: createHash('sha256').update(String(index)).digest('hex'),
    bytes: 3_000_000 + (index % 1_000_000),
    name: `IMG_${String(index).padStart(7, '0')}.jpg`,
    description: {
      type:
        index % 20 === 0
          ? { kind: 'video', mime: 'video/mp4' }
          : { kind: 'photo', mime: 'image/jpeg' },
      captured: {
        wall: new Date(takenMs).toISOString().slice(0, 19),
        offset: '+02:00',
        utcMs: takenMs - 7_200_000,
        source: 'exif',
        confidence: 'high',
      },
      width: 4000,
      height: 3000,
      camera: `Camera ${String(index % 12)}`,
      lens: 'RF24-70mm F2.8 L IS USM',
      exposure: '1/250 s f/2.8 ISO 100',
      latitude: null,
      longitude: null,
      rating: index % 5000 === 0 ? 5 : null,
      title: null,
      durationMs: null,
      contentIdentifier: null,
    },
  };
}
