import { catalogueGroup } from './catalogue.ts';
import { cloudsGroup } from './clouds.ts';
import { folderGroup } from './folder.ts';
import type { Group } from './group.ts';
import { hashingGroup } from './hashing.ts';
import { idleGroup } from './idle.ts';
import { rendererGroup } from './renderer.ts';
import { rescanGroup } from './rescan.ts';
import { latencyGroup, s3Group } from './s3.ts';
import { scanGroup } from './scan.ts';
import { sinkGroup } from './sink.ts';
import { startGroup } from './start.ts';
import { thumbnailsGroup } from './thumbnails.ts';
import { tinyGroup } from './tiny.ts';

/** Everything that is measured, in the order of the table. */
export const groups: readonly Group[] = [
  folderGroup,
  tinyGroup,
  s3Group,
  sinkGroup,
  latencyGroup,
  cloudsGroup,
  thumbnailsGroup,
  hashingGroup,
  scanGroup,
  rescanGroup,
  catalogueGroup,
  startGroup,
  rendererGroup,
  idleGroup,
];
