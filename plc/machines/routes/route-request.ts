import type { DrugClass, FeedNature, Species } from '../../model/carry-over.ts';
import { DRUG_CLASSES, SPECIES } from '../../model/carry-over.ts';
import type { RoutePriority, RouteProduct } from '../../model/route-product.ts';
import type { MachineEvent } from '../kit.ts';
import { flagArg, isCommand, numberArg, senderOf, textArg } from '../kit.ts';

/** What a START of a route asks for. Kept while it waits, so it is data and nothing else. */
export interface RouteRequest {
  readonly by: string;
  /** A machine is told when its turn has come, or that it will not. */
  readonly byMachine: boolean;
  readonly source: string;
  readonly destination: string;
  readonly second: string | null;
  readonly product: RouteProduct | null;
  readonly priority: RoutePriority;
  /** It waits for a route that is busy; without it, it is refused at once. */
  readonly wait: boolean;
  /** How long it waits: for the route, and then for devices that another one holds, ms. */
  readonly waitMs: number;
}

/** Nobody waits longer than this without being told, s. */
const WAIT_S = 1_800;
const WAIT_S_MAX = 7_200;

function isNature(of: unknown): of is FeedNature {
  if (typeof of !== 'object' || of === null) return false;
  const { drugClass, species, withdrawal } = of as Partial<FeedNature>;
  return (
    DRUG_CLASSES.includes(drugClass as DrugClass) &&
    SPECIES.includes(species as Species) &&
    typeof withdrawal === 'boolean'
  );
}

/**
 * The argument `product` of START for routes, presses and baggers: `{orderId, lot, nature}` with
 * `kind` (default feed) and `kg` (default 0: not known); null where it is missing or none.
 */
export function productArg(event: MachineEvent): RouteProduct | null {
  const of = isCommand(event) ? event.args['product'] : null;
  if (typeof of !== 'object' || of === null) return null;
  const { orderId, lot, nature, kind, kg } = of as Partial<Record<keyof RouteProduct, unknown>>;
  if (typeof orderId !== 'string' || typeof lot !== 'string' || !isNature(nature)) return null;
  return {
    orderId,
    lot,
    nature,
    kind: kind === 'flush' ? 'flush' : 'feed',
    kg: typeof kg === 'number' && kg > 0 ? kg : 0,
  };
}

/**
 * A START as it is kept. A machine that does not say otherwise starts for an order: only refills
 * are routine.
 */
export function requestOf(event: MachineEvent): RouteRequest {
  const by = senderOf(event);
  const waitS = Math.min(WAIT_S_MAX, Math.max(1, numberArg(event, 'waitS') ?? WAIT_S));
  return {
    by: by?.id ?? '?',
    byMachine: by?.kind === 'machine',
    source: textArg(event, 'source') ?? '?',
    destination: textArg(event, 'destination') ?? '?',
    second: textArg(event, 'second'),
    product: productArg(event),
    priority: textArg(event, 'priority') === 'routine' ? 'routine' : 'order',
    wait: flagArg(event, 'wait') ?? false,
    waitMs: waitS * 1000,
  };
}
