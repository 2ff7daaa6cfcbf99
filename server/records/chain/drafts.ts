import type { Mill } from '../../../plc/mill/definition.ts';
import type { BagRecord, OrderRecord } from '../../../plc/model/record.ts';
import type { StoredRecord } from '../record-tables.ts';
import { canonical, sha256 } from './canonical.ts';

/** An entry that is not yet in the chain. */
export interface EntryDraft {
  readonly stream: string;
  readonly kind: string;
  readonly subject: string;
  readonly content: Readonly<Record<string, unknown>>;
  /** Of what counts as a change: the same digest again as the subject's last adds no entry. */
  readonly digest: string;
}

export const MILL_STREAM = 'mill';
export const orderStream = (orderId: string) => `order:${orderId}`;
export const lotStream = (lot: string) => `lot:${lot}`;

/** What the places of records are decided from. */
export interface StreamContext {
  /** Lots of finished product and their orders. */
  readonly orderOfLot: ReadonlyMap<string, string>;
  /** Orders under way on each line. */
  readonly ordersOfLine: ReadonlyMap<string, readonly string[]>;
  /** Lines that each device serves. */
  readonly linesOfDevice: ReadonlyMap<string, readonly string[]>;
}

/** Lines that each device of the mill serves; a line is its own. */
export function linesOfDevices(mill: Mill): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of mill.lines) {
    for (const id of namesIn({ ...line, text: null })) {
      found.set(id, [...new Set([...(found.get(id) ?? []), line.id])]);
    }
  }
  return found;
}

function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(namesIn);
}

type Fields = Readonly<Record<string, unknown>>;

/** Longest name that is taken for one: what people sent in vain may hold anything. */
const NAME_LENGTH_MAX = 200;

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= NAME_LENGTH_MAX;

function textOf(fields: Fields, ...names: readonly string[]): string | null {
  const values = names.map((name) => fields[name]);
  return values.find(isName) ?? null;
}

/** The lots that something names. */
export function lotsOf(record: object): string[] {
  const fields = record as Fields;
  const one = textOf(fields, 'lot');
  const several = Array.isArray(fields['lots']) ? fields['lots'] : [];
  return [...(one === null ? [] : [one]), ...several.filter(isName)];
}

/** The device that something is about: of an alarm the part of its id before the dot. */
function deviceOf(fields: Fields): string | null {
  const alarm = fields['occurrence'];
  if (typeof alarm === 'object' && alarm !== null) {
    return textOf(alarm as Fields, 'alarmId')?.split('.')[0] ?? null;
  }
  return textOf(fields, 'unit', 'device', 'bagger', 'press', 'line', 'target', 'door');
}

/**
 * The streams that something belongs to, by what it names, whatever its kind: its order, else the
 * order of its batch, else its lots, else the orders under way on the lines of its device, else the
 * mill.
 */
export function streamsOf(record: object, context: StreamContext): string[] {
  const fields = record as Fields;
  const order = fields['order'];
  const orderId =
    textOf(fields, 'orderId') ??
    (typeof order === 'object' && order !== null ? textOf(order as Fields, 'orderId') : null) ??
    textOf(fields, 'batchId')?.split('/')[0];
  if (orderId !== null && orderId !== undefined) return [orderStream(orderId)];
  const lots = lotsOf(record);
  if (lots.length > 0) {
    return [
      ...new Set(
        lots.map((lot) => {
          const made = context.orderOfLot.get(lot);
          return made === undefined ? lotStream(lot) : orderStream(made);
        }),
      ),
    ];
  }
  const device = deviceOf(fields);
  const lines = device === null ? [] : (context.linesOfDevice.get(device) ?? []);
  const orders = lines.flatMap((line) => context.ordersOfLine.get(line) ?? []);
  return orders.length === 0 ? [MILL_STREAM] : [...new Set(orders)].map(orderStream);
}

/** Makes a draft for each stream of `about`; `counts` is what its digest is over. */
export function draftsFor(
  about: object,
  context: StreamContext,
  draft: { kind: string; subject: string; content: Fields; counts?: Fields },
): EntryDraft[] {
  const { kind, subject, content, counts } = draft;
  const digest = sha256(canonical(counts ?? content));
  return streamsOf(about, context).map((stream) => ({ stream, kind, subject, content, digest }));
}

function orderDrafts(record: OrderRecord, context: StreamContext): EntryDraft[] {
  const { order, kind: _, createdBy, createdTimeMs, ...progress } = record;
  const { orderId } = order;
  const { dosedKg: __, producedKg: ___, bags: ____, ...change } = progress;
  const counts = record.finishedTimeMs === null ? change : progress;
  return [
    ...draftsFor(record, context, {
      kind: 'order-accepted',
      subject: `order-accepted:${orderId}`,
      content: { order, createdBy, createdTimeMs },
    }),
    ...draftsFor(record, context, {
      kind: 'order',
      subject: `order:${orderId}`,
      content: { orderId, ...progress },
      counts,
    }),
  ];
}

/** Bags that came in one message, by bagger and order: a day has 56,000 of them (DOMAIN 2). */
function bagDrafts(bags: readonly BagRecord[], context: StreamContext): EntryDraft[] {
  const groups = Map.groupBy(bags, ({ bagger, orderId, lot }) =>
    JSON.stringify([bagger, orderId, lot]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const last = group.at(-1);
    if (first === undefined || last === undefined) return [];
    const netKg = group.reduce((sum, bag) => sum + bag.netKg, 0);
    return draftsFor(first, context, {
      kind: 'bags',
      subject: `bags:${first.bagId}`,
      content: {
        bagger: first.bagger,
        orderId: first.orderId,
        lot: first.lot,
        firstBagId: first.bagId,
        lastBagId: last.bagId,
        bags: group.length,
        // Whole grams: a sum of floats has a tail that nobody weighed.
        netKg: Math.round(netKg * 1_000) / 1_000,
        fromTimeMs: first.timeMs,
        toTimeMs: last.timeMs,
      },
    });
  });
}

/** The natural id of a record: the member `<kind>Id`, else what names its subject. */
function subjectOf(record: StoredRecord): string {
  const fields = record as unknown as Fields;
  const occurrence = fields['occurrence'] as Fields | undefined;
  const id =
    textOf(fields, `${record.kind}Id`, 'id') ??
    (occurrence === undefined ? null : textOf(occurrence, 'occurrenceId')) ??
    sha256(canonical(record));
  return `${record.kind}:${id}`;
}

function plainDrafts(record: Exclude<StoredRecord, OrderRecord>, context: StreamContext) {
  const { kind, ...content } = record;
  const subject = subjectOf(record);
  if (record.kind !== 'batch' || record.finishedTimeMs !== null) {
    return draftsFor(record, context, { kind, subject, content });
  }
  const { kind: _, actualKg: __, ...counts } = record;
  return draftsFor(record, context, { kind, subject, content, counts });
}

/** Drafts of records in the order in which they came. */
export function draftsOf(records: readonly StoredRecord[], context: StreamContext): EntryDraft[] {
  const bags = records.filter((record) => record.kind === 'bag');
  const others = records.flatMap((record) => {
    if (record.kind === 'order') return orderDrafts(record, context);
    return record.kind === 'bag' ? [] : plainDrafts(record, context);
  });
  return [...others, ...bagDrafts(bags, context)];
}
