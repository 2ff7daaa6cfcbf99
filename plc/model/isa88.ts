import type { Text } from './text.ts';

/**
 * States of a procedural element, ISA-88.01 (IEC 61512-1) example state model, in wire-code order.
 */
export const PROCEDURE_STATES = [
  'Idle',
  'Running',
  'Pausing',
  'Paused',
  'Holding',
  'Held',
  'Restarting',
  'Stopping',
  'Stopped',
  'Aborting',
  'Aborted',
  'Complete',
] as const;
export type ProcedureState = (typeof PROCEDURE_STATES)[number];

export const PROCEDURE_STATE_TEXTS: Readonly<Record<ProcedureState, Text>> = {
  Idle: { vi: 'Chờ', en: 'Idle' },
  Running: { vi: 'Đang chạy', en: 'Running' },
  Pausing: { vi: 'Đang tạm dừng', en: 'Pausing' },
  Paused: { vi: 'Tạm dừng', en: 'Paused' },
  Holding: { vi: 'Đang giữ', en: 'Holding' },
  Held: { vi: 'Đã giữ', en: 'Held' },
  Restarting: { vi: 'Đang chạy lại', en: 'Restarting' },
  Stopping: { vi: 'Đang dừng', en: 'Stopping' },
  Stopped: { vi: 'Đã dừng', en: 'Stopped' },
  Aborting: { vi: 'Đang hủy', en: 'Aborting' },
  Aborted: { vi: 'Đã hủy', en: 'Aborted' },
  Complete: { vi: 'Hoàn thành', en: 'Complete' },
};

/** States of the control modules (DOMAIN 3); the number is the code of the device's `State` tag. */
export const MOTOR_STATES = [
  'Stopped',
  'Starting',
  'Running',
  'Stopping',
  'Faulted',
  'LocalOff',
  'Interlocked',
  'OutOfService',
] as const;
export type MotorState = (typeof MOTOR_STATES)[number];

export const GATE_STATES = [
  'Closed',
  'Opening',
  'Open',
  'Closing',
  'Faulted',
  'LocalOff',
  'Interlocked',
  'OutOfService',
] as const;
export type GateState = (typeof GATE_STATES)[number];

export const DIVERTER_STATES = ['InPosition', 'Turning', 'Faulted', 'OutOfService'] as const;
export type DiverterState = (typeof DIVERTER_STATES)[number];

/** What the compressed-air header is to those who draw from it. */
export const AIR_STATES = ['Ready', 'Low', 'Unknown'] as const;
export type AirState = (typeof AIR_STATES)[number];

/** What a bag filter's cleaning is doing: `Trailing` after its fan has stopped. */
export const FILTER_STATES = ['Quiet', 'Pulsing', 'Settling', 'Trailing'] as const;
export type FilterState = (typeof FILTER_STATES)[number];

/**
 * The 17 states of PackML (ISA-TR88.00.02), for bagging and palletising only, after a code for
 * none of them; the number is the `State` tag's code.
 */
export const PACKML_STATES = [
  'Undefined',
  'Clearing',
  'Stopped',
  'Starting',
  'Idle',
  'Suspended',
  'Execute',
  'Stopping',
  'Aborting',
  'Aborted',
  'Holding',
  'Held',
  'Unholding',
  'Suspending',
  'Unsuspending',
  'Resetting',
  'Completing',
  'Complete',
] as const;
export type PackMlState = (typeof PACKML_STATES)[number];

/** States of a weigher while it doses (DOMAIN 3 and 4). */
export const SCALE_STATES = [
  'Empty',
  'Filling',
  'Settling',
  'Jogging',
  'Waiting',
  'Full',
  'Discharging',
  'Held',
  'Faulted',
] as const;
export type ScaleState = (typeof SCALE_STATES)[number];

/** What a mixer is doing. */
export const MIXER_PHASES = [
  'Empty',
  'Filling',
  'DryMixing',
  'WetMixing',
  'Waiting',
  'Discharging',
  'Held',
] as const;
export type MixerPhase = (typeof MIXER_PHASES)[number];

/** What a press line is doing. */
export const PRESS_PHASES = [
  'Stopped',
  'Starting',
  'Warming',
  'Pressing',
  'Choked',
  'Clearing',
  'Held',
  'Faulted',
] as const;
export type PressPhase = (typeof PRESS_PHASES)[number];

/** What a route is doing. */
export const ROUTE_STATES = [
  'Idle',
  'Starting',
  'Running',
  'Clearing',
  'Tripped',
  // Its source is closed and the way is cleared, because it goes on to another destination.
  'Changing',
] as const;
export type RouteState = (typeof ROUTE_STATES)[number];
