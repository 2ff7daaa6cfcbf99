import type { CarryOverRule, FeedNature } from '../../model/carry-over.ts';
import type { ScaleState } from '../../model/isa88.ts';
import { SCALE_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import type { HandAddStatus } from '../../model/status.ts';
import type { DoneDose, DoseRequest } from '../dosing/scale-dose.context.ts';
import type { KitContext, View } from '../kit.ts';
import { codeOf, newContext } from '../kit.ts';
import type { LotsNews } from '../stock/lots-news.ts';
import { NO_NEWS } from '../stock/lots-news.ts';

/** What the machine of one hand-add hatch is made with. */
export interface HandAddInput {
  readonly id: string;
  readonly divisionKg: number;
  readonly carryOver: readonly CarryOverRule[];
}

/** What a person is to weigh, and how far he is. */
export interface HandDose extends DoseRequest {
  readonly startedUtcMs: number;
  /** Machine that asked for it and is told of its end. */
  readonly owner: string;
  /** The lot that was scanned for it; null: none yet. */
  readonly scanned: string | null;
  /** What the batch becomes, as regards carry-over; null: its line did not say. */
  readonly nature: FeedNature | null;
}

export interface HandAddContext extends KitContext {
  readonly setup: HandAddInput;
  readonly dose: HandDose | null;
  readonly done: readonly DoneDose[];
  /** What lies on the platform of doses that are confirmed, kg. */
  readonly confirmedKg: number;
  /** Lots that must not be used, or not in every feed. */
  readonly news: LotsNews;
  /** Weight and hatch can be trusted: only then may a person tip. */
  readonly isTrusted: boolean;
  /** When the platform has been empty for long enough, process ms. */
  readonly dueMs: number | null;
  readonly heldFrom: ScaleState | null;
  readonly reasons: readonly Reason[];
}

export function newHandAdd(setup: HandAddInput): HandAddContext {
  return {
    ...newContext(setup.id, 'Empty'),
    setup,
    dose: null,
    done: [],
    confirmedKg: 0,
    news: NO_NEWS,
    isTrusted: false,
    dueMs: null,
    heldFrom: null,
    reasons: [],
  };
}

function progressOf({ dose, state }: HandAddContext): HandAddStatus | null {
  if (dose === null) return null;
  const { batchId, material, targetKg, toleranceKg, drug, scanned: lot } = dose;
  return { batchId, material, targetKg, toleranceKg, drug, lot, isHeld: state === 'Held' };
}

/** What a hatch shows: what is to be weighed, and the lamp that lets a person tip it. */
export function handAddView(context: HandAddContext): View {
  const { id, state, dose, reasons, dueMs, isTrusted } = context;
  const handAdd = progressOf(context);
  return {
    writes: { [`${id}.TipPermit`]: state === 'Discharging' && isTrusted },
    publishes: { [`${id}.State`]: codeOf(SCALE_STATES, state) },
    status: {
      kind: 'device',
      device: id,
      owner: dose?.doseId ?? null,
      reasons,
      handAdd,
    },
    wakeAtMs: dueMs,
  };
}
