import { appScheme, linkHost } from '../../../shared/contract/desktop/addresses.ts';

/** Views that a link, the tray or a menu may open, and where the window has them. */
export const views = {
  timeline: '/',
  sync: '/sync',
  problems: '/sync',
  activity: '/sync',
  albums: '/albums',
  duplicates: '/duplicates',
  settings: '/settings',
  about: '/settings/about',
} as const;
export type View = keyof typeof views;

/** What a link asks for: a view, or the upload window. */
export type LinkTarget =
  { readonly kind: 'navigate'; readonly to: string } | { readonly kind: 'upload' };

/**
 * What a link from outside opens: `cloudroll://open/<view>` or `cloudroll://open/upload`. Null for everything
 * else: links are written by strangers, so they can show something and never change anything.
 */
export function parseLink(link: string): LinkTarget | null {
  const name = new RegExp(`^${appScheme}://${linkHost}/([a-z]{1,20})/?$`, 'u').exec(link)?.[1];
  if (name === undefined) return null;
  if (name === 'upload') return { kind: 'upload' };
  return isView(name) ? { kind: 'navigate', to: views[name] } : null;
}

function isView(name: string): name is View {
  return Object.hasOwn(views, name);
}
