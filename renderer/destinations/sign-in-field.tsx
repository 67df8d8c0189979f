import { CircleCheck, Copy, ExternalLink, LoaderCircle, LogIn, UserRoundCog } from 'lucide-react';
import { useEffect, useEffectEvent, useId, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import { useHost } from '../app/host.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/text-field.tsx';
import { useToast } from '../design/toast.tsx';
import { SignInFailure } from './sign-in-failure.tsx';
import { useSignIns } from './sign-ins.tsx';

/** What a sign-in is for. */
export interface SignInPurpose {
  readonly card: string;
  /** What was typed for a client of one's own. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The destination that is signed in to again; null for a new one. */
  readonly destination: string | null;
}

/** A button that signs in with the browser, and how that stands; the value is the id of the sign-in. */
export function SignInField({
  label,
  help,
  error,
  name,
  purpose,
  value,
  disabled,
  atOnce = false,
  onChange,
  onNoClient,
}: {
  readonly label: string;
  readonly help?: string | undefined;
  readonly error?: string | undefined;
  /** Of the provider, for people. */
  readonly name: string;
  readonly purpose: SignInPurpose;
  readonly value: string;
  readonly disabled: boolean;
  /** Begins as soon as it is shown: the person has asked for it already. */
  readonly atOnce?: boolean;
  readonly onChange: (value: string) => void;
  /** It cannot begin without a client of one's own. */
  readonly onNoClient?: () => void;
}): ReactElement {
  const { t } = useTranslation('destinations');
  const ids = { label: useId(), help: useId() };
  const box = useRef<HTMLDivElement>(null);
  const { status, failure, begin, giveUp } = useSignIn(purpose, value, onChange, onNoClient);
  const state = status?.state ?? 'none';
  const start = useEffectEvent(() => {
    if (value === '') void begin();
  });
  useEffect(() => {
    if (!atOnce) return;
    // Not in the same turn: a view that is shown and taken away at once starts nothing.
    const timer = window.setTimeout(() => {
      start();
    }, 0);
    return () => {
      window.clearTimeout(timer);
    };
  }, [atOnce]);
  useEffect(() => {
    // A button that was pressed is gone with the state it belonged to.
    if (document.activeElement === document.body) box.current?.focus();
  }, [state]);
  const grown = state === 'waiting' || failure !== null;
  useEffect(() => {
    if (grown) box.current?.scrollIntoView({ block: 'nearest' });
  }, [grown]);
  const button = (text: 'signInWith' | 'signInOther'): ReactElement => (
    <div>
      <Button
        icon={text === 'signInWith' ? LogIn : UserRoundCog}
        isDisabled={disabled}
        onPress={() => {
          void begin();
        }}
      >
        {t(text, { name })}
      </Button>
    </div>
  );
  return (
    <div
      ref={box}
      className="sign-in"
      role="group"
      tabIndex={-1}
      aria-labelledby={ids.label}
      {...(help === undefined ? {} : { 'aria-describedby': ids.help })}
      {...(error === undefined ? {} : { 'data-problem': true })}
    >
      <p id={ids.label} className="field-label">
        {label}
      </p>
      {help === undefined ? null : (
        <p id={ids.help} className="field-help">
          {help}
        </p>
      )}
      <div role="status" className="sign-in-state" data-state={state}>
        {state === 'waiting' ? (
          <>
            <LoaderCircle aria-hidden className="sign-in-turning" />
            <span>
              <strong>{t('signInWaiting')}</strong>
              <span className="sign-in-hint">{t('signInWaitingHint')}</span>
            </span>
          </>
        ) : null}
        {state === 'done' ? (
          <>
            <CircleCheck aria-hidden />
            <strong>{t('signedInAs', { account: status?.account ?? name })}</strong>
          </>
        ) : null}
      </div>
      {state === 'waiting' ? <WaitingActions id={value} onCancel={giveUp} /> : null}
      {failure === null ? null : <SignInFailure error={failure} name={name} />}
      {state === 'waiting' ? null : button(state === 'done' ? 'signInOther' : 'signInWith')}
      {error === undefined || state === 'waiting' ? null : <p className="field-error">{error}</p>}
    </div>
  );
}

/** One sign-in of a form: how it stands, why it failed, and the way to begin another. */
function useSignIn(
  purpose: SignInPurpose,
  value: string,
  onChange: (value: string) => void,
  onNoClient: (() => void) | undefined,
) {
  const signIns = useSignIns();
  const starting = useRef(false);
  const [refused, setRefused] = useState<unknown>(null);
  const status = value === '' ? null : signIns.status(value);
  const giveUp = (): void => {
    if (value !== '') signIns.cancel(value);
    onChange('');
  };
  const begin = async (): Promise<void> => {
    if (starting.current) return;
    starting.current = true;
    if (value !== '') signIns.cancel(value);
    setRefused(null);
    try {
      const { card, secrets, destination } = purpose;
      onChange(await signIns.start({ card, secrets: { ...secrets }, destination }));
    } catch (error) {
      onChange('');
      setRefused(error);
      onNoClient?.();
    } finally {
      starting.current = false;
    }
  };
  return { status, failure: refused ?? status?.failure ?? null, begin, giveUp };
}

/** For a page that did not open, or opened in the wrong browser. */
function WaitingActions({
  id,
  onCancel,
}: {
  readonly id: string;
  readonly onCancel: () => void;
}): ReactElement | null {
  const { t } = useTranslation(['destinations', 'common']);
  const host = useHost();
  const toast = useToast();
  const address = useSignIns().address(id);
  /** To be copied by hand where the clipboard is refused. */
  const [shown, setShown] = useState(false);
  if (address === null) return null;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(address);
      toast({ text: t('signInCopied') });
    } catch {
      setShown(true);
    }
  };
  return (
    <>
      <div className="sign-in-actions">
        <Button
          size="small"
          icon={ExternalLink}
          onPress={() => {
            host.openExternal(address);
          }}
        >
          {t('signInOpenAgain')}
        </Button>
        <Button
          size="small"
          icon={Copy}
          onPress={() => {
            void copy();
          }}
        >
          {t('signInCopy')}
        </Button>
        <Button size="small" variant="quiet" onPress={onCancel}>
          {t('common:cancel')}
        </Button>
      </div>
      {shown ? <TextField label={t('signInAddress')} value={address} isReadOnly /> : null}
    </>
  );
}
