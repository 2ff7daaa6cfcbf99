import type { Behaviour } from '../item.ts';

interface PitLightState {
  /** Number plate of the truck that stands at the pit; empty: nobody. */
  plate: string;
}

/** Light and camera of a pit: a truck that obeys it tips only while it is green (`trucks.ts`). */
export const pitLight: Behaviour<'pitLight', PitLightState> = {
  pace: 'coarse',
  create: () => ({ plate: '' }),
  step(now, { state, device }) {
    const { pit } = device.settings;
    const there = now.mill.trucks.find((one) => one.stage === 'tipping' && one.pit === pit);
    state.plate = there?.plate ?? '';
  },
  measure({ state }, say) {
    say('Occupied', state.plate !== '');
    say('Plate', state.plate);
  },
};
