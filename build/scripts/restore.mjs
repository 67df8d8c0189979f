#!/usr/bin/env node
// Restores a Cloudroll backup folder without Cloudroll: node restore.mjs FOLDER INTO (Node 18.17 or later).
// Copies every photo that FOLDER's journals name (build/docs/destination-format.md) to its original folder,
// name and time below INTO, each proven by its SHA-256, and all others to INTO/Recovered. FOLDER is only
// read; nothing in INTO is overwritten; run again it goes on. Ends with 0 when everything is there.
import { createHash } from 'node:crypto';
import fs from 'node:fs';

const [from, into] = process.argv.slice(2);
if (!into) throw new Error('Usage: node restore.mjs FOLDER INTO');
const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const add = (map, key, value) => map.set(key, [...(map.get(key) ?? []), value]);

// 1. What every device wrote. The order of entries does not matter: a later `at` wins.
const listed = fs.readdirSync(from, { recursive: true });
const files = new Map(listed.map((file) => [file.replaceAll('\\', '/').normalize('NFC'), file]));
const objects = new Map(); // hash → where its bytes are: { key, at }
const places = new Map(); // device, folder and path → what was seen there, or its absence
for (const [key, file] of files) {
  const device = /^\.cloudroll\/journal\/([^/]+)\/\d{10}\.jsonl$/.exec(key)?.[1];
  let deviceName;
  for (const line of device ? fs.readFileSync(`${from}/${file}`, 'utf8').split('\n') : []) {
    try {
      const entry = JSON.parse(line || '{}');
      deviceName ??= entry.deviceName;
      const id = JSON.stringify([device, entry.root, entry.path]);
      if (entry.type === 'object') add(objects, entry.hash, entry);
      if (/^(location|absent)$/.test(entry.type)) add(places, id, { ...entry, deviceName });
    } catch {
      console.error(`${key} is damaged: what it names may come to Recovered.`);
    }
  }
}

// 2. What lies there, by the digits of the hash in its name: also what no journal names.
const byDigits = new Map([...objects.keys()].map((hash) => [hash.slice(0, 12), hash]));
for (const key of files.keys()) {
  const digits = /^\d{4}\/\d\d\/[^/]+-([0-9a-f]{12,64})(\.[a-z0-9]{1,10})?$/.exec(key)?.[1];
  if (!digits) continue;
  const hash = byDigits.get(digits.slice(0, 12)) ?? digits;
  byDigits.set(digits.slice(0, 12), hash);
  add(objects, hash, { key, at: '~' });
}

// 3. Who wants which path: where a photo is, else where it was last. No name may lead out of INTO.
const onWindows = /[<>:"\\|?*/\p{Cc}]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/giu;
const bad = process.platform === 'win32' ? onWindows : /[\0/]|^\.\.?$/g;
const percent = (text) => Buffer.from(text).toString('hex').toUpperCase().replace(/../g, '%$&');
const safe = (name) => name.replace(bad, percent) || 'unnamed';
const pathOf = (parts) => parts.join('/').split('/').filter(Boolean).map(safe).join('/');
const rank = (a, b) => b.now - a.now || order(b.at, a.at) || order(a.hash, b.hash);
const seen = new Map(); // hash → where it was seen
for (const place of places.values()) {
  const latest = place.sort((a, b) => order(b.at, a.at))[0];
  for (const one of place.filter(({ hash }) => hash))
    add(seen, one.hash, { ...one, to: pathOf([one.rootName, one.path]), now: one === latest });
}
const wishes = [...objects].flatMap(([hash, keys]) => {
  const to = pathOf(['Recovered', keys.sort((a, b) => order(a.at, b.at))[0].key]);
  const all = seen.get(hash)?.sort(rank) ?? [{ hash, at: '', now: false, to }];
  const chosen = all.filter(({ now }, index) => now || index === 0);
  return [...new Map(chosen.reverse().map((wish) => [wish.to, wish])).values()];
});
wishes.sort((a, b) => order(a.to, b.to) || rank(a, b));
const owners = new Map([...wishes].reverse().map((wish) => [wish.to, wish])); // the first keeps a path

// 4. Copy: to a temporary file, check it, and only then give it a name that is free.
const temporary = `${into}/.restore-${process.pid}.part`;
const remark = (to, text) => to.replace(/(\.[a-z0-9]{1,10})?$/i, (end) => ` (${safe(text)})${end}`);
async function hashOf(file) {
  const hash = createHash('sha256');
  for await (const chunk of fs.createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}
async function restore({ hash, to, now, deviceName, modifiedMs }) {
  const device = now && deviceName !== owners.get(to).deviceName ? [remark(to, deviceName)] : [];
  for (const name of [to, ...device, remark(to, hash.slice(0, 8)), remark(to, hash)]) {
    if ((owners.get(name)?.hash ?? hash) !== hash) continue;
    owners.set(name, { hash, deviceName });
    const target = `${into}/${name}`;
    if (fs.existsSync(target) && (await hashOf(target)).startsWith(hash)) return;
    if (fs.existsSync(target)) continue;
    fs.mkdirSync(target.replace(/[^/]*$/, ''), { recursive: true });
    for (const { key } of objects.get(hash).filter((object) => files.has(object.key))) {
      fs.copyFileSync(`${from}/${files.get(key)}`, temporary);
      if (!(await hashOf(temporary)).startsWith(hash)) continue;
      if (modifiedMs !== undefined) fs.utimesSync(temporary, new Date(), new Date(modifiedMs));
      return fs.renameSync(temporary, target);
    }
    throw new Error('The backup holds no sound copy of it.');
  }
  throw new Error('Other files stand in its place.');
}
for (const wish of wishes)
  await restore(wish).catch((error) => {
    console.error(`${wish.to}: ${error.message}`);
    process.exitCode = 1;
  });
fs.rmSync(temporary, { force: true });
