/** Goal: orders on lines of a virtual mill, submitted and started as a person does it. */
import { orderOf } from './finisher-order.ts';
import type { VirtualMill } from './virtual-mill.ts';

export interface OrderWish {
  readonly formula: string;
  readonly line: string;
  readonly destination: string;
  readonly orderKg: number;
  readonly batchKg: number;
}

/** Submits and starts each. @throws with the reasons when the controller refuses one. */
export async function beginOrders(mill: VirtualMill, wishes: readonly OrderWish[]): Promise<void> {
  for (const [place, { formula, ...plan }] of wishes.entries()) {
    const orderId = `2611-${String(place + 1).padStart(4, '0')}`;
    const order = await orderOf(formula, { orderId, ...plan });
    const { line } = plan;
    for (const [name, args] of [
      ['order.submit', { order }],
      ['order.start', { orderId }],
    ] as const) {
      const answer = await mill.command(name, line, args);
      if (!answer.accepted) throw new Error(`${name} ${orderId}: ${JSON.stringify(answer)}`);
    }
  }
}
