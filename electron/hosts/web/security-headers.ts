import type { ServerResponse } from 'node:http';

/**
 * Headers of every answer (OWASP Secure Headers Project; Content Security Policy Level 3). Pages load
 * nothing but what this host serves, run no inline script, are framed by nobody and share nothing with
 * other origins.
 */
export function setSecurityHeaders(response: ServerResponse, host: string): void {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // Blurred placeholders are data: addresses, dropped pictures blob: ones.
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    // Not every browser counts ws: as 'self'.
    `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  response.setHeader('Content-Security-Policy', policy.join('; '));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader(
    'Permissions-Policy',
    'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  );
}

/** For a person's own file, whatever it holds: opened as a page of its own it can do nothing. */
export const inertPolicy = "default-src 'none'; sandbox";
