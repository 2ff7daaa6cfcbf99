import type { z } from 'zod';
import type { CommandName, LinkCommand } from '../../plc/link/contract.ts';
import { COMMANDS } from '../../plc/link/contract.ts';
import type { CommandResult } from '../../plc/model/command.ts';
import type { Reason } from '../../plc/model/reason.ts';
import { reason } from '../../plc/model/reason.ts';
import type { AuditEntry, AuditTrail } from '../auth/audit.ts';
import { AuditUnavailableError } from '../auth/audit.ts';
import type { Admission } from '../auth/policy.ts';
import { admission, isCommandName, SECOND_RELEASERS, SIGNED_COMMANDS } from '../auth/policy.ts';
import type { SignedIn } from '../auth/sessions.ts';
import type { commandRequestSchema } from '../contract/live.ts';
import type { Role } from '../contract/rest.ts';

/** The way to the controller; refuses with `plc.unreachable` when there is none. Never throws. */
export interface CommandLink {
  command(command: LinkCommand): Promise<CommandResult>;
}

/** The roles of the people of the mill. */
export interface RoleBook {
  roleOf(user: string): Promise<Role | null>;
}

/** Who checks the password that a person signs with. Rejects while the database is away. */
export interface Signatures {
  confirm(user: string, password: string, address: string): Promise<'ok' | 'wrong' | 'too-many'>;
}

/** Who knows what must be done before a finished bin may be released. */
export interface ReleaseCheck {
  /** Why not; empty where nothing speaks against it. Rejects while the database is away. */
  against(bin: string): Promise<Reason[]>;
}

/** Someone signed in, and where he sits. */
export interface Caller {
  readonly signedIn: SignedIn;
  readonly address: string;
}

type Request = z.output<typeof commandRequestSchema>;

function refused(...reasons: Reason[]): CommandResult {
  return { accepted: false, reasons };
}

function refusalOf(admitted: Admission, name: string, caller: Caller): Reason | null {
  switch (admitted) {
    case 'open':
      return null;
    case 'not-signed-in':
      return reason('session.ended');
    case 'password-change-required':
      return reason('session.password-change');
    case 'not-allowed':
      return reason('command.not-allowed', { role: caller.signedIn.role, command: name });
  }
}

/** Who signs: the one who sends it, and the second person that it names. */
function signersOf({ signedIn }: Caller, args: Request['args']): string[] {
  const { second } = args;
  return typeof second === 'string' ? [signedIn.user, second] : [signedIn.user];
}

/** What is wrong with a command's arguments, one reason per fault. */
function argumentFaults(name: CommandName, args: unknown): Reason[] {
  const issues = COMMANDS[name].safeParse(args).error?.issues ?? [];
  return issues
    .slice(0, 20)
    .map((issue) =>
      reason('command.invalid', { path: issue.path.join('.') || name, fault: issue.message }),
    );
}

/** What an audit entry says of a result: one that did not reach the controller has failed. */
function outcomeOf(result: CommandResult): 'accepted' | 'refused' | 'failed' {
  if (result.accepted) return 'accepted';
  return result.reasons.some(({ code }) => code === 'plc.unreachable') ? 'failed' : 'refused';
}

/**
 * The one way of a person's command to the controller: may he, is it valid, write it down, send
 * it, write down what became of it, answer. Refused attempts are written down too.
 */
export class CommandGate {
  readonly #audit: AuditTrail;
  readonly #link: CommandLink;
  readonly #roles: RoleBook;
  readonly #releases: ReleaseCheck;
  readonly #signatures: Signatures;
  readonly #onAuditLost: (error: unknown) => void;

  constructor(
    audit: AuditTrail,
    link: CommandLink,
    roles: RoleBook,
    releases: ReleaseCheck,
    signatures: Signatures,
    onAuditLost: (error: unknown) => void,
  ) {
    this.#audit = audit;
    this.#link = link;
    this.#roles = roles;
    this.#releases = releases;
    this.#signatures = signatures;
    this.#onAuditLost = onAuditLost;
  }

