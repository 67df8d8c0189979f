import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { CheckboxButton, CheckboxField, Text } from 'react-aria-components';

import './choice.css';
import './field.css';

/** Chosen or not, among others. */
export function Checkbox({
  label,
  help,
  selected,
  onChange,
  disabled = false,
}: {
  readonly label: ReactNode;
  readonly help?: ReactNode;
  readonly selected: boolean;
  readonly onChange: (selected: boolean) => void;
  readonly disabled?: boolean;
}): ReactElement {
  return (
    <CheckboxField
      className="checkbox-field"
      isSelected={selected}
      onChange={onChange}
      isDisabled={disabled}
    >
      <CheckboxButton className="checkbox">
        <span className="checkbox-box">
          <Check aria-hidden strokeWidth={3} />
        </span>
        <span className="checkbox-label">{label}</span>
      </CheckboxButton>
      {help === undefined ? null : (
        <Text slot="description" className="field-help checkbox-help">
          {help}
        </Text>
      )}
    </CheckboxField>
  );
}
