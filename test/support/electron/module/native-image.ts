import { existsSync, readFileSync } from 'node:fs';

import type { NativeImage } from 'electron';

type ImageMethods = Pick<NativeImage, 'isEmpty' | 'setTemplateImage' | 'toPNG'>;

/** A picture from a file; its bytes stand in for their PNG. */
export class StandInImage implements ImageMethods {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  isEmpty(): boolean {
    return !existsSync(this.path);
  }

  setTemplateImage(): void {
    // Only macOS draws template images.
  }

  toPNG(): Buffer {
    return readFileSync(this.path);
  }
}

export function pathOf(image: unknown): string {
  if (typeof image === 'string') return image;
  if (image instanceof StandInImage && !image.isEmpty()) return image.path;
  throw new Error('Failed to load image.');
}
