import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Role } from '../contract/rest.ts';
import type { Database } from './database.ts';
import { isDatabaseAway } from './database.ts';

/** Who is signed in, by a valid session. */
export interface SignedIn {
  readonly sessionId: string;
  readonly user: string;
  readonly name: string;
  readonly role: Role;
  readonly passwordChangeRequired: boolean;
  readonly expiresMs: number;
}

export interface SessionInfo {
  readonly sessionId: string;
  readonly createdMs: number;
  readonly lastSeenMs: number;
  readonly expiresMs: number;
  readonly address: string;
}

/** A shift and its hand-over; then a person signs in again. */
export const SESSION_LIFE_MS = 12 * 3_600_000;
/**
 * How long an answer of the database is believed: the delay of a revocation made by another
 * server.
 */
const RECHECK_MS = 5_000;
const REMEMBERED_MAX = 2_000;
const SESSIONS_PER_USER_MAX = 20;

interface SessionRow {
  readonly session_id: string;
  readonly user_name: string;
  readonly full_name: string;
  readonly role: Role;
  readonly password_change_required: boolean;
  readonly expires: Date;
  readonly quiet: boolean;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * Sessions: a random token in the person's cookie, its SHA-256 in the database. What was read is
 * believed for 5 s. While the database is away a session that this server knows stays valid until
 * it expires: people in the control room must be able to stop the mill; new sign-ins need the
 * database.
 */
export class Sessions {
  readonly #database: Database;
  readonly #known = new Map<string, { readonly signedIn: SignedIn; checkedMs: number }>();
  readonly #endListeners = new Set<(sessionId: string) => void>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Opens a session; beyond 20 of one user the oldest ends. */
  async open(user: string, address: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.#database.query(
      `insert into app_session (session_id, token_hash, user_name, address, expires)
       values ($1, $2, $3, $4, $5)`,
      [randomUUID(), hashOf(token), user, address, new Date(Date.now() + SESSION_LIFE_MS)],
    );
    await this.#end(
      `session_id in (select session_id from app_session where user_name = $1 and ended is null
         order by created desc offset ${SESSIONS_PER_USER_MAX})`,
      [user],
    );
    return token;
  }

  /** Who holds this token now, or null. */
  async find(token: string): Promise<SignedIn | null> {
    const hash = hashOf(token);
    const key = hash.toString('hex');
    const known = this.#known.get(key);
    const nowMs = Date.now();
    if (known !== undefined && nowMs - known.checkedMs < RECHECK_MS)
      return unexpired(known.signedIn);
    try {
      const signedIn = await this.#read(hash);
      this.#remember(key, signedIn, nowMs);
      return signedIn;
    } catch (error) {
      if (known === undefined || !isDatabaseAway(error)) throw error;
      known.checkedMs = nowMs;
      return unexpired(known.signedIn);
    }
  }

  /** The valid sessions of a user, newest first. */
  async list(user: string): Promise<SessionInfo[]> {
    const found = await this.#database.query<{
      session_id: string;
      created: Date;
      last_seen: Date;
      expires: Date;
      address: string;
    }>(
      `select session_id, created, last_seen, expires, address from app_session
       where user_name = $1 and ended is null and expires > now() order by created desc`,
      [user],
    );
    return found.rows.map((row) => ({
      sessionId: row.session_id,
      createdMs: row.created.getTime(),
      lastSeenMs: row.last_seen.getTime(),
      expiresMs: row.expires.getTime(),
      address: row.address,
    }));
  }

  /** Ends one session. */
  async end(sessionId: string): Promise<void> {
    await this.#end('session_id = $1', [sessionId]);
  }

  /** Ends every session of a user, or all but one. Returns how many ended. */
  async endAllOf(user: string, except: string | null = null): Promise<number> {
    return this.#end('user_name = $1 and session_id is distinct from $2', [user, except]);
  }

  /** Forgets what was read of a user, so that a new name, role or password counts at once. */
  forget(user: string): void {
    for (const [key, { signedIn }] of this.#known) {
      if (signedIn.user === user) this.#known.delete(key);
    }
  }

  /** Calls the listener with each session that this server ends; returns how to stop. */
  onEnded(listener: (sessionId: string) => void): () => void {
    this.#endListeners.add(listener);
    return () => this.#endListeners.delete(listener);
  }

  async #read(hash: Buffer): Promise<SignedIn | null> {
    const found = await this.#database.query<SessionRow>(
      `select s.session_id, s.user_name, u.full_name, u.role, u.password_change_required, s.expires,
         s.last_seen < now() - interval '1 minute' as quiet
       from app_session s join app_user u using (user_name)
       where s.token_hash = $1 and s.ended is null and s.expires > now() and u.active`,
      [hash],
    );
    const row = found.rows[0];
    if (row === undefined) return null;
    if (row.quiet) {
      await this.#database.query('update app_session set last_seen = now() where session_id = $1', [
        row.session_id,
      ]);
    }
    return {
      sessionId: row.session_id,
      user: row.user_name,
      name: row.full_name,
      role: row.role,
      passwordChangeRequired: row.password_change_required,
      expiresMs: row.expires.getTime(),
    };
  }

  #remember(key: string, signedIn: SignedIn | null, nowMs: number): void {
    this.#known.delete(key);
    if (signedIn === null) return;
    if (this.#known.size >= REMEMBERED_MAX) {
      const oldest = this.#known.keys().next().value;
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    this.#known.set(key, { signedIn, checkedMs: nowMs });
  }

  async #end(where: string, values: unknown[]): Promise<number> {
    const ended = await this.#database.query<{ session_id: string }>(
      `update app_session set ended = now() where ended is null and ${where} returning session_id`,
      values,
    );
    for (const { session_id: sessionId } of ended.rows) {
      for (const [key, { signedIn }] of this.#known) {
        if (signedIn.sessionId === sessionId) this.#known.delete(key);
      }
      for (const listener of this.#endListeners) listener(sessionId);
    }
    return ended.rows.length;
  }
}

function unexpired(signedIn: SignedIn): SignedIn | null {
  return signedIn.expiresMs > Date.now() ? signedIn : null;
}
