import { ChevronDown } from 'lucide-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { UploadTarget } from '../../shared/contract/app/uploads.ts';
import { useAppQuery } from '../app/engine.tsx';
import { useHost } from '../app/host.ts';
import { Checkbox } from '../design/checkbox.tsx';
import { SuggestField } from '../design/suggest-field.tsx';
import { useBackups } from '../destinations/use-backups.ts';

/** Album and destinations of what is dropped next; closed until it is wanted. */
export function TargetChoice({
  target,
  onChange,
}: {
  readonly target: UploadTarget;
  readonly onChange: (target: UploadTarget) => void;
}): ReactElement {
  const { t } = useTranslation('upload');
  const destinations = useBackups();
  // Files without a path are kept in a folder of their own, which goes to every destination.
  const hasPaths = useHost().pathOf !== null;
  const { data: albums } = useAppQuery('albums.list', {});
  const chosen = destinations.filter(({ id }) => target.destinations.includes(id));
  const everywhere = chosen.length === 0 || chosen.length === destinations.length;
  const where = everywhere ? t('everywhere') : chosen.map(({ name }) => name).join(', ');
  return (
    <details className="upload-target">
      <summary>
        <span>
          {target.album === null ? where : t('targetAlbum', { album: target.album, where })}
        </span>
        <ChevronDown aria-hidden />
      </summary>
      <div className="upload-target-fields">
        <SuggestField
          label={t('album')}
          help={t('albumHelp')}
          value={target.album ?? ''}
          suggestions={[...new Set((albums ?? []).map(({ name }) => name))]}
          maxLength={200}
          onChange={(album) => {
            onChange({ ...target, album: album.trim() === '' ? null : album });
          }}
        />
        {destinations.length < 2 || !hasPaths ? null : (
          <fieldset className="upload-destinations">
            <legend className="field-label">{t('destinations')}</legend>
            {destinations.map(({ id, name }) => {
              const selected = everywhere || target.destinations.includes(id);
              return (
                <Checkbox
                  key={id}
                  label={name}
                  selected={selected}
                  disabled={selected && !everywhere && chosen.length === 1}
                  onChange={(now) => {
                    const before = everywhere
                      ? destinations.map((each) => each.id)
                      : target.destinations;
                    onChange({
                      ...target,
                      destinations: now ? [...before, id] : before.filter((each) => each !== id),
                    });
                  }}
                />
              );
            })}
          </fieldset>
        )}
      </div>
    </details>
  );
}
