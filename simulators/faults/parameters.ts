import { text } from '../../plc/mill/tag-shorthand.ts';
import type { WordOrder } from '../../plc/model/tag.ts';
import type { Text } from '../../plc/model/text.ts';

/** A number that a fault is given. */
interface NumberParameter {
  readonly kind: 'number';
  readonly text: Text;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  /** Taken when it is not given; without it, the number must be given. */
  readonly standard?: number;
}

/** A word that a fault is given: free, or one of `options`. */
interface WordParameter {
  readonly kind: 'word';
  readonly text: Text;
  readonly options?: readonly string[];
  readonly standard?: string;
}

export type Parameter = NumberParameter | WordParameter;

export const WORD_ORDERS: readonly WordOrder[] = ['ABCD', 'BADC', 'CDAB', 'DCBA'];

function number(
  words: Text,
  unit: string,
  [low, high]: readonly [number, number],
  standard?: number,
): NumberParameter {
  const one = { kind: 'number', text: words, unit, low, high } as const;
  return standard === undefined ? one : { ...one, standard };
}

/** What faults can be given, each with its unit and range. */
export const PARAMETERS = {
  value: number(
    text('Độ lớn, theo đơn vị cảm biến', "How much, in the sensor's unit"),
    '',
    [-1e6, 1e6],
  ),
  delayMs: number(text('Trễ', 'Delay'), 'ms', [1, 60_000], 1_500),
  jitterMs: number(text('Dao động của trễ', 'Jitter of the delay'), 'ms', [0, 60_000], 0),
  every: number(text('Cứ bao nhiêu trả lời thì một lần', 'One answer out of'), '', [1, 1_000], 5),
  order: {
    kind: 'word',
    text: text('Thứ tự byte trả về', 'Order of the bytes that are served'),
    options: WORD_ORDERS,
    standard: 'CDAB',
  },
  downS: number(text('Thời gian mất', 'Time that it is gone'), 's', [0.1, 3_600], 10),
  namespaceShift: number(
    text('Số không gian tên thêm phía trước', 'Namespaces added before its own'),
    '',
    [0, 8],
    0,
  ),
  nodeOrder: {
    kind: 'word',
    text: text('Thứ tự các nút', 'Order of its nodes'),
    options: ['same', 'reversed'],
    standard: 'same',
  },
  skewS: number(text('Lệch đồng hồ', 'Clock off by'), 's', [-86_400, 86_400]),
  freePct: number(
    text('Một nhịp gõ làm sập cầu với xác suất', 'Chance that one knock brings it down'),
    '%',
    [0, 100],
    50,
  ),
  lot: { kind: 'word', text: text('Số lô thật', 'The lot it really is') },
  material: {
    kind: 'word',
    text: text('Nguyên liệu thật (bỏ trống: đúng như phiếu)', 'What it really is, if not as told'),
    standard: '',
  },
} as const satisfies Readonly<Record<string, Parameter>>;

export type ParameterName = keyof typeof PARAMETERS;
export const PARAMETER_NAMES = Object.keys(PARAMETERS) as ParameterName[];
