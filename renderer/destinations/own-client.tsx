import { ExternalLink } from 'lucide-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { DestinationCard } from '../../shared/contract/app/destinations.ts';
import { useHost } from '../app/host.ts';
import { Button } from '../design/button.tsx';
import { useLanguage } from '../text/use-formats.ts';
import { CardField } from './card-field.tsx';
import type { DraftProblems } from './draft.ts';

/**
 * The fields for a client of one's own. Where the product brings one, only few people need them, and they are opened
 * by hand; where it brings none, nobody can sign in without them.
 */
export function OwnClient({
  card,
  values,
  problems,
  open,
  disabled,
  onOpenChange,
  onChange,
}: {
  readonly card: DestinationCard;
  /** By field name. */
  readonly values: Readonly<Record<string, string>>;
  readonly problems: DraftProblems;
  readonly open: boolean;
  readonly disabled: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onChange: (name: string, value: string) => void;
}): ReactElement | null {
  const { t } = useTranslation('destinations');
  const host = useHost();
  const language = useLanguage();
  const fields = card.fields.filter(({ type }) => type === 'secret');
  const { console: address } = card;
  if (fields.length === 0) return null;
  const needed = needsOwnClient(card);
  const form = (
    <div className="own-client-fields">
      <p className="destination-about">
        {needed ? t('ownClientNeeded', { name: card.title[language] }) : t('ownClientText')}
      </p>
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
      {fields.map((field) => (
        <CardField
          key={field.name}
          card={card}
          field={field}
          value={values[field.name] ?? ''}
          problem={problems[field.name]}
          disabled={disabled}
          onChange={(value) => {
            onChange(field.name, value);
          }}
        />
      ))}
    </div>
  );
  if (needed) {
    return (
      <div className="own-client" role="group" aria-label={t('ownClient')}>
        {form}
      </div>
    );
  }
  return (
    <details
      className="own-client"
      open={open}
      onToggle={(event) => {
        onOpenChange(event.currentTarget.open);
      }}
    >
      <summary>{t('ownClient')}</summary>
      {form}
    </details>
  );
}

/** Whether nobody can sign in without a client of their own. */
export function needsOwnClient({ fields }: DestinationCard): boolean {
  return fields.some(({ type, required }) => type === 'secret' && required);
}
