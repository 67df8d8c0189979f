import { describe, expect, it } from 'vitest';

import { formatsFor } from '../../../renderer/text/formats.ts';

const en = formatsFor('en');
const ko = formatsFor('ko');

describe('formats', () => {
  it('write sizes in powers of 1000', () => {
    expect(en.bytes(0)).toBe('0 bytes');
    expect(en.bytes(999)).toBe('999 bytes');
    expect(en.bytes(1000)).toBe('1 kB');
    expect(en.bytes(3_456_000_000)).toBe('3.5 GB');
    expect(en.bytes(2e18)).toBe('2,000 PB');
    expect(ko.bytes(53_700_000_000)).toBe('53.7GB');
    expect(en.rate(2_100_000)).toBe('2.1 MB/s');
  });

  it('write wall times as they are, whatever the zone of the computer', () => {
    expect(en.wall('2024-05-17T12:00:00')).toContain('12:00');
    expect(en.wall('2024-05-17T12:00:00')).toContain('17');
    expect(ko.wall('2024-05-17T12:00:00')).toContain('2024년 5월 17일');
  });

  it('leave the year out of headings of this year', () => {
    expect(en.dayHeading('2026-01-02', '2026-11-23')).not.toContain('2026');
    expect(en.dayHeading('2025-12-31', '2026-11-23')).toContain('2025');
    expect(ko.dayHeading('2026-11-22', '2026-11-23')).toBe('11월 22일 일요일');
  });

  it('write months and years', () => {
    expect(en.month('2024-05-17')).toBe('May 2024');
    expect(ko.month('2024-05')).toBe('2024년 5월');
    expect(en.year('2024-05-17')).toBe('2024');
    expect(ko.year('2024')).toBe('2024년');
  });

  it('give back what is no date', () => {
    expect(en.wall('nonsense')).toBe('nonsense');
  });

  it('write lengths of videos', () => {
    expect(en.duration(65_000)).toBe('1:05');
    expect(en.duration(3_723_000)).toBe('1:02:03');
    expect(en.duration(400)).toBe('0:00');
  });

  it('write spans and distances in the largest unit', () => {
    expect(en.span(300_000)).toBe('5 minutes');
    expect(ko.span(7_200_000)).toBe('2시간');
    expect(en.span(10)).toBe('1 second');
    expect(en.relative(0, 3_600_000)).toBe('1 hour ago');
    expect(ko.relative(0, 86_400_000)).toBe('어제');
  });
});
