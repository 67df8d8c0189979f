import { useTranslation } from 'react-i18next';

import { failureOf, type Failure } from '../../shared/domain/failure.ts';

export interface FailureText {
  /** What happened, in the person's language. */
  readonly what: string;
  /** What to do about it. */
  readonly hint: string;
  /** The engine's own sentence with names and figures; always English. */
  readonly detail: string;
}

/** Says a failure (or anything thrown) in the person's language. */
export function useFailureText(): (failure: unknown) => FailureText {
  const { t } = useTranslation('failures');
  return (thrown) => {
    const failure = thrownFailure(thrown);
    return {
      what: t(failure.code),
      hint: t(`${failure.code}Hint`),
      detail: failure.hint === undefined ? failure.message : `${failure.message} ${failure.hint}`,
    };
  };
}

/** The failure in what was thrown, or was told as one. */
export function thrownFailure(thrown: unknown): Failure {
  return isFailure(thrown) ? thrown : failureOf(thrown);
}

function isFailure(value: unknown): value is Failure {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    'message' in value &&
    !(value instanceof Error)
  );
}
