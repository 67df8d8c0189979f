import type { FailureCode } from '../../../shared/domain/failure.ts';
import type { ExitStatus } from './exit-status.ts';
import type { Advice, Messages } from './text/messages.ts';

/** Ends a command with words that the texts have in every language. */
export class CommandError extends Error {
  readonly code: FailureCode;
  readonly status: ExitStatus;
  readonly advice: (messages: Messages) => Advice;

  constructor(code: FailureCode, status: ExitStatus, advice: (messages: Messages) => Advice) {
    super(code);
    this.name = 'CommandError';
    this.code = code;
    this.status = status;
    this.advice = advice;
  }
}
