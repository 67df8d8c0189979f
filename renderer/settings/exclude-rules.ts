/** Limits of the engine: rules a folder, characters a rule. */
const MOST_RULES = 200;
const LONGEST_RULE = 500;

export type RuleProblem = 'ruleEmpty' | 'ruleKnown' | 'ruleLong' | 'ruleMany';

/** Why a rule cannot be added to these; null where it can. */
export function ruleProblem(rule: string, rules: readonly string[]): RuleProblem | null {
  const trimmed = rule.trim();
  if (trimmed === '') return 'ruleEmpty';
  if (rules.includes(trimmed)) return 'ruleKnown';
  if (trimmed.length > LONGEST_RULE) return 'ruleLong';
  return rules.length >= MOST_RULES ? 'ruleMany' : null;
}
