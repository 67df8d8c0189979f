import { ChevronDown } from 'lucide-react';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { DestinationCard } from '../../shared/contract/app/destinations.ts';
import { Button } from '../design/button.tsx';
import { ChoiceCards } from '../design/choice-cards.tsx';
import { useFormats, useLanguage } from '../text/use-formats.ts';
import { CardForm } from './card-form.tsx';
import { firstCards, orderedCards } from './card-groups.ts';
import { draftOf, withDraft, type DestinationEntry, type DraftProblems } from './draft.ts';
import { destinationIcon } from './icons.tsx';

import './destinations.css';

/** Every kind of destination as a card, and the form of the one that is chosen. */
export function DestinationForm({
  cards,
  entry,
  problems,
  disabled,
  onChange,
}: {
  readonly cards: readonly DestinationCard[];
  readonly entry: DestinationEntry;
  readonly problems: DraftProblems;
  readonly disabled: boolean;
  readonly onChange: (entry: DestinationEntry) => void;
}): ReactElement {
  const { t } = useTranslation('destinations');
  const language = useLanguage();
  const formats = useFormats();
  const [all, setAll] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  /** Whether the kind was just chosen by hand. */
  const chosen = useRef(false);
  const card = cards.find(({ id }) => id === entry.card) ?? null;
  const ordered = orderedCards(cards);
  const shown = all ? ordered : firstCards(ordered, card?.id ?? null);
  useEffect(() => {
    if (!chosen.current) return;
    chosen.current = false;
    // Whoever walks the kinds by keyboard stays with them.
    if (document.activeElement?.matches(':focus-visible') === true) return;
    form.current?.scrollIntoView({ block: 'nearest' });
  }, [entry.card]);
  return (
    <div className="destination-form">
      <ChoiceCards
        label={t('kind')}
        compact
        disabled={disabled}
        choices={shown.map(({ id, title, icon, group }) => ({
          value: id,
          title: title[language],
          icon: destinationIcon(icon),
          group: t(`group_${group}`),
        }))}
        value={entry.card}
        onChange={(id) => {
          chosen.current = true;
          onChange({ ...entry, card: id });
        }}
      />
      {shown.length === cards.length ? null : (
        <div>
          <Button
            size="small"
            variant="quiet"
            icon={ChevronDown}
            isDisabled={disabled}
            onPress={() => {
              setAll(true);
            }}
          >
            {t('allKinds', { number: formats.number(cards.length - shown.length) })}
          </Button>
        </div>
      )}
      {card === null ? null : (
        <div ref={form} className="destination-chosen">
          <CardForm
            key={card.id}
            card={card}
            draft={draftOf(entry, card)}
            problems={problems}
            disabled={disabled}
            onChange={(draft) => {
              onChange(withDraft(entry, draft));
            }}
          />
        </div>
      )}
    </div>
  );
}
