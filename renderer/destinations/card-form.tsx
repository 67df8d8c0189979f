import { ExternalLink } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { DestinationCard, DestinationDraft } from '../../shared/contract/app/destinations.ts';
import { useHost } from '../app/host.ts';
import { Button } from '../design/button.tsx';
import { Note } from '../design/note.tsx';
import { TextField } from '../design/text-field.tsx';
import { useLanguage } from '../text/use-formats.ts';
import { CardField } from './card-field.tsx';
import { signInField } from './card-groups.ts';
import { valueOf, withField, type DraftProblems } from './draft.ts';
import { KeychainNote } from './keychain-note.tsx';
import { needsOwnClient, OwnClient } from './own-client.tsx';
import { SignInField } from './sign-in-field.tsx';

interface CardFormProps {
  readonly card: DestinationCard;
  readonly draft: DestinationDraft;
  readonly problems: DraftProblems;
  readonly disabled: boolean;
  readonly onChange: (draft: DestinationDraft) => void;
}

/** The form of one kind of destination. */
export function CardForm(props: CardFormProps): ReactElement {
  const { t } = useTranslation('destinations');
  const language = useLanguage();
  const { card, draft, disabled, onChange } = props;
  const signsIn = signInField(card) !== undefined;
  return (
    <div className="destination-fields" role="group" aria-label={card.title[language]}>
      <p className="destination-about">{card.description[language]}</p>
      {card.role === 'publish' ? (
        <Note tone="warning" title={t('publishTitle')}>
          <p>{t('publishText')}</p>
        </Note>
      ) : null}
      {signsIn ? <SignInFields {...props} /> : <PlainFields {...props} />}
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

/** Everything that such a place needs is typed or chosen. */
function PlainFields(props: CardFormProps): ReactElement {
  const { t } = useTranslation('destinations');
  const host = useHost();
  const { console: address, fields } = props.card;
  return (
    <>
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
      {fields.some(({ type }) => type === 'secret') ? <KeychainNote /> : null}
      {fields.map((field) => (
        <Field key={field.name} {...props} field={field} />
      ))}
    </>
  );
}

/** The person signs in with the browser; keys are only for those who bring a client of their own. */
function SignInFields(props: CardFormProps): ReactElement {
  const { t } = useTranslation('destinations');
  const language = useLanguage();
  const { card, draft, problems, disabled, onChange } = props;
  const [open, setOpen] = useState(Object.keys(draft.secrets).length > 0);
  const ownClient = (
    <OwnClient
      card={card}
      values={draft.secrets}
      problems={problems}
      open={open}
      disabled={disabled}
      onOpenChange={setOpen}
      onChange={(name, value) => {
        onChange({ ...draft, secrets: { ...draft.secrets, [name]: value } });
      }}
    />
  );
  return (
    <>
      <KeychainNote />
      {needsOwnClient(card) ? ownClient : null}
      {card.fields.map((field) => {
        if (field.type === 'secret') return null;
        if (field.type !== 'signIn') return <Field key={field.name} {...props} field={field} />;
        const problem = problems[field.name];
        return (
          <SignInField
            key={field.name}
            label={field.label[language]}
            help={field.help?.[language]}
            error={problem === undefined ? undefined : t(problem, { label: field.label[language] })}
            name={card.title[language]}
            purpose={{ card: card.id, secrets: draft.secrets, destination: null }}
            value={valueOf(draft, field)}
            disabled={disabled}
            onChange={(value) => {
              onChange(withField(draft, field, value));
            }}
            onNoClient={() => {
              setOpen(true);
            }}
          />
        );
      })}
      {needsOwnClient(card) ? null : ownClient}
    </>
  );
}

function Field({
  field,
  card,
  draft,
  problems,
  disabled,
  onChange,
}: CardFormProps & { readonly field: DestinationCard['fields'][number] }): ReactElement {
  return (
    <CardField
      card={card}
      field={field}
      value={valueOf(draft, field)}
      problem={problems[field.name]}
      disabled={disabled}
      onChange={(value) => {
        onChange(withField(draft, field, value));
      }}
    />
  );
}
