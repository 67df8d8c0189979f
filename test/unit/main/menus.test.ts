import { describe, expect, test } from 'vitest';

import { applicationMenu } from '../../../electron/main/menus/application-menu.ts';
import { pauseEnd, toTemplate, type MenuItem } from '../../../electron/main/menus/menu-item.ts';
import { textsFor } from '../../../electron/main/text/texts.ts';

const platforms = ['darwin', 'win32', 'linux'] as const;
const texts = textsFor('en', []);

function flat(items: readonly MenuItem[]): MenuItem[] {
  return items.flatMap((item) => [item, ...(item.type === 'submenu' ? flat(item.items) : [])]);
}

describe.each(platforms)('the menu on %s', (platform) => {
  const items = flat(applicationMenu({ texts, platform, development: false }));

  test('leads to everything, with the keys that people expect', () => {
    const keys = new Map(
      items.flatMap((item) => (item.type === 'action' ? [[item.action.do, item.accelerator]] : [])),
    );
    expect([...keys.keys()]).toEqual(
      expect.arrayContaining([
        'upload',
        'syncNow',
        'find',
        'shortcuts',
        'about',
        'copyDiagnostics',
      ]),
    );
    expect(keys.get('quit')).toBe('CommandOrControl+Q');
    expect(keys.get('find')).toBe('CommandOrControl+F');
  });

  test('gives no two items the same key', () => {
    const keys = items.flatMap((item) =>
      item.type === 'action' && item.accelerator !== undefined ? [item.accelerator] : [],
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('has the editing commands, without which shortcuts do nothing on macOS', () => {
    const roles = items.flatMap((item) => (item.type === 'role' ? [item.role] : []));
    expect(roles).toEqual(expect.arrayContaining(['undo', 'cut', 'copy', 'paste', 'selectAll']));
  });

  test('offers developer tools in development only', () => {
    const tools = (development: boolean): boolean =>
      flat(applicationMenu({ texts, platform, development })).some(
        (item) => item.type === 'role' && item.role === 'toggleDevTools',
      );
    expect([tools(true), tools(false)]).toEqual([true, false]);
  });
});

test("macOS has the application's own menu first, with quit and settings in it", () => {
  const [first] = applicationMenu({ texts, platform: 'darwin', development: false });
  expect(first).toMatchObject({ type: 'submenu', label: 'Cloudroll' });
  expect(flat(first === undefined ? [] : [first])).toContainEqual(
    expect.objectContaining({ action: { do: 'quit' } }),
  );
});

test('a template runs what its items say', () => {
  const run: unknown[] = [];
  const [item] = toTemplate([{ type: 'action', label: 'Open', action: { do: 'open' } }], (action) =>
    run.push(action),
  );
  const click = item?.click as (() => void) | undefined;
  click?.();
  expect(run).toEqual([{ do: 'open' }]);
});

describe('a pause', () => {
  const now = new Date(2024, 4, 17, 23, 30).getTime();

  test('for an hour, until the next morning, or until it is ended', () => {
    expect(pauseEnd('hour', now)).toBe(now + 3_600_000);
    expect(pauseEnd('tomorrow', now)).toBe(new Date(2024, 4, 18, 6).getTime());
    expect(pauseEnd('resumed', now)).toBeNull();
  });

  test('"until tomorrow" asked for early in the morning is the next day', () => {
    const early = new Date(2024, 4, 17, 1).getTime();
    expect(pauseEnd('tomorrow', early)).toBe(new Date(2024, 4, 18, 6).getTime());
  });
});
