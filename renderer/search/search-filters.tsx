import type { ReactElement } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';

import { useAppQuery } from '../app/engine.tsx';
import { Button } from '../design/button.tsx';
import { Select } from '../design/select.tsx';
import { Switch } from '../design/switch.tsx';
import {
  EMPTY_SEARCH,
  kindChoices,
  ratingChoices,
  stateChoices,
  type SearchForm,
} from './search-filter.ts';

/** All that a search can be narrowed by. */
export function SearchFilters({
  form,
  onChange,
}: {
  readonly form: SearchForm;
  readonly onChange: (part: Partial<SearchForm>) => void;
}): ReactElement {
  const { t } = useTranslation('search');
  const cameras = useAppQuery('timeline.cameras', {}).data ?? [];
  const albums = useAppQuery('albums.list', {}).data ?? [];
  return (
    <div className="search-filters">
      <Select
        label={t('kind')}
        value={form.kind}
        options={kindChoices.map((value) => ({ value, label: t(`kind_${value}`) }))}
        onChange={(kind) => {
          onChange({ kind });
        }}
      />
      <Select
        label={t('state')}
        value={form.state}
        options={stateChoices.map((value) => ({ value, label: t(`state_${value}`) }))}
        onChange={(state) => {
          onChange({ state });
        }}
      />
      <Select
        label={t('camera')}
        value={form.camera}
        options={[
          { value: '', label: t('anyCamera') },
          ...cameras.map((camera) => ({ value: camera, label: camera })),
        ]}
        onChange={(camera) => {
          onChange({ camera });
        }}
      />
      <Select
        label={t('album')}
        value={form.album}
        options={[
          { value: '', label: t('anyAlbum') },
          ...albums.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(album) => {
          onChange({ album });
        }}
      />
      <Day
        label={t('from')}
        value={form.from}
        onChange={(from) => {
          onChange({ from });
        }}
      />
      <Day
        label={t('to')}
        value={form.to}
        onChange={(to) => {
          onChange({ to });
        }}
      />
      <Select
        label={t('rating')}
        value={form.rating}
        options={ratingChoices.map((value) => ({
          value,
          label: value === 'any' ? t('anyRating') : t('stars', { count: Number(value) }),
        }))}
        onChange={(rating) => {
          onChange({ rating });
        }}
      />
      <div className="search-switches">
        <Switch
          label={t('placed')}
          selected={form.placed}
          onChange={(placed) => {
            onChange({ placed });
          }}
        />
        <Switch
          label={t('duplicates')}
          selected={form.duplicates}
          onChange={(duplicates) => {
            onChange({ duplicates });
          }}
        />
      </div>
      <Button
        variant="quiet"
        size="small"
        onPress={() => {
          onChange({ ...EMPTY_SEARCH, text: form.text });
        }}
      >
        {t('reset')}
      </Button>
    </div>
  );
}

/** A day, in the browser's own picker: it follows language and region by itself. */
function Day({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (day: string) => void;
}): ReactElement {
  return (
    <TextField className="field" value={value} onChange={onChange} type="date">
      <Label className="field-label">{label}</Label>
      <Input className="field-input" max="9999-12-31" />
    </TextField>
  );
}
