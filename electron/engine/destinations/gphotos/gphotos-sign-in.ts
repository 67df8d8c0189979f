import { googleSignIn } from '../common/google-sign-in.ts';
import type { Endpoints } from '../endpoints.ts';
import type { SignInProvider } from '../sign-in.ts';

export const gphotosRefreshToken = 'CLOUDROLL_GPHOTOS_REFRESH_TOKEN';

/**
 * To add photos, and to see and arrange those that this very client added; nothing else in the library can be seen
 * (developers.google.com/photos/overview/authorization; wider scopes ended on 31 March 2025).
 */
export function gphotosSignIn(endpoints: Endpoints): SignInProvider {
  const scopes = ['appendonly', 'readonly.appcreateddata', 'edit.appcreateddata'].map(
    (scope) => `https://www.googleapis.com/auth/photoslibrary.${scope}`,
  );
  return googleSignIn({ scopes, refreshToken: gphotosRefreshToken }, endpoints);
}
