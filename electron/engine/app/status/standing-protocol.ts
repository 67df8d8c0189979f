import type { Failure } from '../../../../shared/domain/failure.ts';
import type { Standing, StandingRequest } from '../../catalog/standing.ts';

/** To the thread that counts. */
export interface StandingQuestion {
  readonly id: number;
  readonly request: StandingRequest;
}

/** From it. */
export type StandingAnswer =
  | { readonly id: number; readonly standing: Standing; readonly tookMs: number }
  | { readonly id: number; readonly failure: Failure };
