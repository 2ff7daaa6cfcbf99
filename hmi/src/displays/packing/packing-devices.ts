import type { StatusDocument } from '../../../../server/contract/live.ts';
import { statusOf } from '../../state/live.ts';
import { type Device, mill, settingText } from '../../state/mill.ts';

type LineDocument = Extract<StatusDocument, { kind: 'line' }>;
type OrderShown = LineDocument['orders'][number]['order'];

/** The machines of this type in the mill, in the order of the mill file. */
export function machinesOf(type: 'bagger' | 'loadOut'): readonly Device[] {
  return mill().devices.filter((one) => one.type === type);
}

/** What stands behind a bagger: it names its bagger. */
export function behind(bagger: string, type: 'checkweigher' | 'palletiser'): Device | undefined {
  return mill().devices.find((one) => one.type === type && settingText(one, 'bagger') === bagger);
}

/** The order with this number, as the line that makes it shows it; undefined: none does. */
export function orderShown(orderId: string): OrderShown | undefined {
  for (const { id } of mill().lines) {
    const found = statusOf('line', id)?.orders.find(({ order }) => order.orderId === orderId);
    if (found !== undefined) return found.order;
  }
  return undefined;
}
