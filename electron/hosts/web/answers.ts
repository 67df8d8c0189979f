import type { ServerResponse } from 'node:http';

import type { Failure } from '../../../shared/domain/failure.ts';

/** Ends an answer that has no body. */
export function endWith(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Length': '0' });
  response.end();
}

/** Ends an answer with a short text. */
export function endWithText(
  response: ServerResponse,
  status: number,
  type: 'text/plain' | 'text/html',
  text: string,
): void {
  const bytes = Buffer.from(text);
  response.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': bytes.length,
    'Cache-Control': 'no-store',
  });
  response.end(bytes);
}

/** Ends an answer with a failure as data. */
export function endWithFailure(response: ServerResponse, failure: Failure): void {
  const bytes = Buffer.from(JSON.stringify({ failure }));
  response.writeHead(statusOf(failure), {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': bytes.length,
    'Cache-Control': 'no-store',
  });
  response.end(bytes);
}

function statusOf({ code }: Failure): number {
  switch (code) {
    case 'notFound':
      return 404;
    case 'conflict':
      return 409;
    case 'invalid':
    case 'unsupported':
    case 'corrupt':
    case 'changed':
      return 422;
    case 'busy':
    case 'rateLimited':
      return 503;
    case 'diskFull':
      return 507;
    default:
      return 500;
  }
}
