import type { CustomScheme, Protocol } from 'electron';

import { appHost, appScheme, pictureHost } from '../../../shared/contract/desktop/addresses.ts';
import { answerAppFile } from './app-files.ts';
import { answerPicture, type FindPicture } from './pictures.ts';

/** Makes the scheme as good as https: an origin of its own, fetch, streams. Before the app is ready. */
export const privilegedScheme: CustomScheme = {
  scheme: appScheme,
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
};

export interface ProtocolOptions {
  /** Where the built window lies. */
  readonly files: string;
  readonly findPicture: FindPicture;
}

/** Answers everything under the app's scheme. */
export function answer(request: Request, options: ProtocolOptions): Promise<Response> {
  const host = URL.parse(request.url)?.host;
  if (host === appHost) return answerAppFile(request, options.files);
  if (host === pictureHost) return answerPicture(request, options.findPicture);
  return Promise.resolve(new Response(null, { status: 404 }));
}

export function serveProtocol(protocol: Pick<Protocol, 'handle'>, options: ProtocolOptions): void {
  protocol.handle(appScheme, (request) => answer(request, options));
}
