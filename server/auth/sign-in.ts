import { AttemptLimit } from './attempt-limit.ts';
import type { AuditTrail } from './audit.ts';
import type { Sessions, SignedIn } from './sessions.ts';
import type { Users } from './users.ts';

const WINDOW_MS = 5 * 60_000;
const FAILURES_PER_NAME_MAX = 5;
const FAILURES_PER_ADDRESS_MAX = 20;
/** Each password costs 32 MiB and a thread of the pool while it is checked. */
const CHECKS_AT_ONCE_MAX = 4;

export type SignInResult =
  | { readonly ok: true; readonly token: string; readonly signedIn: SignedIn }
  | { readonly ok: false; readonly why: 'wrong' }
  | { readonly ok: false; readonly why: 'too-many'; readonly waitS: number };

/**
 * Signing in: at most 5 failures of a name from one address and 20 from an address in 5 minutes,
 * at most four passwords checked at once, and a row in the audit trail for every attempt that is
 * heard.
 */
export class SignIn {
  readonly #users: Users;
  readonly #sessions: Sessions;
  readonly #audit: AuditTrail;
  readonly #byName = new AttemptLimit(FAILURES_PER_NAME_MAX, WINDOW_MS);
  readonly #byAddress = new AttemptLimit(FAILURES_PER_ADDRESS_MAX, WINDOW_MS);
  #checking = 0;

  constructor(users: Users, sessions: Sessions, audit: AuditTrail) {
    this.#users = users;
    this.#sessions = sessions;
    this.#audit = audit;
  }

  async signIn(user: string, password: string, address: string): Promise<SignInResult> {
    const name = `${address} ${user}`;
    const waitS = Math.max(this.#byName.waitS(name), this.#byAddress.waitS(address));
    if (waitS > 0) return { ok: false, why: 'too-many', waitS };
    if (this.#checking >= CHECKS_AT_ONCE_MAX) return { ok: false, why: 'too-many', waitS: 1 };
    this.#checking += 1;
    try {
      const result = await this.#check(user, password, address);
      if (result.ok) this.#byName.succeed(name);
      else {
        this.#byName.fail(name);
        this.#byAddress.fail(address);
      }
      return result;
    } finally {
      this.#checking -= 1;
    }
  }

  /** The password of someone who signs for what he does, within the same limits; no session. */
  async confirm(
    user: string,
    password: string,
    address: string,
  ): Promise<'ok' | 'wrong' | 'too-many'> {
    const name = `${address} ${user}`;
    const waitS = Math.max(this.#byName.waitS(name), this.#byAddress.waitS(address));
    if (waitS > 0 || this.#checking >= CHECKS_AT_ONCE_MAX) return 'too-many';
    this.#checking += 1;
    try {
      if ((await this.#users.verify(user, password)) !== null) {
        this.#byName.succeed(name);
        return 'ok';
      }
      this.#byName.fail(name);
      this.#byAddress.fail(address);
      return 'wrong';
    } finally {
      this.#checking -= 1;
    }
  }

  async #check(user: string, password: string, address: string): Promise<SignInResult> {
    const auditId = await this.#audit.ask({
      user,
      role: 'unknown',
      door: 'session.open',
      target: null,
      args: {},
      address,
    });
    const found = await this.#users.verify(user, password);
    if (found === null) {
      await this.#audit.settle(auditId, 'refused');
      return { ok: false, why: 'wrong' };
    }
    const token = await this.#sessions.open(found.user, address);
    const signedIn = await this.#sessions.find(token);
    await this.#audit.settle(auditId, signedIn === null ? 'refused' : 'accepted');
    return signedIn === null ? { ok: false, why: 'wrong' } : { ok: true, token, signedIn };
  }
}
