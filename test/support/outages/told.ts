/** Goal: what the processes of an outage test say to each other. */
import type { WriteResult } from '../../../plc/drivers/driver.ts';
import type { TagValue } from '../../../plc/model/tag.ts';

/** Tenths of a second of the device's clock since `epochMs`. */
export function clockValue(nowMs: number, epochMs: number): number {
  return Math.floor((nowMs - epochMs) / 100);
}

/** How many tags of a group are good. */
export type GroupState = 'all' | 'some' | 'none';

/** What the controller's end holds open, after a garbage collection. */
export interface Resources {
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** Active handles and requests by kind, as Node names them. */
  readonly handles: Readonly<Record<string, number>>;
  /** Timers that the drivers set through the clock and that neither fired nor were cancelled. */
  readonly clockTimers: number;
  /** The latest scan since the last question, ms late: what the machine itself added to ages. */
  readonly scanLateMs: number;
}

/** Told without being asked. */
export type Event =
  | { readonly event: 'ready' }
  | {
      readonly event: 'group';
      readonly group: string;
      readonly state: GroupState;
      readonly atMs: number;
    }
  /** A rejection or an exception that nobody caught. */
  | { readonly event: 'fault'; readonly text: string }
  | { readonly event: 'log'; readonly text: string };

/** Questions to the controller's end, and what it answers. */
export interface PlcAnswers {
  write: {
    ask: { readonly connection: string; readonly tag: string; readonly value: number };
    answer: null;
  };
  values: { ask: null; answer: Readonly<Record<string, TagValue>> };
  /** What became of the writes since the last question. */
  results: { ask: null; answer: readonly WriteResult[] };
  /** Age of the oldest clock that was shown as good, by group, since the last question, ms. */
  oldestGood: { ask: null; answer: Readonly<Record<string, number>> };
  resources: { ask: null; answer: Resources };
  /** Certificate stores that the OPC UA library still keeps, in its words; null: none. */
  undisposed: { ask: null; answer: string | null };
  stop: { ask: null; answer: Resources };
}

/** Questions to a device server, and what it answers. */
export interface DeviceAnswers {
  set: { ask: Readonly<Record<string, number>>; answer: null };
  outputs: { ask: null; answer: Readonly<Record<string, unknown>> };
  failUnit: {
    ask: { readonly unitId: number; readonly failure: 'answers' | 'silent' | null };
    answer: null;
  };
}

export interface DevicePlan {
  readonly line: { readonly id: string; readonly kind: 'opcua' | 'modbus'; readonly port: number };
  readonly epochMs: number;
  readonly dataDir: string;
  /** Namespaces that an OPC UA server registers before its own, and so moves its index. */
  readonly namespacesBefore: readonly string[];
  /** What the device measured when it was last seen. */
  readonly inputs: Readonly<Record<string, number>>;
}

export interface PlcPlan {
  readonly lines: readonly DevicePlan['line'][];
  readonly epochMs: number;
  readonly dataDir: string;
}
