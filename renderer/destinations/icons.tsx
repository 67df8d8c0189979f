import { Cloud, Folder, HardDrive, Network, Server, type LucideIcon } from 'lucide-react';
import { createElement, type ReactElement } from 'react';

import {
  BoxCloud,
  Bucket,
  CloudDrive,
  Clouds,
  FolderCloud,
  OpenBox,
  PictureServer,
  ShownPictures,
} from './cloud-icons.ts';

const ICONS = new Map<string, LucideIcon>([
  ['folder', Folder],
  ['hard-drive', HardDrive],
  ['nas', Network],
  ['cloud', Cloud],
  ['cloud-folder', FolderCloud],
  ['mybox', BoxCloud],
  ['gdrive', CloudDrive],
  ['onedrive', Clouds],
  ['dropbox', OpenBox],
  ['gphotos', ShownPictures],
  ['immich', PictureServer],
  ['bucket', Bucket],
  ['server', Server],
]);

/** The picture of a kind of destination, by the name that the engine gives it. */
export function destinationIcon(name: string): LucideIcon {
  return ICONS.get(name) ?? Cloud;
}

/** That picture, beside the destination's name. */
export function DestinationIcon({ name }: { readonly name: string }): ReactElement {
  return createElement(destinationIcon(name), { 'aria-hidden': true, strokeWidth: 1.75 });
}
