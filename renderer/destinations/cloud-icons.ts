import { createLucideIcon, type LucideIcon } from 'lucide-react';

/*
 * Drawn for this product in the manner of the other icons: what a place does, in nobody's mark. Each is a square
 * of 24 units, in lines.
 */

/** A pail: object storage. */
export const Bucket: LucideIcon = createLucideIcon('bucket', [
  ['ellipse', { cx: '12', cy: '6.5', rx: '8.5', ry: '3', key: 'rim' }],
  ['path', { d: 'm3.5 6.5 2.2 12.1c.3 1.6 2.9 2.9 6.3 2.9s6-1.3 6.3-2.9l2.2-12.1', key: 'pail' }],
]);

/** A drive below a cloud. */
export const CloudDrive: LucideIcon = createLucideIcon('cloud-drive', [
  [
    'path',
    {
      d: 'M6.3 13a4.1 4.1 0 0 1-.2-8.1 5.8 5.8 0 0 1 11 1.3A3.5 3.5 0 0 1 17.6 13Z',
      key: 'cloud',
    },
  ],
  ['rect', { x: '3', y: '16.5', width: '18', height: '5', rx: '1.75', key: 'drive' }],
  ['path', { d: 'M17 19h.01', key: 'light' }],
]);

/** Two clouds, one before the other. */
export const Clouds: LucideIcon = createLucideIcon('clouds', [
  [
    'path',
    { d: 'M6.2 20.5a4 4 0 0 1-.3-7.98 5.6 5.6 0 0 1 10.7 1.3 3.4 3.4 0 0 1 .5 6.68Z', key: 'near' },
  ],
  ['path', { d: 'M8 6.6a4.9 4.9 0 0 1 8.9 1.7 3.6 3.6 0 0 1 3.5 5.8', key: 'far' }],
]);

/** A box that takes something in. */
export const OpenBox: LucideIcon = createLucideIcon('open-box', [
  ['path', { d: 'M3 13v6a1.75 1.75 0 0 0 1.75 1.75h14.5A1.75 1.75 0 0 0 21 19v-6', key: 'box' }],
  ['path', { d: 'm3 13 3-3.5h2.2', key: 'left' }],
  ['path', { d: 'm21 13-3-3.5h-2.2', key: 'right' }],
  ['path', { d: 'M12 3v11.5', key: 'arrow' }],
  ['path', { d: 'm8.5 11.2 3.5 3.3 3.5-3.3', key: 'point' }],
]);

/** A box inside a cloud. */
export const BoxCloud: LucideIcon = createLucideIcon('box-cloud', [
  [
    'path',
    {
      d: 'M6.5 20a4.6 4.6 0 0 1-.7-9.14 6.6 6.6 0 0 1 12.6 1.5A3.9 3.9 0 0 1 17.9 20Z',
      key: 'cloud',
    },
  ],
  ['path', { d: 'm12 10.4 3 1.6v3.3l-3 1.6-3-1.6V12Z', key: 'box' }],
  ['path', { d: 'm9.1 12.1 2.9 1.5 2.9-1.5M12 13.6v3.2', key: 'edges' }],
]);

/** A folder with a cloud on it. */
export const FolderCloud: LucideIcon = createLucideIcon('folder-cloud', [
  [
    'path',
    {
      d: 'M4 20a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2h3.9a2 2 0 0 1 1.7.9l.8 1.2a2 2 0 0 0 1.7.9H20a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2Z',
      key: 'folder',
    },
  ],
  [
    'path',
    { d: 'M9.4 16.8a2.1 2.1 0 0 1-.1-4.2 3 3 0 0 1 5.7.7 1.8 1.8 0 0 1-.1 3.5Z', key: 'cloud' },
  ],
]);

/** Pictures put up for others to see. */
export const ShownPictures: LucideIcon = createLucideIcon('shown-pictures', [
  ['rect', { x: '3', y: '7.5', width: '13.5', height: '13.5', rx: '2', key: 'front' }],
  ['path', { d: 'M7.5 3.5H18a3 3 0 0 1 3 3V17', key: 'back' }],
  ['path', { d: 'm3 17.5 3.7-3.4a1.5 1.5 0 0 1 2 0l6 5.4', key: 'hills' }],
  ['circle', { cx: '12.4', cy: '11.6', r: '1.1', key: 'sun' }],
]);

/** A picture above a server of one's own. */
export const PictureServer: LucideIcon = createLucideIcon('picture-server', [
  ['rect', { x: '4', y: '2.5', width: '16', height: '11', rx: '2', key: 'picture' }],
  ['path', { d: 'm4 11 4-3.6a1.4 1.4 0 0 1 1.9 0l6.4 6', key: 'hills' }],
  ['circle', { cx: '15.8', cy: '6.3', r: '1.1', key: 'sun' }],
  ['rect', { x: '3', y: '17', width: '18', height: '4.5', rx: '1.5', key: 'server' }],
  ['path', { d: 'M6.5 19.25h.01M12 19.25h5.5', key: 'lights' }],
]);
