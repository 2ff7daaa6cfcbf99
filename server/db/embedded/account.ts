import { readFileSync } from 'node:fs';

/** The account under which PostgreSQL runs. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** In order: the account made for it, the one that every Unix has, and its name on macOS. */
const UNPRIVILEGED = ['postgres', '_postgres', 'nobody'];

/**
 * The account for PostgreSQL: null means our own. PostgreSQL refuses to run as root, so a server
 * that is root lends it an account of the machine that owns nothing. `initdb` wants one that the
 * machine knows.
 * @throws {Error} when the server is root and the machine has no such account; the engineer must
 * act.
 */
export function databaseAccount(
  uid = process.getuid?.() ?? -1,
  passwd = '/etc/passwd',
): Account | null {
  if (uid !== 0) return null;
  const lines = readFileSync(passwd, 'utf8').split('\n');
  for (const wanted of UNPRIVILEGED) {
    const fields = lines.find((line) => line.startsWith(`${wanted}:`))?.split(':');
    if (fields === undefined) continue;
    const account = { name: wanted, uid: Number(fields[2]), gid: Number(fields[3]) };
    if (Number.isInteger(account.uid) && account.uid > 0) return account;
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has no account "postgres" or "nobody" ' +
      'to lend it. ' +
      'Start the server as an ordinary user, or create one: useradd --system postgres',
  );
}
