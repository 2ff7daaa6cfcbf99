import type { LinkCommand } from '../link/contract.ts';
import { COMMANDS } from '../link/contract.ts';
import type { CommandResult } from '../model/command.ts';
import { type Reason, reason } from '../model/reason.ts';

/** A command is refused when it is older than this, ms; nobody wants a late start. */
const AGE_MAX_MS = 10_000;
/** Answers that are remembered, so that a repeated command gets its first one. */
const REMEMBERED_MAX = 2_000;

/** A command with its target machine and event, ready for the scan. */
export interface RoutedCommand {
  readonly target: string;
  readonly event: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Where an order to the desk goes. */
export interface DeskParts {
  readonly utcMs: () => number;
  /** Whether the mill has a machine of this id. */
  readonly has: (machine: string) => boolean;
  readonly toMachine: (command: RoutedCommand, user: string) => Promise<CommandResult>;
  readonly acknowledge: (alarm: string, user: string, comment: string) => Promise<CommandResult>;
}

/** 'device.out-of-service' -> 'OUT_OF_SERVICE'. SCAN is the runtime's own. */
function eventOf(name: string): string {
  if (name === 'hand-add.scan') return 'SCAN_LOT';
  // An order, a batch and a phase have the same commands: 'batch.hold' -> 'BATCH_HOLD'.
  const isPart = /^(batch|phase)\./.test(name);
  const words = isPart ? name.replace('.', '_') : name.slice(name.indexOf('.') + 1);
  return words.toUpperCase().replaceAll('-', '_');
}

function refused(...reasons: readonly Reason[]): CommandResult {
  return { accepted: false, reasons };
}

/** Every fault of the arguments, in the words of the schema. */
function argumentFaults(command: LinkCommand): Reason[] {
  const parsed = COMMANDS[command.name].safeParse(command.args);
  if (parsed.success) return [];
  return parsed.error.issues.slice(0, 20).map((issue) => {
    const path = ['args', ...issue.path].join('.');
    return reason('command.invalid', { path, fault: issue.message });
  });
}

/**
 * Takes persons' commands from the link: checks age and arguments, finds the machine, answers each
 * once.
 */
export class CommandDesk {
  readonly #parts: DeskParts;
  readonly #answers = new Map<string, Promise<CommandResult>>();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /**
   * Never rejects; the same `commandId` again gets the same answer and is not carried out again.
   */
  take(command: LinkCommand): Promise<CommandResult> {
    const known = this.#answers.get(command.commandId);
    if (known !== undefined) return known;
    const answer = this.#carryOut(command);
    this.#answers.set(command.commandId, answer);
    const oldest = this.#answers.keys().next();
    if (this.#answers.size > REMEMBERED_MAX && !oldest.done) this.#answers.delete(oldest.value);
    return answer;
  }

  async #carryOut(command: LinkCommand): Promise<CommandResult> {
    const ageMs = this.#parts.utcMs() - command.sentTimeMs;
    if (ageMs > AGE_MAX_MS) {
      return refused(reason('command.late', { ageS: Math.round(ageMs / 1000) }));
    }
    const faults = argumentFaults(command);
    if (faults.length > 0) return refused(...faults);
    if (command.name === 'alarm.acknowledge') {
      const comment = String(command.args['comment'] ?? '');
      return this.#parts.acknowledge(command.target, command.user, comment);
    }
    const event = eventOf(command.name);
    const target = this.#machineOf(command);
    return this.#parts.toMachine({ target, event, args: command.args }, command.user);
  }

  /** Units on top of a drive are machines of their own; a dose is decided at its scale. */
  #machineOf({ name, target, args }: LinkCommand): string {
    const { has } = this.#parts;
    if (name === 'dose.decide' && has(String(args['scale']))) return String(args['scale']);
    const unit = `${target}:unit`;
    return !/^(device|route|order)\./.test(name) && has(unit) ? unit : target;
  }
}
