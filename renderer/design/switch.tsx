import type { ReactElement } from 'react';
import { SwitchButton, SwitchField, Text } from 'react-aria-components';

import './field.css';

/** On or off, at once. */
export function Switch({
  label,
  help,
  selected,
  onChange,
  disabled = false,
}: {
  readonly label: string;
  readonly help?: string | undefined;
  readonly selected: boolean;
  readonly onChange: (selected: boolean) => void;
  readonly disabled?: boolean;
}): ReactElement {
  return (
    <SwitchField
      className="switch-field"
      isSelected={selected}
      onChange={onChange}
      isDisabled={disabled}
    >
      <SwitchButton className="switch">
        <span className="switch-track">
          <span className="switch-thumb" />
        </span>
        {label}
      </SwitchButton>
      {help === undefined ? null : (
        <Text slot="description" className="field-help switch-help">
          {help}
        </Text>
      )}
    </SwitchField>
  );
}
