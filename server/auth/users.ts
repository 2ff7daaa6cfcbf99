import type { Role } from '../contract/rest.ts';
import type { Database } from './database.ts';
import { hashPassword, matchesPassword, oneTimePassword } from './password.ts';

/** A person who may sign in. */
export interface User {
  readonly user: string;
  readonly name: string;
  readonly role: Role;
  readonly active: boolean;
  readonly createdMs: number;
}

interface UserRow {
  readonly user_name: string;
  readonly full_name: string;
  readonly role: Role;
  readonly active: boolean;
  readonly created: Date;
}

export interface UserChange {
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly active?: boolean | undefined;
}

const COLUMNS = 'user_name, full_name, role, active, created';

function userOf(row: UserRow): User {
  return {
    user: row.user_name,
    name: row.full_name,
    role: row.role,
    active: row.active,
    createdMs: row.created.getTime(),
  };
}

/** The people of the mill, in the database. All methods throw what `pg` throws when it is away. */
export class Users {
  readonly #database: Database;
  #decoyHash: Promise<string> | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(): Promise<User[]> {
    const found = await this.#database.query<UserRow>(
      `select ${COLUMNS} from app_user order by user_name`,
    );
    return found.rows.map(userOf);
  }

  /** The role of an active user; null when there is none of that name. */
  async roleOf(user: string): Promise<User['role'] | null> {
    const found = await this.#database.query<Pick<UserRow, 'role'>>(
      'select role from app_user where user_name = $1 and active',
      [user],
    );
    return found.rows[0]?.role ?? null;
  }

  /** A new user and the password for the first sign-in, or null when the name is taken. */
  async create(
    user: string,
    name: string,
    role: Role,
  ): Promise<{ user: User; oneTimePassword: string } | null> {
    const password = oneTimePassword();
    const made = await this.#database.query<UserRow>(
      `insert into app_user (user_name, full_name, role, password_hash)
       values ($1, $2, $3, $4) on conflict do nothing returning ${COLUMNS}`,
      [user, name, role, await hashPassword(password)],
    );
    const row = made.rows[0];
    return row === undefined ? null : { user: userOf(row), oneTimePassword: password };
  }

  /**
   * The first start makes `admin` and returns the one-time password; later ones return null. A
   * password that was lost before its first use is had anew by `delete from app_user` in the empty
   * installation.
   */
  async createFirst(): Promise<string | null> {
    const found = await this.#database.query('select 1 from app_user limit 1');
    if (found.rows.length > 0) return null;
    const made = await this.create('admin', 'Administrator', 'administrator');
    return made?.oneTimePassword ?? null;
  }

  /**
   * The user as changed, `unknown`, or `last-administrator` when nobody could manage users any
   * more.
   */
  async change(user: string, to: UserChange): Promise<User | 'unknown' | 'last-administrator'> {
    const changed = await this.#database.query<UserRow>(
      `update app_user set full_name = coalesce($2, full_name), role = coalesce($3, role),
         active = coalesce($4, active)
       where user_name = $1 and (
         (coalesce($3, role) = 'administrator' and coalesce($4, active))
         or exists (select 1 from app_user other where other.user_name <> $1
           and other.role = 'administrator' and other.active))
       returning ${COLUMNS}`,
      [user, to.name ?? null, to.role ?? null, to.active ?? null],
    );
    const row = changed.rows[0];
    if (row !== undefined) return userOf(row);
    const found = await this.#database.query('select 1 from app_user where user_name = $1', [user]);
    return found.rows.length === 0 ? 'unknown' : 'last-administrator';
  }

  /** A new one-time password, or null for an unknown user. */
  async resetPassword(user: string): Promise<string | null> {
    const password = oneTimePassword();
    const done = await this.#setPassword(user, password, true);
    return done ? password : null;
  }

  /** Sets the password that the user chose. */
  async choosePassword(user: string, password: string): Promise<void> {
    await this.#setPassword(user, password, false);
  }

  /**
   * The active user of that name and password, else null. An unknown name costs the same time as a
   * wrong password, so that names cannot be found out by a clock.
   */
  async verify(user: string, password: string): Promise<User | null> {
    const found = await this.#database.query<UserRow & { password_hash: string }>(
      `select ${COLUMNS}, password_hash from app_user where user_name = $1`,
      [user],
    );
    const row = found.rows[0];
    this.#decoyHash ??= hashPassword(oneTimePassword());
    const matches = await matchesPassword(password, row?.password_hash ?? (await this.#decoyHash));
    return row !== undefined && matches && row.active ? userOf(row) : null;
  }

  async #setPassword(user: string, password: string, oneTime: boolean): Promise<boolean> {
    const done = await this.#database.query(
      `update app_user set password_hash = $2, password_change_required = $3 where user_name = $1`,
      [user, await hashPassword(password), oneTime],
    );
    return done.rowCount === 1;
  }
}
