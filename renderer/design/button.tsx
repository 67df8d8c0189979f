import type { LucideIcon } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import {
  Button as AriaButton,
  Link as AriaLink,
  type ButtonProps as AriaButtonProps,
  type LinkProps as AriaLinkProps,
} from 'react-aria-components';

import { Tooltip } from './tooltip.tsx';

import './button.css';

interface Look {
  /** `primary` once a view, `danger` for what cannot be undone. */
  readonly variant?: 'primary' | 'secondary' | 'quiet' | 'danger';
  readonly size?: 'medium' | 'small';
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
}

type ButtonProps = Look & Omit<AriaButtonProps, 'children' | 'className' | 'style'>;

export function Button({
  variant = 'secondary',
  size = 'medium',
  icon: Icon,
  children,
  ...rest
}: ButtonProps): ReactElement {
  return (
    <AriaButton {...rest} className="button" data-variant={variant} data-size={size}>
      {Icon === undefined ? null : <Icon aria-hidden />}
      <span className="button-label">{children}</span>
    </AriaButton>
  );
}

/** A link that looks like a button; `href` is a route of the app. */
export function ButtonLink({
  variant = 'secondary',
  size = 'medium',
  icon: Icon,
  children,
  ...rest
}: Look & Omit<AriaLinkProps, 'children' | 'className' | 'style'>): ReactElement {
  return (
    <AriaLink {...rest} className="button" data-variant={variant} data-size={size}>
      {Icon === undefined ? null : <Icon aria-hidden />}
      <span className="button-label">{children}</span>
    </AriaLink>
  );
}

/** A button that is only a picture: its label is read out and shown as a tooltip. */
export function IconButton({
  icon: Icon,
  label,
  tooltip = true,
  ...rest
}: {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly tooltip?: boolean;
} & Omit<AriaButtonProps, 'children' | 'className' | 'style' | 'aria-label'>): ReactElement {
  const button = (
    <AriaButton {...rest} aria-label={label} className="icon-button">
      <Icon aria-hidden />
    </AriaButton>
  );
  return tooltip ? <Tooltip text={label}>{button}</Tooltip> : button;
}
