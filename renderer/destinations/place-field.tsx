import { FolderOpen } from 'lucide-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { DestinationCard } from '../../shared/contract/app/destinations.ts';
import type { SuggestedPlace } from '../../shared/contract/app/folders.ts';
import { useAppQuery } from '../app/engine.tsx';
import { Button } from '../design/button.tsx';
import { ChoiceCards, type ChoiceCard } from '../design/choice-cards.tsx';
import { Note } from '../design/note.tsx';
import { Badge, Skeleton } from '../design/surface.tsx';
import { folderName } from '../folders/paths.ts';
import { useChooseFolder } from '../folders/use-choose-folder.tsx';
import { useFormats } from '../text/use-formats.ts';
import { destinationIcon } from './icons.tsx';

/** Where a backup goes on this computer: places that are proposed, another drive first, or any other folder. */
export function PlaceField({
  label,
  help,
  error,
  card,
  value,
  disabled,
  onChange,
}: {
  readonly label: string;
  readonly help: string | undefined;
  readonly error: string | undefined;
  readonly card: Pick<DestinationCard, 'id' | 'icon'>;
  readonly value: string;
  readonly disabled: boolean;
  readonly onChange: (path: string) => void;
}): ReactElement {
  const { t } = useTranslation('destinations');
  const { choose, dialog } = useChooseFolder();
  const formats = useFormats();
  const { data, isPending } = useAppQuery('destinations.suggest', {});
  const places = (data ?? []).filter((place) => fits(place, card.id));
  const chosen = data?.find(({ path }) => path === value);
  const cards: ChoiceCard<string>[] = places.map((place) => placeCard(place, t, formats.bytes));
  if (value !== '' && !places.some(({ path }) => path === value)) {
    cards.push({
      value,
      title: folderName(value),
      text: value,
      icon: destinationIcon(card.icon),
    });
  }
  return (
    <div className="place-field" {...(error === undefined ? {} : { 'data-problem': true })}>
      {isPending ? (
        <Skeleton height="3.5rem" />
      ) : (
        <ChoiceCards
          label={label}
          help={help}
          choices={cards}
          value={value === '' ? null : value}
          disabled={disabled}
          onChange={onChange}
        />
      )}
      <div>
        <Button
          icon={FolderOpen}
          isDisabled={disabled}
          onPress={() => {
            choose({ title: t('choosePlace'), forWriting: true, onChosen: onChange });
          }}
        >
          {cards.length === 0 ? t('chooseFolder') : t('otherFolder')}
        </Button>
      </div>
      {chosen?.sameDrive === true ? (
        <Note tone="warning" title={t('sameDriveWarning')}>
          <p>{t('sameDriveHint')}</p>
        </Note>
      ) : null}
      {error === undefined ? null : (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      {dialog}
    </div>
  );
}

/** Whether a proposed place is of the kind that a card is for. */
function fits({ kind, name }: SuggestedPlace, card: string): boolean {
  switch (card) {
    case 'file':
      return true;
    case 'file:drive':
      return kind === 'drive';
    case 'file:mybox':
      return kind === 'cloud' && /mybox/iu.test(name);
    case 'file:cloud':
      return kind === 'cloud' && !/mybox/iu.test(name);
    default:
      return false;
  }
}

const PLACE_ICONS: Readonly<Record<SuggestedPlace['kind'], string>> = {
  drive: 'hard-drive',
  cloud: 'cloud-folder',
  folder: 'folder',
};

function placeCard(
  place: SuggestedPlace,
  t: ReturnType<typeof useTranslation<'destinations'>>['t'],
  bytes: (value: number) => string,
): ChoiceCard<string> {
  const { path, name, kind, free, sameDrive } = place;
  return {
    value: path,
    title: name,
    text: free === null ? path : t('placeFree', { path, free: bytes(free) }),
    icon: destinationIcon(PLACE_ICONS[kind]),
    aside: sameDrive ? (
      <Badge tone="warning">{t('sameDrive')}</Badge>
    ) : kind === 'drive' ? (
      <Badge tone="safe">{t('otherDrive')}</Badge>
    ) : undefined,
  };
}
