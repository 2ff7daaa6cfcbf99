import type { Behaviour } from '../item.ts';
import { hasFault } from '../item.ts';

/** The emergency stop of an area: hard-wired, it cuts the power of its drives (see `stepMotor`). */
export const safety: Behaviour<'safety'> = {
  pace: 'coarse',
  create: () => ({}),
  step() {
    // Nothing moves here: the button is a fault that a person presses and releases.
  },
  idle: () => true,
  measure(item, say, mill) {
    say('EStop', hasFault(mill, item.id, 'e-stop'));
  },
};
