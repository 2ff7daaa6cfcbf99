/** What a person filled in for a new order; texts as typed. */
export interface OrderDraft {
  readonly tonnes: string;
  readonly batchKg: string;
  readonly bagKg: string;
}

export interface OrderPlan {
  readonly orderKg: number;
  readonly batchKg: number;
  readonly bagKg: number;
  readonly batches: number;
  readonly perBatchKg: number;
  readonly bags: number;
}

/** A number as people type it in either language: a comma or a point before the decimals. */
export function parseNumber(typed: string): number | null {
  const text = typed.trim();
  if (!/^\d+([.,]\d+)?$/.test(text)) return null;
  const number = Number(text.replace(',', '.'));
  return number > 0 ? number : null;
}

/**
 * What an order would become: equal batches, none larger than asked for.
 * Null while a number is missing or is none.
 */
export function planOrder(draft: OrderDraft): OrderPlan | null {
  const tonnes = parseNumber(draft.tonnes);
  const batchKg = parseNumber(draft.batchKg);
  const bagKg = parseNumber(draft.bagKg);
  if (tonnes === null || batchKg === null || bagKg === null) return null;
  const orderKg = tonnes * 1_000;
  // 1,200.0000001 kg is a rounding of the typed tonnes, not a reason for one more batch.
  const batches = Math.max(1, Math.ceil(orderKg / batchKg - 1e-6));
  return {
    orderKg,
    batchKg,
    bagKg,
    batches,
    perBatchKg: orderKg / batches,
    bags: Math.floor(orderKg / bagKg + 1e-6),
  };
}
