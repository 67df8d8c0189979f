import type { Bench } from '../support/bench.ts';
import type { Row } from '../support/row.ts';

/** Rows that are measured together. */
export interface Group {
  /** For `--only`. */
  readonly name: string;
  /** Measures them; rejects where the work itself went wrong, which is no result. */
  readonly measure: (bench: Bench) => Promise<Row[]>;
}
