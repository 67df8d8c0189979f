import type { Failure } from '../../../../shared/domain/failure.ts';
import type { Messages } from './messages.ts';

/** A failure in words: what happened, in the person's language where there are words for it, and what to do. */
export function tellFailure(failure: Failure, messages: Messages): string {
  return [messages.failureLead(failure.code), failure.message, failure.hint ?? '']
    .filter((part) => part !== '')
    .join(' ');
}
