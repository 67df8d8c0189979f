import { Search, SearchX, SlidersHorizontal, X } from 'lucide-react';
import { useDeferredValue, useEffect, useRef, useState, type ReactElement } from 'react';
import { Input, SearchField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';

import type { TimelineFilter } from '../../shared/contract/app/timeline.ts';
import { useAppQuery } from '../app/engine.tsx';
import { Button } from '../design/button.tsx';
import { EmptyState } from '../design/surface.tsx';
import { Timeline } from '../timeline/timeline.tsx';
import { useFormats } from '../text/use-formats.ts';
import { EMPTY_SEARCH, filterOf, type SearchForm } from './search-filter.ts';
import { SearchFilters } from './search-filters.tsx';
import { useSearch } from './search-memory.tsx';

import './search.css';

/** Milliseconds without a key before the engine is asked. */
const PAUSE = 200;

/**
 * Photos by what they are called, where they lie, how, when and with what they were taken. Whoever comes back
 * finds what was searched for.
 */
export function SearchView(): ReactElement {
  const { t } = useTranslation('search');
  const [{ form, open }, setSearch] = useSearch();
  const input = useRef<HTMLInputElement>(null);
  const asked = useDeferredValue(useSettled(form));
  const key = JSON.stringify(filterOf(asked));
  const change = (part: Partial<SearchForm>): void => {
    setSearch({ form: { ...form, ...part }, open });
  };
  const isUntouched = form.text === '' && JSON.stringify(filterOf(form)) === '{}';
  const isEmpty = key === '{}';
  return (
    <div className="search">
      <div className="search-form" role="search">
        <h1 className="visually-hidden">{t('title')}</h1>
        <SearchField
          className="search-field"
          aria-label={t('title')}
          value={form.text}
          onChange={(text) => {
            change({ text });
          }}
          // Whoever comes here came to type.
          // eslint-disable-next-line jsx-a11y-x/no-autofocus -- the view is nothing but this field at first
          autoFocus
        >
          <Search aria-hidden />
          <Input
            ref={input}
            className="search-input"
            placeholder={t('placeholder')}
            maxLength={200}
          />
        </SearchField>
        <Button
          icon={SlidersHorizontal}
          aria-expanded={open}
          onPress={() => {
            setSearch({ form, open: !open });
          }}
        >
          {t('filters')}
        </Button>
        {isUntouched ? null : (
          <Button
            icon={X}
            variant="quiet"
            onPress={() => {
              setSearch({ form: EMPTY_SEARCH, open });
              // The button goes with what it clears.
              input.current?.focus();
            }}
          >
            {t('clear')}
          </Button>
        )}
        {open ? <SearchFilters form={form} onChange={change} /> : null}
      </div>
      <div className="search-results">
        {isEmpty ? (
          <EmptyState
            icon={Search}
            title={t('hintTitle')}
            text={t('hint')}
            actions={<Suggestions onChoose={change} />}
          />
        ) : (
          <Results key={key} filter={filterOf(asked)} />
        )}
      </div>
    </div>
  );
}

/** A value once it has stopped changing for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setSettled(value);
    }, PAUSE);
    return () => {
      window.clearTimeout(timer);
    };
  }, [value]);
  return settled;
}

/** Keeps the filter it began with: another one is another view. */
function Results({ filter: first }: { readonly filter: TimelineFilter }): ReactElement {
  const { t } = useTranslation('search');
  const [filter] = useState(first);
  return (
    <Timeline
      filter={filter}
      label={t('results')}
      header={<Found filter={filter} />}
      empty={<EmptyState icon={SearchX} title={t('nothingTitle')} text={t('nothing')} />}
    />
  );
}

function Found({ filter }: { readonly filter: TimelineFilter }): ReactElement {
  const { t } = useTranslation('common');
  const formats = useFormats();
  const { data } = useAppQuery('timeline.days', { filter });
  const count = data?.reduce((sum, day) => sum + day.count, 0);
  return (
    <p className="timeline-count numeric" role="status">
      {count === undefined ? null : t('nPhotos', { count, number: formats.number(count) })}
    </p>
  );
}

const SUGGESTIONS = [
  { text: 'suggestVideos', form: { kind: 'video' } },
  { text: 'suggestRaw', form: { kind: 'raw' } },
  { text: 'suggestWaiting', form: { state: 'waiting' } },
  { text: 'suggestFailed', form: { state: 'failed' } },
  { text: 'suggestPlaced', form: { placed: true } },
] as const satisfies readonly { text: string; form: Partial<SearchForm> }[];

function Suggestions({
  onChoose,
}: {
  readonly onChoose: (part: Partial<SearchForm>) => void;
}): ReactElement {
  const { t } = useTranslation('search');
  return (
    <>
      {SUGGESTIONS.map(({ text, form }) => (
        <Button
          key={text}
          size="small"
          onPress={() => {
            onChoose(form);
          }}
        >
          {t(text)}
        </Button>
      ))}
    </>
  );
}
