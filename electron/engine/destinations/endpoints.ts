import { isTestServer } from '../../../shared/contract/app/test-servers.ts';
import { fail } from '../../../shared/domain/failure.ts';

/**
 * Addresses to use in place of a provider's own, by service (`gdrive`, `google-sign-in` …), without a slash at
 * the end. Only addresses of this computer: whatever sets one cannot send photos or tokens elsewhere.
 */
export type Endpoints = (service: string) => string | undefined;

/** From variables such as `CLOUDROLL_ENDPOINT_GDRIVE`; an address beyond this computer is `invalid`. */
export function environmentEndpoints(
  environment: Readonly<Record<string, string | undefined>>,
): Endpoints {
  return (service) => {
    const name = `CLOUDROLL_ENDPOINT_${service.toUpperCase().replaceAll('-', '_')}`;
    const value = environment[name];
    if (value === undefined || value === '') return undefined;
    if (isTestServer(value)) return value;
    throw fail('invalid', `${name} is not an address of this computer.`, {
      hint: 'It is for test servers: write it as http://127.0.0.1:8080, or remove it.',
    });
  };
}
