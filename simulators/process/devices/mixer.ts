import type { Blend } from '../blend.ts';
import { emptyBlend, MG_PER_KG, pour, take } from '../blend.ts';
import type { Behaviour } from '../item.ts';
import { rounded } from '../item.ts';
import type { Motor } from '../motor.ts';
import { createMotor, measureMotor, stepMotor } from '../motor.ts';

const BRIM = 1.25;
/** Load of the full mixer; and how well a standing mixer empties. */
const LOAD_FULL = 0.8;
const STANDING_DISCHARGE = 0.2;

interface MixerState {
  motor: Motor;
  content: Blend;
}

/** A paddle mixer: what is in it is one blend; it empties well only while it turns. */
export const mixer: Behaviour<'mixer', MixerState> = {
  pace: 'coarse',
  create: () => ({ motor: createMotor(), content: emptyBlend() }),
  step(now, item) {
    const { state, device } = item;
    const share = state.content.mg / (device.settings.capacityKg * MG_PER_KG);
    stepMotor(now, item, device.settings, state.motor, {
      wanted: now.on(item, 'Cmd'),
      load: LOAD_FULL * share,
      jammed: false,
      runUpS: Math.max(0.5, device.settings.runUpS * 0.6),
    });
  },
  room: (_now, { state, device }) =>
    Math.max(0, Math.floor(device.settings.capacityKg * MG_PER_KG * BRIM) - state.content.mg),
  put: (_now, { state }, parcel) => pour(state.content, parcel),
  draw: (_now, { state }, mg) => take(state.content, mg),
  head: (_now, { state }) => Math.max(STANDING_DISCHARGE, state.motor.speedPct / 100),
  held: (state) => [state.content],
  measure(item, say, mill) {
    const { motor } = item.state;
    measureMotor(mill, item.id, motor, say);
    say('SpeedPct', rounded(motor.speedPct, 1));
    say('kWh', rounded(motor.kWh, 2));
  },
};
