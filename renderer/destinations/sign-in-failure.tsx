import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

import type { FailureCode } from '../../shared/domain/failure.ts';
import { FailureDetail, FailureNote, Note } from '../design/note.tsx';
import { thrownFailure } from '../text/use-failure-text.ts';

/** Failures that mean something of their own where somebody signs in. */
const WORDS = new Map<
  FailureCode,
  'signInNoClient' | 'signInDeclined' | 'signInLate' | 'signInOtherAccount'
>([
  ['invalid', 'signInNoClient'],
  ['auth', 'signInDeclined'],
  ['timeout', 'signInLate'],
  ['conflict', 'signInOtherAccount'],
]);

/** Why a sign-in did not come about, and what to do. */
export function SignInFailure({
  error,
  name,
}: {
  /** A failure or anything thrown. */
  readonly error: unknown;
  /** Of the provider, for people. */
  readonly name: string;
}): ReactElement {
  const { t } = useTranslation('destinations');
  const words = WORDS.get(thrownFailure(error).code);
  if (words === undefined) return <FailureNote error={error} alert />;
  return (
    <Note tone="danger" alert title={t(words, { name })}>
      <p>{t(`${words}Hint`, { name })}</p>
      <FailureDetail error={error} />
    </Note>
  );
}
