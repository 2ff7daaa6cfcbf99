import { z } from 'zod';
import type { AlarmOccurrence } from '../../plc/model/alarm.ts';
import type { CommandResult } from '../../plc/model/command.ts';
import type { StatusDocument } from '../../plc/model/status.ts';

export type { AlarmOccurrence } from '../../plc/model/alarm.ts';
export type { CommandResult } from '../../plc/model/command.ts';
export type { LinkStatus } from '../../plc/model/link-status.ts';
export type { Reason } from '../../plc/model/reason.ts';
export type {
  BatchStatus,
  DoseProgress,
  LineStatus,
  ModuleStatus,
  OrderProgress,
  StatusDocument,
} from '../../plc/model/status.ts';
export { documentKey } from '../../plc/model/status.ts';
export type { Text } from '../../plc/model/text.ts';

/**
 * Socket.IO namespace `/live`. The session cookie of `POST /api/session` authenticates it; every
 * event is authorised by the policy table. Client -> server: `subscribe`, `unsubscribe`,
 * `snapshot`, `command`. Server -> client: `frame`, `alarms`, `status`, `link`, `ended` (the
 * session was revoked).
 */
export const LIVE_NAMESPACE = '/live';
export const SUBSCRIPTION_TAGS_MAX = 5_000;

/** `subscribe`: replaces the client's subscription. Answered by the snapshot; `frame`s follow. */
export const subscribeSchema = z.strictObject({
  tags: z.array(z.string().min(1).max(64)).max(SUBSCRIPTION_TAGS_MAX),
  /** Frames per second at most; changes between are merged, the last one counts. */
  ratePerS: z.number().min(0.2).max(20).default(5),
});
export type Subscribe = z.input<typeof subscribeSchema>;

/** The answer to `subscribe` and `snapshot`: a full frame, or why not. */
export type SubscribeAnswer =
  | { readonly ok: true; readonly frame: Uint8Array; readonly unknownTags: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/** `command`: the same as `POST /api/commands`. */
export const commandRequestSchema = z.strictObject({
  commandId: z.uuid(),
  name: z.string().min(1).max(40),
  target: z.string().min(1).max(64),
  args: z.record(z.string(), z.unknown()).default({}),
  /**
   * Of a command that is signed for (`phase.skip`): the password of the one who sends it, and of
   * the second person whom `args.second` names. Neither is kept, nor sent to the controller.
   */
  signature: z
    .strictObject({
      password: z.string().min(1).max(200),
      secondPassword: z.string().min(1).max(200).optional(),
    })
    .optional(),
});
export type CommandRequest = z.input<typeof commandRequestSchema>;

/** `link`: whether the controller is reached, which drives the banner on every screen. */
export interface LinkState {
  readonly connected: boolean;
  readonly sinceMs: number;
  /** How fast a simulated mill runs; 1 in a plant. */
  readonly speed: number;
  /** Whether records reach the database now. */
  readonly databaseUp: boolean;
}

export interface ServerToClient {
  frame: (frame: Uint8Array) => void;
  alarms: (list: readonly AlarmOccurrence[]) => void;
  status: (document: StatusDocument) => void;
  link: (state: LinkState) => void;
  ended: (why: string) => void;
}

export interface ClientToServer {
  subscribe: (request: Subscribe, answer: (to: SubscribeAnswer) => void) => void;
  unsubscribe: () => void;
  snapshot: (answer: (to: SubscribeAnswer) => void) => void;
  command: (request: CommandRequest, answer: (to: CommandResult) => void) => void;
}
