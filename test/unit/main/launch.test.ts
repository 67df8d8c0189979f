import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { launchRequestSchema, parseLaunch } from '../../../electron/main/launch/arguments.ts';
import { parseLink } from '../../../electron/main/launch/links.ts';

const nothing = { hidden: false, upload: false, paths: [], link: null, dataDirectory: null };

describe('the arguments of a start', () => {
  test.each([
    [[], nothing],
    [['--hidden'], { ...nothing, hidden: true }],
    [['--data', 'here'], { ...nothing, dataDirectory: '/current/here' }],
    [['--data=/there'], { ...nothing, dataDirectory: '/there' }],
    [['upload'], { ...nothing, upload: true }],
    [
      ['upload', 'a.jpg', '/b c.jpg'],
      { ...nothing, upload: true, paths: ['/current/a.jpg', '/b c.jpg'] },
    ],
    [['/opened with.jpg'], { ...nothing, upload: true, paths: ['/opened with.jpg'] }],
    [['cloudroll://open/sync'], { ...nothing, link: 'cloudroll://open/sync' }],
    [['--no-sandbox', '--type=renderer', '-x'], nothing],
  ])('%j', (args, launch) => {
    expect(parseLaunch(args, '/current')).toEqual(launch);
  });

  test('make a request that a running app takes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 50 })), (args) => {
        const { dataDirectory: _named, ...request } = parseLaunch(args, '/current');
        expect(launchRequestSchema.safeParse(request).success).toBe(true);
      }),
    );
  });
});

describe('a link from outside', () => {
  test.each([
    ['cloudroll://open/timeline', { kind: 'navigate', to: '/' }],
    ['cloudroll://open/sync', { kind: 'navigate', to: '/sync' }],
    ['cloudroll://open/settings/', { kind: 'navigate', to: '/settings' }],
    ['cloudroll://open/upload', { kind: 'upload' }],
  ])('%s opens a view', (link, target) => {
    expect(parseLink(link)).toEqual(target);
  });

  test.each([
    'cloudroll://open/',
    'cloudroll://open/unknown',
    'cloudroll://open/constructor',
    'cloudroll://open/settings/../../x',
    'cloudroll://app/index.html',
    'cloudroll://picture/abc/original',
    'cloudroll:open/sync',
    'https://open/sync',
    `cloudroll://open/${'a'.repeat(5000)}`,
  ])('%s does nothing', (link) => {
    expect(parseLink(link)).toBeNull();
  });
});
