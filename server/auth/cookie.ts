const NAME = 'mill_session';

/** The session token in a `Cookie` header, or null. */
export function tokenOfCookies(header: string | undefined): string | null {
  for (const part of (header ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === NAME && value !== undefined && /^[\w-]{43}$/.test(value)) return value;
  }
  return null;
}

/** `Set-Cookie` for a session: no script reads it, and no other site's request carries it. */
export function sessionCookie(token: string, lifeS: number, secure: boolean): string {
  const attributes = [
    `${NAME}=${token}`,
    'Path=/',
    `Max-Age=${lifeS}`,
    'HttpOnly',
    'SameSite=Strict',
  ];
  if (secure) attributes.push('Secure');
  return attributes.join('; ');
}

/** `Set-Cookie` that removes it. */
export function clearedCookie(secure: boolean): string {
  return sessionCookie('', 0, secure);
}
