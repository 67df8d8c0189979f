import type { CommandName } from './table.ts';

/** What is wrong with a command line, as data: the words come from the texts of a language. */
export type UsageProblem =
  | { readonly problem: 'noCommand' }
  | { readonly problem: 'unknownCommand'; readonly given: string; readonly nearest: string | null }
  | {
      readonly problem: 'unknownOption';
      readonly given: string;
      readonly command: CommandName | null;
      readonly nearest: string | null;
    }
  | { readonly problem: 'missingValue'; readonly option: string; readonly placeholder: string }
  | { readonly problem: 'unwantedValue'; readonly option: string }
  | { readonly problem: 'twice'; readonly option: string }
  | { readonly problem: 'missingOption'; readonly option: string; readonly command: CommandName }
  | { readonly problem: 'missingOperand'; readonly name: string; readonly command: CommandName }
  | { readonly problem: 'unwantedOperand'; readonly given: string; readonly command: CommandName }
  | { readonly problem: 'conflict'; readonly options: readonly [string, string] }
  | { readonly problem: 'badRate'; readonly given: string }
  | { readonly problem: 'badPercent'; readonly given: string }
  | { readonly problem: 'badLanguage'; readonly given: string }
  | {
      readonly problem: 'badNumber';
      readonly option: string;
      readonly given: string;
      readonly min: number;
      readonly max: number;
    };

/** Wrong usage; the person has to write the command differently. */
export class UsageError extends Error {
  readonly problem: UsageProblem;

  constructor(problem: UsageProblem) {
    super(problem.problem);
    this.name = 'UsageError';
    this.problem = problem;
  }
}
