import type { LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuTrigger,
  Popover,
} from 'react-aria-components';

import './menu.css';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onChoose: () => void;
}

/** A button (`children`) that opens a list of things to do. */
export function Menu({
  label,
  entries,
  children,
}: {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly children: ReactElement;
}): ReactElement {
  return (
    <MenuTrigger>
      {children}
      <Popover className="popover">
        <AriaMenu className="menu" aria-label={label}>
          {entries.map(({ id, label: text, icon: Icon, danger, disabled, onChoose }) => (
            <AriaMenuItem
              key={id}
              id={id}
              textValue={text}
              className="menu-item"
              isDisabled={disabled === true}
              onAction={onChoose}
              {...(danger === true ? { 'data-danger': true } : {})}
            >
              {Icon === undefined ? null : <Icon aria-hidden />}
              {text}
            </AriaMenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
