import { SystemKeychain } from '../../../electron/engine/secrets/system-keychain.ts';

/** Keeps, finds and removes a secret in the system's keychain, and says what it found. */
const keychain = new SystemKeychain(process.platform);
const account = 'SECRET s3://photos';
await keychain.set(account, 'one');
await keychain.set(account, 'two');
const found = await keychain.get(account);
await keychain.remove(account);
await keychain.remove(account);
process.stdout.write(JSON.stringify({ found, after: await keychain.get(account) }));
