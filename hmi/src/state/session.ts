import { createSignal } from 'solid-js';
import type { Session } from '../../../server/contract/rest.ts';
import { RestError, rest } from '../live/rest.ts';

const [session, setSession] = createSignal<Session | null | undefined>(undefined);
const [sessionFailure, setSessionFailure] = createSignal<RestError | null>(null);

/** Who is signed in: undefined while not known, null when nobody is. */
/** Why it is not known who is signed in, while that is so. */
export { session, sessionFailure };

const NOT_SIGNED_IN = 401;

/**
 * Asks the server who this browser is signed in as. A server or database that is away ends no
 * session: the
 * screen goes on showing that it is away.
 */
export async function loadSession(): Promise<void> {
  try {
    setSession(await rest.get<Session>('/api/session'));
    setSessionFailure(null);
  } catch (cause) {
    if (!(cause instanceof RestError)) throw cause;
    if (cause.problem.status === NOT_SIGNED_IN) setSession(null);
    setSessionFailure(cause);
  }
}

/** @throws {RestError} for a wrong user or password, too many tries, or no answer. */
export async function signIn(user: string, password: string): Promise<void> {
  await rest.post<unknown>('/api/session', { user, password });
  await loadSession();
}

export async function signOut(): Promise<void> {
  try {
    await rest.delete<unknown>('/api/session');
  } finally {
    setSession(null);
  }
}

/** @throws {RestError} when the current password is wrong or the next one too weak. */
export async function changePassword(current: string, next: string): Promise<void> {
  await rest.post<unknown>('/api/session/password', { current, next });
  await loadSession();
}

/** Whether the door is open for this session: what is not is not offered. */
export function may(door: string): boolean {
  return session()?.may.includes(door) ?? false;
}
