import { ChevronDown, ExternalLink } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type {
  DestinationCard,
  DestinationDraft,
  DestinationField,
} from '../../shared/contract/app/destinations.ts';
import { useSnapshot } from '../app/engine.tsx';
import { useHost } from '../app/host.ts';
import { Button } from '../design/button.tsx';
import { ChoiceCards } from '../design/choice-cards.tsx';
import { Note } from '../design/note.tsx';
import { Select } from '../design/select.tsx';
import { TextField } from '../design/text-field.tsx';
import { useFormats, useLanguage } from '../text/use-formats.ts';
import {
  draftOf,
  valueOf,
  withDraft,
  withField,
  type DestinationEntry,
  type DraftProblem,
  type DraftProblems,
} from './draft.ts';
import { destinationIcon } from './icons.tsx';
import { PlaceField } from './place-field.tsx';

import './destinations.css';

/** Kinds that are shown at first: what most people have. */
const FIRST = 6;

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
  const card = cards.find(({ id }) => id === entry.card) ?? null;
  const first = cards.slice(0, FIRST);
  const shown = all || (card !== null && !first.includes(card)) ? cards : first;
  return (
    <div className="destination-form">
      <ChoiceCards
        label={t('kind')}
        compact
        disabled={disabled}
        choices={shown.map(({ id, title, icon }) => ({
          value: id,
          title: title[language],
          icon: destinationIcon(icon),
        }))}
        value={entry.card}
        onChange={(id) => {
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
      )}
    </div>
  );
}

function CardForm({
  card,
  draft,
  problems,
  disabled,
  onChange,
}: {
  readonly card: DestinationCard;
  readonly draft: DestinationDraft;
  readonly problems: DraftProblems;
  readonly disabled: boolean;
  readonly onChange: (draft: DestinationDraft) => void;
}): ReactElement {
  const { t } = useTranslation('destinations');
  const language = useLanguage();
  const host = useHost();
  const { console: address } = card;
  return (
    <div className="destination-fields" role="group" aria-label={card.title[language]}>
      <p className="destination-about">{card.description[language]}</p>
      {address === null ? null : (
        <div>
          <Button
            size="small"
            icon={ExternalLink}
            onPress={() => {
              host.openExternal(address);
            }}
          >
            {t('openConsole')}
          </Button>
        </div>
      )}
      {card.fields.some(({ type }) => type === 'secret') ? <KeychainNote /> : null}
      {card.fields.map((field) => (
        <CardField
          key={field.name}
          card={card}
          field={field}
          value={valueOf(draft, field)}
          problem={problems[field.name]}
          disabled={disabled}
          onChange={(value) => {
            onChange(withField(draft, field, value));
          }}
        />
      ))}
      <TextField
        label={t('name')}
        help={t('nameHelp')}
        value={draft.name}
        isDisabled={disabled}
        maxLength={100}
        autoComplete="off"
        onChange={(name) => {
          onChange({ ...draft, name });
        }}
      />
    </div>
  );
}

/** One field of the form. A secret is typed unseen, and nothing ever fills it in again. */
export function CardField({
  card,
  field,
  value,
  problem,
  disabled,
  onChange,
}: {
  readonly card: DestinationCard;
  readonly field: DestinationField;
  readonly value: string;
  readonly problem: DraftProblem | undefined;
  readonly disabled: boolean;
  readonly onChange: (value: string) => void;
}): ReactElement {
  const { t } = useTranslation('destinations');
  const language = useLanguage();
  const label = field.label[language];
  const help = field.help?.[language];
  const error = problem === undefined ? undefined : t(problem, { label });
  if (field.type === 'folder') {
    return (
      <PlaceField
        label={label}
        help={help}
        error={error}
        icon={card.icon}
        everyPlace={card.id === 'file'}
        value={value}
        disabled={disabled}
        onChange={onChange}
      />
    );
  }
  if (field.type === 'choice') {
    return (
      <Select
        label={label}
        help={help}
        value={value}
        disabled={disabled}
        options={field.choices.map((choice) => ({
          value: choice.value,
          label: choice.label[language],
        }))}
        onChange={onChange}
      />
    );
  }
  return (
    <TextField
      label={field.required ? label : t('optional', { label })}
      help={help}
      error={error}
      value={value}
      isDisabled={disabled}
      isRequired={field.required}
      validationBehavior="aria"
      type={field.type === 'secret' ? 'password' : 'text'}
      autoComplete={field.type === 'secret' ? 'new-password' : 'off'}
      spellCheck="false"
      placeholder={field.placeholder}
      onChange={onChange}
    />
  );
}

/** Says so where this computer cannot keep secrets. */
export function KeychainNote(): ReactElement | null {
  const { t } = useTranslation('destinations');
  const { keychain } = useSnapshot();
  if (keychain.available) return null;
  return (
    <Note tone="warning" title={t('noKeychain')}>
      <p>{t('noKeychainHint')}</p>
      {keychain.hint === null ? null : (
        <p className="destination-detail" lang="en">
          {keychain.hint}
        </p>
      )}
    </Note>
  );
}
