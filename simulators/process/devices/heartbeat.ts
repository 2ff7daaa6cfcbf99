import type { Behaviour } from '../item.ts';

export interface HeartbeatState {
  beat: number;
  /** Real time since the beat last changed, s. */
  silentS: number;
  safe: boolean;
}

/**
 * The watchdog of a field controller. When the beat has not changed for `timeoutS` of real time,
 * all its outputs count as off until the beat changes again. A new mill is safe until the first
 * beat.
 */
export const heartbeat: Behaviour<'heartbeat', HeartbeatState> = {
  pace: 'fine',
  create: () => ({ beat: 0, silentS: 0, safe: true }),
  step(now, item) {
    const { state, device } = item;
    const beat = now.number(item, 'Beat');
    if (beat !== state.beat) {
      state.beat = beat;
      state.silentS = 0;
      state.safe = false;
      return;
    }
    state.silentS += now.dtS / now.mill.speed;
    if (state.silentS > device.settings.timeoutS) state.safe = true;
  },
  measure({ state }, say) {
    say('Safe', state.safe);
  },
};

export function isSafeState(state: object): boolean {
  return 'safe' in state && state.safe === true;
}
