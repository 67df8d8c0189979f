import { Cloud, Database, Folder, HardDrive, Network, Server, type LucideIcon } from 'lucide-react';
import { createElement, type ReactElement } from 'react';

const ICONS = new Map<string, LucideIcon>([
  ['folder', Folder],
  ['drive', HardDrive],
  ['hard-drive', HardDrive],
  ['nas', Network],
  ['bucket', Database],
  ['server', Server],
  ['sftp', Server],
  ['webdav', Server],
]);

/** The picture of a kind of destination, by the name that the engine gives it. */
export function destinationIcon(name: string): LucideIcon {
  return ICONS.get(name) ?? Cloud;
}

/** That picture, beside the destination's name. */
export function DestinationIcon({ name }: { readonly name: string }): ReactElement {
  return createElement(destinationIcon(name), { 'aria-hidden': true, strokeWidth: 1.75 });
}
