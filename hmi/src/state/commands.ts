import { createSignal } from 'solid-js';
import type { CommandRequest, Reason } from '../../../server/contract/live.ts';
import { liveClient } from './live.ts';

/** A command that was sent from this screen and what became of it. */
export interface SentCommand {
  readonly id: number;
  readonly name: string;
  readonly target: string;
  readonly state: 'pending' | 'accepted' | 'refused' | 'unanswered';
  readonly reasons: readonly Reason[];
}

const KEPT_MAX = 20;
/** How long an outcome stays in sight, ms: a refusal long enough to be read and acted upon. */
const SHOWN_MS = { pending: 60_000, accepted: 3_000, refused: 15_000, unanswered: 15_000 };

const [sent, setSent] = createSignal<readonly SentCommand[]>([]);

export { sent };

let lastId = 0;

export function dismiss(id: number): void {
  setSent((list) => list.filter((one) => one.id !== id));
}

/** The latest command to a target that is still in sight. */
export function lastSent(target: string): SentCommand | undefined {
  return sent().findLast((one) => one.target === target);
}

/** Sends a command; its outcome is shown on every display. @returns whether it was accepted. */
export async function sendCommand(
  name: string,
  target: string,
  args: Readonly<Record<string, unknown>> = {},
  signature?: CommandRequest['signature'],
): Promise<boolean> {
  lastId += 1;
  const command: SentCommand = { id: lastId, name, target, state: 'pending', reasons: [] };
  setSent((list) => [...list.slice(1 - KEPT_MAX), command]);
  const outcome = (await liveClient()?.command(name, target, args, signature)) ?? {
    accepted: false as const,
    reasons: [{ code: 'plc.unreachable' as const, objects: {} }],
  };
  const state =
    outcome.accepted === true
      ? 'accepted'
      : outcome.accepted === false
        ? 'refused'
        : ('unanswered' as const);
  const reasons = outcome.accepted === false ? outcome.reasons : [];
  setSent((list) => list.map((one) => (one.id === command.id ? { ...one, state, reasons } : one)));
  setTimeout(() => dismiss(command.id), SHOWN_MS[state]);
  return state === 'accepted';
}
