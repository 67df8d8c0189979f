import type { ReactElement } from 'react';
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components';

import './field.css';
import './menu.css';

/** One line of text that may be anything, with suggestions while it is typed. */
export function SuggestField({
  label,
  help,
  value,
  suggestions,
  maxLength,
  onChange,
}: {
  readonly label: string;
  readonly help?: string | undefined;
  readonly value: string;
  readonly suggestions: readonly string[];
  readonly maxLength: number;
  readonly onChange: (value: string) => void;
}): ReactElement {
  return (
    <ComboBox
      className="field"
      allowsCustomValue
      inputValue={value}
      onInputChange={onChange}
      items={suggestions.map((name) => ({ name }))}
    >
      <Label className="field-label">{label}</Label>
      <Input className="field-input" maxLength={maxLength} />
      {help === undefined ? null : (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      <Popover className="popover">
        <ListBox<{ readonly name: string }> className="menu">
          {({ name }) => (
            <ListBoxItem id={name} textValue={name} className="menu-item">
              {name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
