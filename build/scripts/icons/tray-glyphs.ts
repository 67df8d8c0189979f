import { trayIcons, type TrayIcon } from '../../../electron/main/tray/tray-model.ts';

/** How a tray's icon is drawn: in colour, or as macOS's template that the system colours. */
export type TrayStyle = 'colour' | 'template';

/** The cloud of the product's sign on a grid of 24, wide enough for a mark in it. */
const cloud =
  'M6.9 19.2 C4.0 19.2 1.9 17.2 1.9 14.6 C1.9 12.2 3.6 10.4 5.9 10.0 C6.5 6.6 9.2 4.2 12.5 4.2 C15.7 4.2 18.2 6.2 19.1 9.1 C21.4 9.4 22.9 11.4 22.9 13.9 C22.9 16.9 20.7 19.2 17.7 19.2 Z';

const green = '#17a086';
const grey = '#8b95a5';
const amber = '#f59e0b';

const line = (width: number): string =>
  `fill="none" stroke="currentColor" stroke-width="${String(width)}" stroke-linecap="round" stroke-linejoin="round"`;

const check = `<path d="M8.5 12.7 L11.3 15.4 L16.2 9.8" ${line(2)}/>`;
const dots = [8, 12.4, 16.8]
  .map((x) => `<circle cx="${String(x)}" cy="13.2" r="1.35" fill="currentColor"/>`)
  .join('');
const arrow = `<path d="M12.4 16.2 V9.4 M9.3 12.2 L12.4 9.1 L15.5 12.2" ${line(2)}/>`;
const bars = `<path d="M10.2 9.6 V15.8 M14.6 9.6 V15.8" ${line(2.2)}/>`;
const mark = `<path d="M12.4 8.6 V12.9" ${line(2.3)}/><circle cx="12.4" cy="16.1" r="1.35" fill="currentColor"/>`;

interface Glyph {
  readonly colour: string;
  readonly mark: string;
  /** Share of the cloud that is full, from below. */
  readonly level: number;
}

const syncingSteps = 5;

function glyphOf(icon: TrayIcon): Glyph | 'offline' {
  switch (icon) {
    case 'idle':
      return { colour: green, mark: check, level: 1 };
    case 'scanning':
      return { colour: green, mark: dots, level: 1 };
    case 'paused':
      return { colour: grey, mark: bars, level: 1 };
    case 'attention':
      return { colour: amber, mark, level: 1 };
    case 'offline':
      return 'offline';
    default:
      return { colour: green, mark: arrow, level: Number(icon.slice(-1)) / syncingSteps };
  }
}

/** One icon as SVG. Marks are cut out of a template and white on a colour. */
export function trayGlyph(icon: TrayIcon, style: TrayStyle): string {
  const glyph = glyphOf(icon);
  const content = glyph === 'offline' ? offline(style) : filled(glyph, style);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${content}</svg>`;
}

function filled({ colour, mark: sign, level }: Glyph, style: TrayStyle): string {
  const fill = style === 'template' ? '#000000' : colour;
  const top = 4.2 + (19.2 - 4.2) * (1 - level);
  // The part that is still to do stays visible on light and on dark.
  const rest = level < 1 ? `<path d="${cloud}" fill="${fill}" fill-opacity="0.45"/>` : '';
  const full = `<path d="${cloud}" fill="${fill}" clip-path="url(#level)"/>`;
  const clip = `<clipPath id="level"><rect x="0" y="${top.toFixed(2)}" width="24" height="24"/></clipPath>`;
  if (style === 'colour') {
    return `<defs>${clip}</defs>${rest}${full}<g color="#ffffff">${sign}</g>`;
  }
  const cut = `<mask id="cut"><rect width="24" height="24" fill="#ffffff"/><g color="#000000">${sign}</g></mask>`;
  return `<defs>${clip}${cut}</defs><g mask="url(#cut)">${rest}${full}</g>`;
}

/** An empty cloud, struck through. */
function offline(style: TrayStyle): string {
  const colour = style === 'template' ? '#000000' : grey;
  const slash = 'M4.6 20.8 L20.2 3.8';
  const gap = `<mask id="gap"><rect width="24" height="24" fill="#ffffff"/><path d="${slash}" transform="translate(1.3 1.2)" stroke="#000000" stroke-width="2.4"/></mask>`;
  return `<defs>${gap}</defs><path d="${cloud}" fill="${colour}" fill-opacity="0.22" stroke="${colour}" stroke-width="1.8" mask="url(#gap)"/><path d="${slash}" fill="none" stroke="${colour}" stroke-width="2" stroke-linecap="round"/>`;
}

export { trayIcons };
