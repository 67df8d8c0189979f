import {
  expectAbsent,
  expectFailure,
  expectHonest,
  expectObject,
  expectThat,
  keysIn,
} from './expectations.ts';
import type { ValidationCase } from './case.ts';
import { collect, sha256Of, someBytes, sourceOf } from './sources.ts';

const roundTrips: readonly { readonly name: string; readonly bytes: number }[] = [
  { name: 'keeps an ordinary object', bytes: 100_003 },
  { name: 'keeps an empty object', bytes: 0 },
  { name: 'keeps an object of one byte', bytes: 1 },
  { name: 'keeps a large object', bytes: 17 * 1024 * 1024 + 7 },
];

/** What is put comes back, under its name and no other. */
export const objectCases: readonly ValidationCase[] = [
  ...roundTrips.map(({ name, bytes: count }): ValidationCase => ({
    name,
    run: async (destination, { prefix }, signal) => {
      const key = `${prefix}object.bin`;
      const bytes = someBytes(count);
      let progress = 0;
      const options = {
        onProgress: (taken: number) => {
          progress = taken;
        },
      };
      const result = await destination.put(key, sourceOf(bytes), options, signal);
      expectHonest(result, key, bytes);
      expectThat(
        progress === count || count === 0,
        'The progress of an upload does not end at its size.',
      );
      await expectObject(destination, key, bytes, signal);
      await destination.remove(key, signal);
      await expectAbsent(destination, key, signal);
    },
  })),
  {
    name: 'takes an object again after it was removed',
    run: async (destination, { prefix }, signal) => {
      const key = `${prefix}again.bin`;
      await destination.put(key, sourceOf(someBytes(10, 1)), {}, signal);
      await destination.remove(key, signal);
      await destination.put(key, sourceOf(someBytes(11, 2)), {}, signal);
      await expectObject(destination, key, someBytes(11, 2), signal);
    },
  },
  {
    name: 'gives ranges of an object',
    run: async (destination, { prefix }, signal) => {
      const key = `${prefix}range.bin`;
      const bytes = someBytes(300_000);
      await destination.put(key, sourceOf(bytes), {}, signal);
      const ranges = [
        { start: 0, end: 1 },
        { start: 0 },
        { start: 1, end: 299_999 },
        { start: 299_999 },
        { start: 123_456, end: 234_567 },
        { start: 5, end: 5 },
        { start: 299_990, end: 400_000 },
        { start: 300_000 },
      ];
      for (const range of ranges) {
        const part = await collect(destination.open(key, range, signal));
        const expected = bytes.subarray(range.start, range.end);
        expectThat(
          sha256Of(part) === sha256Of(expected),
          `The range ${JSON.stringify(range)} comes back with other bytes.`,
        );
      }
    },
  },
  {
    name: 'tells that an object is not there',
    run: async (destination, { prefix }, signal) => {
      const key = `${prefix}nowhere/absent.bin`;
      await expectAbsent(destination, key, signal);
      await expectFailure(
        collect(destination.open(key, null, signal)),
        ['notFound'],
        'Opening an object that is not there',
      );
      await destination.remove(key, signal);
    },
  },
  {
    name: 'keeps names of every script exactly',
    run: async (destination, { prefix }, signal) => {
      for (const [index, name] of names.entries()) {
        const bytes = someBytes(20 + index, index + 1);
        await destination.put(`${prefix}${name}`, sourceOf(bytes), {}, signal);
      }
      const expected = names.map((name) => `${prefix}${name}`).sort();
      const listed = await keysIn(destination, prefix, signal);
      expectThat(
        JSON.stringify(listed) === JSON.stringify(expected),
        `Names come back changed: ${JSON.stringify(listed.filter((key) => !expected.includes(key)))}.`,
      );
      for (const [index, name] of names.entries()) {
        await expectObject(
          destination,
          `${prefix}${name}`,
          someBytes(20 + index, index + 1),
          signal,
        );
      }
    },
  },
  {
    name: 'lists exactly what is below a folder',
    run: async (destination, { prefix }, signal) => {
      const keys = ['a/1.bin', 'a/b/2.bin', 'a/b/c/3.bin', 'a-b/4.bin', 'a.bin', 'ab/5.bin'];
      for (const key of keys) {
        await destination.put(`${prefix}${key}`, sourceOf(someBytes(5)), {}, signal);
      }
      for (const folder of ['', 'a/', 'a/b/', 'ab/', 'none/']) {
        const listed = await keysIn(destination, `${prefix}${folder}`, signal);
        const expected = keys
          .filter((key) => key.startsWith(folder))
          .map((key) => `${prefix}${key}`);
        expectThat(
          JSON.stringify(listed) === JSON.stringify(expected.sort()),
          `The list of "${folder}" is ${JSON.stringify(listed)}.`,
        );
      }
      for await (const info of destination.list(`${prefix}a/`, signal)) {
        expectHonest(info, info.key, someBytes(5));
      }
    },
  },
  {
    name: 'tells how full it is, or that it cannot',
    inapplicable: (destination) =>
      destination.quota === undefined ? 'it does not tell how full it is' : undefined,
    run: async (destination, { prefix }, signal) => {
      await destination.put(`${prefix}used.bin`, sourceOf(someBytes(10)), {}, signal);
      const quota = (await destination.quota?.(signal)) ?? null;
      if (quota === null) return;
      const { usedBytes, totalBytes } = quota;
      const figures = totalBytes === null ? [usedBytes] : [usedBytes, totalBytes];
      expectThat(
        figures.every((figure) => Number.isSafeInteger(figure) && figure >= 0) && totalBytes !== 0,
        `It says that ${String(usedBytes)} of ${String(totalBytes)} bytes are used.`,
      );
    },
  },
  {
    name: 'lists more objects than fit on a page',
    inapplicable: (_destination, { manyObjects }) =>
      manyObjects === 0 ? 'it would make a thousand objects' : undefined,
    run: async (destination, { prefix, manyObjects }, signal) => {
      const keys = Array.from(
        { length: manyObjects },
        (_value, index) => `${prefix}many/${String(index).padStart(6, '0')}.bin`,
      );
      for (let start = 0; start < keys.length; start += 16) {
        await Promise.all(
          keys
            .slice(start, start + 16)
            .map((key) => destination.put(key, sourceOf(someBytes(3)), {}, signal)),
        );
      }
      const listed = await keysIn(destination, `${prefix}many/`, signal);
      expectThat(
        JSON.stringify(listed) === JSON.stringify(keys),
        `${String(keys.length)} objects are listed as ${String(listed.length)}.`,
      );
    },
  },
];

const names = [
  'plain.jpg',
  'with spaces and  two.jpg',
  'a+b&c=d#e%20f%.jpg',
  '100%.jpg',
  "quote'(1)[2]{3}!@$^~`,;.jpg",
  '한글 사진 여름휴가.jpg',
  '日本語の写真.jpg',
  'Ürgüp – façade.jpg',
  'صورة.jpg',
  'emoji 🏖️👨‍👩‍👧.jpg',
  '.hidden',
  '-dash',
  'UPPER.JPG',
  'year/month/deep/er/file.jpg',
  `${'long'.repeat(62)}123.jpg`,
  `${'긴'.repeat(83)}ab.jpg`,
];