  /** A command as a screen or program asks for it. Never throws for what the caller did. */
  async send(caller: Caller, request: Request): Promise<CommandResult> {
    const { name, target, args } = request;
    if (!isCommandName(name)) return refused(reason('command.unknown', { command: name }));
    const why = name === 'order.submit' ? reason('order.made-elsewhere') : null;
    const denied = why ?? refusalOf(admission(name, caller.signedIn), name, caller);
    const faults = denied === null ? argumentFaults(name, args) : [denied];
    if (faults.length === 0) faults.push(...(await this.#secondFaults(caller, args)));
    if (faults.length === 0) faults.push(...(await this.#releaseFaults(name, target)));
    if (faults.length === 0) faults.push(...(await this.#signatureFaults(caller, request)));
    const signed = SIGNED_COMMANDS.has(name) && faults.length === 0;
    const shown = signed ? { ...args, signedBy: signersOf(caller, args) } : args;
    return this.#audited({ ...this.#entry(caller, name, target), args: shown }, () =>
      faults.length > 0 ? refused(...faults) : this.#send(caller, request.commandId, request),
    );
  }

  /**
   * An order that the server made itself from a released formula, by one who may pass
   * `orders.create`. The caller has checked that door; `entry` says in the audit what was asked
   * for.
   */
  async submitOrder(
    caller: Caller,
    commandId: string,
    line: string,
    order: LinkCommand['args'],
    asked: unknown,
  ): Promise<CommandResult> {
    const faults = argumentFaults('order.submit', { order });
    const command = { name: 'order.submit', target: line, args: { order } };
    const entry = { ...this.#entry(caller, 'orders.create', line), args: asked };
    return this.#audited(entry, () =>
      faults.length > 0 ? refused(...faults) : this.#send(caller, commandId, command),
    );
  }

  /** A second person that a command names is somebody else, and may release. */
  async #secondFaults(caller: Caller, args: Request['args']): Promise<Reason[]> {
    const { second } = args;
    if (typeof second !== 'string') return [];
    try {
      const role = second === caller.signedIn.user ? null : await this.#roles.roleOf(second);
      const fit = role !== null && SECOND_RELEASERS.includes(role);
      return fit ? [] : [reason('dose.second-unfit', { user: second })];
    } catch (error) {
      // Without the database nobody can say who he is: it is not released.
      this.#onAuditLost(error);
      return [reason('audit.unavailable')];
    }
  }

  /** Each person who signs for it has given his own password, now (21 CFR 11.200). */
  async #signatureFaults(caller: Caller, request: Request): Promise<Reason[]> {
    const { name, args, signature } = request;
    if (!SIGNED_COMMANDS.has(name)) return [];
    const passwords = [signature?.password, signature?.secondPassword];
    try {
      for (const [index, user] of signersOf(caller, args).entries()) {
        const password = passwords[index];
        if (password === undefined) return [reason('signature.missing', { user })];
        const told = await this.#signatures.confirm(user, password, caller.address);
        if (told !== 'ok') return [reason(`signature.${told}`, { user })];
      }
      return [];
    } catch (error) {
      this.#onAuditLost(error);
      return [reason('audit.unavailable')];
    }
  }

  /** Medicated feed is held until its order is reconciled (21 CFR 225.80). */
  async #releaseFaults(name: CommandName, bin: string): Promise<Reason[]> {
    if (name !== 'bin.release') return [];
    try {
      return await this.#releases.against(bin);
    } catch (error) {
      // Without the database nobody can say whether it was reconciled: it is not released.
      this.#onAuditLost(error);
      return [reason('audit.unavailable')];
    }
  }

  #entry(caller: Caller, door: string, target: string): Omit<AuditEntry, 'args'> {
    const { user, role } = caller.signedIn;
    return { user, role, door, target, address: caller.address };
  }

  #send(
    caller: Caller,
    commandId: string,
    command: Pick<Request, 'name' | 'target' | 'args'>,
  ): Promise<CommandResult> {
    return this.#link.command({
      commandId,
      name: command.name as CommandName,
      target: command.target,
      args: command.args,
      user: caller.signedIn.user,
      sentTimeMs: Date.now(),
    });
  }

  async #audited(
    entry: AuditEntry,
    act: () => CommandResult | Promise<CommandResult>,
  ): Promise<CommandResult> {
    let auditId: string;
    try {
      auditId = await this.#audit.ask(entry);
    } catch (error) {
      if (!(error instanceof AuditUnavailableError)) throw error;
      this.#onAuditLost(error);
      return refused(reason('audit.unavailable'));
    }
    const result = await act();
    try {
      await this.#audit.settle(auditId, outcomeOf(result), result.accepted ? [] : result.reasons);
    } catch (error) {
      // The mill has carried it out: the caller must be told so. The entry stays `pending`.
      this.#onAuditLost(error);
    }
    return result;
  }
}
