import { failureOf, type Failure } from '../../../../shared/domain/failure.ts';

/**
 * Why a test that a person waits for did not pass. Such a test has a time of its own, at whose end it is aborted:
 * for the person that is a place which does not answer, not something that was cancelled.
 */
export function testFailure(error: unknown): Failure {
  const failure = failureOf(error);
  if (failure.code !== 'cancelled') return failure;
  return {
    code: 'timeout',
    message: 'The destination did not answer in time.',
    hint: 'Check the connection and try again.',
  };
}
