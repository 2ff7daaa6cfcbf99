import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request that changes something comes from our own pages (or from no browser at all): a
 * browser names its page in `Origin` and `Sec-Fetch-Site`. With SameSite=Strict cookies this is
 * the second lock against cross-site requests (OWASP CSRF Prevention).
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const origin = headers.origin;
  if (origin === undefined) return true;
  const host = URL.canParse(origin) ? new URL(origin).host : '';
  return host !== '' && host === headers.host;
}
