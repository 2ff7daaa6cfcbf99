import { createSignal } from 'solid-js';
import type { Session } from '../../../server/contract/rest.ts';
import { RestError, rest } from '../live/rest.ts';

const [session, setSession] = createSignal<Session | null | undefined>(undefined);

/** Who is signed in: undefined while not known, null when nobody is. */
export { session };

/** Asks the server who this browser is signed in as. */
export async function loadSession(): Promise<void> {
  try {
    setSession(await rest.get<Session>('/api/session'));
  } catch (cause) {
    if (!(cause instanceof RestError)) throw cause;
    setSession(null);
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

/** The server ended the session. */
export function forgetSession(): void {
  setSession(null);
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
