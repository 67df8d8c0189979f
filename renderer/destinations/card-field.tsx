import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { DestinationCard, DestinationField } from '../../shared/contract/app/destinations.ts';
import { Select } from '../design/select.tsx';
import { TextField } from '../design/text-field.tsx';
import { useLanguage } from '../text/use-formats.ts';
import type { DraftProblem } from './draft.ts';
import { PlaceField } from './place-field.tsx';

/**
 * One field of the form that is typed or chosen. A secret is typed unseen, and nothing ever fills it in again.
 * Signing in has a field of its own.
 */
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
        card={card}
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
