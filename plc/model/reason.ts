import { BATCH_REASONS } from './reasons-batch.ts';
import { CARRY_OVER_REASONS } from './reasons-carry-over.ts';
import { COMMAND_REASONS } from './reasons-command.ts';
import { DEVICE_REASONS } from './reasons-device.ts';
import { DOSE_REASONS } from './reasons-dose.ts';
import { DRUG_REASONS } from './reasons-drug.ts';
import { FINISHED_REASONS } from './reasons-finished.ts';
import { FINISHING_REASONS } from './reasons-finishing.ts';
import { HAND_ADD_REASONS } from './reasons-hand-add.ts';
import { LOAD_OUT_REASONS } from './reasons-load-out.ts';
import { LOT_REASONS } from './reasons-lots.ts';
import { MODE_REASONS } from './reasons-mode.ts';
import { ORDER_REASONS } from './reasons-order.ts';
import { PLAN_REASONS } from './reasons-plan.ts';
import { RECIPE_REASONS } from './reasons-recipe.ts';
import { REFILL_REASONS } from './reasons-refill.ts';
import { ROUTE_REASONS } from './reasons-route.ts';
import { SACK_REASONS } from './reasons-sack.ts';
import { SILO_REASONS } from './reasons-silo.ts';
import { STOCK_REASONS } from './reasons-stock.ts';
import { TRANSFER_REASONS } from './reasons-transfer.ts';
import { WHY_REASONS } from './reasons-why.ts';
import type { Text } from './text.ts';

/**
 * Every reason for which a command is refused, a device does not start, or a line stopped, with its
 * text. `{name}` stands for the object of that name in `Reason.objects`. A reason is data: screens,
 * REST and the batch record all show the same one (DESIGN 3.9).
 */
export const REASON_TEXTS = {
  ...COMMAND_REASONS,
  ...DEVICE_REASONS,
  ...MODE_REASONS,
  ...ROUTE_REASONS,
  ...CARRY_OVER_REASONS,
  ...REFILL_REASONS,
  ...DOSE_REASONS,
  ...ORDER_REASONS,
  ...FINISHING_REASONS,
  ...PLAN_REASONS,
  ...RECIPE_REASONS,
  ...WHY_REASONS,
  ...STOCK_REASONS,
  ...SILO_REASONS,
  ...FINISHED_REASONS,
  ...BATCH_REASONS,
  ...LOAD_OUT_REASONS,
  ...DRUG_REASONS,
  ...HAND_ADD_REASONS,
  ...LOT_REASONS,
  ...SACK_REASONS,
  ...TRANSFER_REASONS,
} as const satisfies Readonly<Record<string, Text>>;

export type ReasonCode = keyof typeof REASON_TEXTS;

/** Why something was refused or stopped: a code and the objects that its text names. */
export interface Reason {
  readonly code: ReasonCode;
  readonly objects: Readonly<Record<string, string | number>>;
}

export function reason(code: ReasonCode, objects: Reason['objects'] = {}): Reason {
  return { code, objects };
}

/** An object of a reason that is a text of its own: `name` in whichever language is read. */
export function inBoth(name: string, { vi, en }: Text): Reason['objects'] {
  return { [`${name}.vi`]: vi, [`${name}.en`]: en };
}

/** The reason in one language, its objects filled in. A missing object shows as its name. */
export function reasonText(of: Reason, language: keyof Text): string {
  return REASON_TEXTS[of.code][language].replace(/\{(\w+)\}/g, (_, name: string) =>
    String(of.objects[name] ?? of.objects[`${name}.${language}`] ?? name),
  );
}
