import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Output, type Sink } from '../../../electron/hosts/cli/terminal/output.ts';
import { RateMeter } from '../../../electron/hosts/cli/terminal/rate.ts';
import {
  displayWidth,
  harmless,
  padTo,
  shortenEnd,
  shortenStart,
} from '../../../electron/hosts/cli/terminal/width.ts';

describe('width', () => {
  test.each([
    ['abc', 3],
    ['한글', 4],
    ['한글'.normalize('NFD'), 4],
    ['日本語', 6],
    ['e\u0301', 1],
    ['👨‍👩‍👧', 2],
    ['🇰🇷', 2],
    ['🌅', 2],
    ['❤️', 2],
    ['ｆｕｌｌ', 8],
    ['ｱ', 1],
    ['\u200b', 0],
    ['مرحبا', 5],
    ['', 0],
  ])('%j takes %d columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  test('shortened text fits, and is left alone where it fits already', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, columns) => {
        for (const shorten of [shortenEnd, shortenStart]) {
          const short = shorten(text, columns);
          expect(displayWidth(short)).toBeLessThanOrEqual(Math.max(columns, 0));
          if (displayWidth(text) <= columns) expect(short).toBe(text);
        }
      }),
    );
  });

  test('a path keeps its end, a sentence its beginning', () => {
    expect(shortenStart('/home/사진/여행.jpg', 10)).toBe('…/여행.jpg');
    expect(shortenEnd('Backing up', 5)).toBe('Back…');
    expect(padTo('한', 4, 'start')).toBe('  한');
  });

  test('text from outside comes out without any control', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(harmless(text)).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
    expect(harmless('plain 한글')).toBe('plain 한글');
  });
});

describe('rate', () => {
  test('bytes per second and the time left, over the last moments only', () => {
    const meter = new RateMeter();
    meter.add(0, 0);
    expect(meter.bytesPerSecond()).toBeNull();
    expect(meter.secondsFor(10)).toBeNull();
    for (let second = 1; second <= 60; second += 1) meter.add(second * 1000, second * 100);
    expect(meter.bytesPerSecond()).toBeCloseTo(100);
    expect(meter.secondsFor(500)).toBeCloseTo(5);
    expect(meter.secondsFor(0)).toBe(0);
    for (let second = 61; second <= 90; second += 1) meter.add(second * 1000, 6000);
    expect(meter.bytesPerSecond()).toBe(0);
    expect(meter.secondsFor(500)).toBeNull();
  });
});

class MemorySink implements Sink {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 20;

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string, onWritten?: () => void): boolean {
    this.text += text;
    onWritten?.();
    return true;
  }
}

function makeOutput(
  options: { json?: boolean; terminal?: boolean; environment?: Record<string, string> } = {},
) {
  const stdout = new MemorySink(options.terminal ?? false);
  const stderr = new MemorySink(options.terminal ?? false);
  const output = new Output({
    stdout,
    stderr,
    json: options.json ?? false,
    environment: options.environment ?? { TERM: 'xterm' },
    redact: (text) => text.replaceAll('hunter2', '[secret]'),
  });
  return { output, stdout, stderr };
}

describe('output', () => {
  test('with --json nothing but objects leave, whole lines, without secrets or controls', () => {
    const { output, stdout, stderr } = makeOutput({ json: true });
    output.line('for people');
    output.problem('for people');
    output.draw([{ text: 'progress', style: 'plain' }]);
    output.data({ path: 'a\u009b31m\u202e', message: 'the password hunter2', nested: ['hunter2'] });
    expect(stderr.text).toBe('');
    expect(stdout.text).toBe(
      '{"path":"a\\u009b31m\\u202e","message":"the password [secret]","nested":["[secret]"]}\n',
    );
    expect(JSON.parse(stdout.text)).toHaveProperty('path', 'a\u009b31m\u202e');
  });

  test('a live display is drawn over, makes way for lines, and is taken away', () => {
    const { output, stdout } = makeOutput({ terminal: true });
    output.draw([{ text: 'one', style: 'plain' }]);
    output.line('said');
    output.draw([
      { text: 'two', style: 'plain' },
      { text: '한'.repeat(30), style: 'plain' },
    ]);
    output.endDrawing();
    const [up1, up2] = ['\r\u001b[1A\u001b[J', '\r\u001b[2A\u001b[J'];
    const long = `${'한'.repeat(9)}…`;
    expect(stdout.text).toBe(`one\n${up1}said\none\n${up1}two\n${long}\n${up2}`);
  });

  test('colours only on a terminal that wants them', () => {
    const coloured = (environment: Record<string, string>, terminal = true) => {
      const { output, stdout } = makeOutput({ terminal, environment });
      output.line('x', 'bad');
      return stdout.text.includes('\u001b');
    };
    expect(coloured({ TERM: 'xterm' })).toBe(true);
    expect(coloured({ TERM: 'xterm', NO_COLOR: '1' })).toBe(false);
    expect(coloured({ TERM: 'dumb' })).toBe(false);
    expect(coloured({ TERM: 'xterm' }, false)).toBe(false);
    expect(makeOutput({ terminal: true, environment: { TERM: 'dumb' } }).output.isLive).toBe(false);
    expect(makeOutput({ terminal: true }).output.isLive).toBe(true);
  });
});
