import type { LucideIcon } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { Label, RadioButton, RadioField, RadioGroup, Text } from 'react-aria-components';

import './choice.css';
import './field.css';

export interface ChoiceCard<V extends string> {
  readonly value: V;
  readonly title: string;
  readonly text?: ReactNode;
  readonly icon: LucideIcon;
  /** A badge or figure at the end. */
  readonly aside?: ReactNode;
  /** Heading over this and the following ones of the same. */
  readonly group?: string;
}

/** One of several things that need a picture and a sentence to choose by. Arrow keys move between them. */
export function ChoiceCards<V extends string>({
  label,
  labelHidden = false,
  help,
  choices,
  value,
  onChange,
  compact = false,
  disabled = false,
}: {
  readonly label: string;
  readonly labelHidden?: boolean;
  readonly help?: string | undefined;
  readonly choices: readonly ChoiceCard<V>[];
  readonly value: V | null;
  readonly onChange: (value: V) => void;
  /** Small cards side by side, for many choices with short titles. */
  readonly compact?: boolean;
  readonly disabled?: boolean;
}): ReactElement {
  return (
    <RadioGroup
      className="choice-cards"
      {...(compact ? { 'data-compact': true } : {})}
      value={value}
      isDisabled={disabled}
      onChange={(chosen) => {
        const choice = choices.find((each) => each.value === chosen);
        if (choice !== undefined) onChange(choice.value);
      }}
      {...(labelHidden ? { 'aria-label': label } : {})}
    >
      {labelHidden ? null : <Label className="field-label">{label}</Label>}
      {help === undefined ? null : (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      {runsOf(choices).map((run) => (
        <div key={run[0]?.group ?? ''} className="choice-cards-run">
          {run[0]?.group === undefined ? null : (
            <p className="choice-cards-group">{run[0].group}</p>
          )}
          <div className="choice-cards-list">
            {run.map(({ value: each, title, text, icon: Icon, aside }) => (
              <RadioField key={each} value={each}>
                <RadioButton className="choice-card">
                  <Icon aria-hidden className="choice-card-icon" strokeWidth={1.75} />
                  <span className="choice-card-words">
                    <span className="choice-card-title">{title}</span>
                    {text === undefined ? null : <span className="choice-card-text">{text}</span>}
                  </span>
                  {aside}
                  {compact ? null : <span className="choice-card-mark" aria-hidden />}
                </RadioButton>
              </RadioField>
            ))}
          </div>
        </div>
      ))}
    </RadioGroup>
  );
}

/** Choices that follow each other under one heading. */
function runsOf<V extends string>(
  choices: readonly ChoiceCard<V>[],
): readonly (readonly ChoiceCard<V>[])[] {
  const runs: ChoiceCard<V>[][] = [];
  for (const choice of choices) {
    const run = runs.at(-1);
    if (run?.[0]?.group === choice.group && run !== undefined) run.push(choice);
    else runs.push([choice]);
  }
  return runs;
}
