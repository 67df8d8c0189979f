import { googleSignIn } from '../common/google-sign-in.ts';
import type { Endpoints } from '../endpoints.ts';
import type { SignInProvider } from '../sign-in.ts';

export const gdriveRefreshToken = 'CLOUDROLL_GDRIVE_REFRESH_TOKEN';

/** Only the files that this very client made: nothing else in the Drive can be seen or touched. */
export function gdriveSignIn(endpoints: Endpoints): SignInProvider {
  const scopes = ['https://www.googleapis.com/auth/drive.file'];
  return googleSignIn({ scopes, refreshToken: gdriveRefreshToken }, endpoints);
}
