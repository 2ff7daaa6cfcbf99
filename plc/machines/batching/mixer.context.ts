import type { MixerPhase } from '../../model/isa88.ts';
import { MIXER_PHASES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import type { KitContext, View } from '../kit.ts';
import { codeOf, newContext } from '../kit.ts';

/** What the machine of one mixer is made with. */
export interface MixerInput {
  /** `<device>:unit`. */
  readonly id: string;
  readonly mixer: string;
  readonly gate: string;
  readonly surge: string;
  readonly capacityKg: number;
  readonly dischargeS: number;
  /** Routes that may take the product away. */
  readonly routes: readonly string[];
}

/** What is asked of a mixer: the arguments of MIX. */
export interface MixRequest {
  readonly batchId: string;
  readonly dryScales: readonly string[];
  readonly liquidScales: readonly string[];
  /** Of the dry ones, those with drugs or micro: in after half of the mains (DOMAIN 4). */
  readonly lateScales: readonly string[];
  /** What the mains weigh together, kg. */
  readonly mainKg: number;
  readonly dryMixS: number;
  readonly wetMixS: number;
  /** Persons add something by hand: the dry mixing lasts until that is in. */
  readonly handAdd: boolean;
  /** The product leaves only while this route runs. */
  readonly route: string;
}

export interface MixerContext extends KitContext {
  readonly setup: MixerInput;
  readonly batch: MixRequest | null;
  readonly owner: string | null;
  /** Scales that still have to empty into it. */
  readonly pending: readonly string[];
  /** Whether those were told to. */
  readonly asked: boolean;
  /** Whether the late ones among them were told to as well. */
  readonly lateAsked: boolean;
  /** What persons add by hand is in. */
  readonly handAdded: boolean;
  readonly contentKg: number;
  /** When the running timer ends, process ms; null: no timer runs. */
  readonly dueMs: number | null;
  /** What is left of the timer, ms: what RESUME goes on with. */
  readonly leftMs: number | null;
  readonly closing: boolean;
  readonly phaseStartUtcMs: number;
  readonly heldFrom: MixerPhase | null;
  readonly aborted: boolean;
  readonly reasons: readonly Reason[];
}

export function newMixer(setup: MixerInput): MixerContext {
  return {
    ...newContext(setup.id, 'Empty'),
    setup,
    batch: null,
    owner: null,
    pending: [],
    asked: false,
    lateAsked: false,
    handAdded: false,
    contentKg: 0,
    dueMs: null,
    leftMs: null,
    closing: false,
    phaseStartUtcMs: 0,
    heldFrom: null,
    aborted: false,
    reasons: [],
  };
}

/**
 * What a mixer shows; it is woken each second of a timer, so that the time left is seen falling.
 */
export function mixerView(context: MixerContext): View {
  const { mixer } = context.setup;
  const { dueMs, leftMs } = context;
  const nextSecond = dueMs === null || leftMs === null ? null : dueMs - Math.max(0, leftMs - 1_000);
  const timed = dueMs !== null && context.state !== 'Empty' && context.state !== 'Held';
  return {
    publishes: {
      [`${mixer}.Phase`]: codeOf(MIXER_PHASES, context.state),
      [`${mixer}.RemainingS`]: timed ? Math.ceil((leftMs ?? 0) / 1_000) : 0,
      [`${mixer}.ContentKg`]: Math.round(context.contentKg * 10) / 10,
    },
    status: {
      kind: 'device',
      device: context.id,
      owner: context.owner,
      reasons: context.reasons,
    },
    wakeAtMs: nextSecond,
  };
}
