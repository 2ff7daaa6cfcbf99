import { KNOCK_MS } from '../../logic/dosing.ts';
import { reason } from '../../model/reason.ts';
import type { MachineOutput } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import { send } from '../kit.ts';
import type { ScaleContext } from './scale-dose.context.ts';
import { knockerOf } from './scale-dose.context.ts';

/** Starts the feeder; the first command takes it, so that nobody else can move it meanwhile. */
export function feed(context: ScaleContext, hz: 'coarse' | 'fine'): MachineOutput[] {
  const feeder = context.dose?.feeder ?? '';
  const settings = context.setup.feeders[feeder];
  if (settings === undefined) return [];
  return [
    send(feeder, 'ACQUIRE'),
    send(feeder, 'SET_HZ', { hz: hz === 'coarse' ? settings.coarseHz : settings.fineHz }),
    send(feeder, 'START', { horn: false }),
  ];
}

export function stopFeeder(context: ScaleContext, release: boolean): MachineOutput[] {
  const { dose } = context;
  if (dose === null) return [];
  const stop = [send(dose.feeder, 'STOP'), ...stopKnocker(context)];
  return release ? [...stop, send(dose.feeder, 'RELEASE')] : stop;
}

export function stopKnocker(context: ScaleContext): MachineOutput[] {
  const knocker = knockerOf(context);
  if (knocker === null || context.knockOffMs === null) return [];
  return [send(knocker, 'STOP'), send(knocker, 'RELEASE')];
}

/** No flow: the bin is knocked while its feeder turns on, before another one takes over. */
export const knock = (context: ScaleContext, event: MachineEvent): Effect<ScaleContext> => {
  const { dose, mark } = context;
  const knocker = knockerOf(context);
  if (dose === null || knocker === null) return {};
  return {
    set: {
      dose: { ...dose, knocks: dose.knocks + 1 },
      mark: { ...mark, atMs: event.nowMs },
      knockOffMs: event.nowMs + KNOCK_MS,
      reasons: [reason('dose.knocking', { bin: dose.bin, knocker })],
    },
    out: [send(knocker, 'ACQUIRE'), send(knocker, 'START', { horn: false })],
  };
};
