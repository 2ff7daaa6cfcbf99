import type { AuditTrail } from '../auth/audit.ts';
import type { Door } from '../auth/policy.ts';
import type { Caller } from '../commands/command-gate.ts';
import { ProblemError } from './problem.ts';

/**
 * Does something that changes something, written down before and after. A refusal or failure is
 * thrown on.
 */
export async function audited<T>(
  audit: AuditTrail,
  caller: Caller,
  door: Door,
  target: string | null,
  args: unknown,
  act: () => Promise<T>,
): Promise<T> {
  const { user, role } = caller.signedIn;
  const auditId = await audit.ask({ user, role, door, target, args, address: caller.address });
  let result: T;
  try {
    result = await act();
  } catch (error) {
    const refused = error instanceof ProblemError;
    await audit.settle(auditId, refused ? 'refused' : 'failed', refused ? [error.kind] : []);
    throw error;
  }
  await audit.settle(auditId, 'accepted');
  return result;
}
