import { Camera, Cloud, Folder, HardDrive, Images, type LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { SuggestedFolder } from '../../shared/contract/app/folders.ts';
import { useFormats } from '../text/use-formats.ts';
import { useFolderCount } from './use-folder-count.ts';

export const FOLDER_ICONS: Readonly<Record<SuggestedFolder['kind'], LucideIcon>> = {
  pictures: Images,
  camera: Camera,
  drive: HardDrive,
  cloud: Cloud,
  other: Folder,
};

/** How many photos lie in a folder and how large they are, counted while it is looked at. */
export function FolderFigures({ path }: { readonly path: string }): ReactElement {
  const { t } = useTranslation(['folders', 'common']);
  const formats = useFormats();
  const { count, error } = useFolderCount(path);
  if (error !== null) return <span className="folder-figures">{t('cannotCount')}</span>;
  if (count === null) return <span className="folder-figures">{t('counting')}</span>;
  const photos = t('common:nPhotos', {
    count: count.photos,
    number: formats.number(count.photos),
  });
  return (
    <span className="folder-figures numeric" {...(count.complete ? {} : { 'aria-busy': true })}>
      {count.complete && count.photos === 0
        ? t('noPhotos')
        : `${photos} · ${formats.bytes(count.bytes)}${count.complete ? '' : ' …'}`}
    </span>
  );
}
