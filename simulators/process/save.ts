import type { Mill } from '../../plc/mill/definition.ts';
import type { Fault } from '../faults/catalogue.ts';
import type { MillState } from './item.ts';
import { createState } from './state.ts';

/** Raised whenever the shape of a saved state changes; another version is not restored. */
export const SAVE_VERSION = 4;

type SavedMembers = Pick<
  MillState,
  'timeMs' | 'owedMs' | 'substances' | 'sources' | 'losses' | 'bags' | 'trucks' | 'scenario'
>;

/** A simulated mill at rest in a file. */
export interface SavedState extends SavedMembers {
  readonly version: number;
  readonly mill: string;
  /** Device ids and types of the mill it was saved from. */
  readonly devices: string;
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly states: Readonly<Record<string, object>>;
}

function fingerprint(mill: Mill): string {
  return mill.devices.map((device) => `${device.id}:${device.type}`).join(' ');
}

/** All that changes in a mill, as plain data; a view, to be written out at once. */
export function saveState(state: MillState): SavedState {
  return {
    version: SAVE_VERSION,
    mill: state.mill.id,
    devices: fingerprint(state.mill),
    seed: state.chance.seed,
    timeMs: state.timeMs,
    owedMs: state.owedMs,
    substances: state.substances,
    sources: state.sources,
    losses: state.losses,
    bags: state.bags,
    trucks: state.trucks,
    scenario: state.scenario,
    faults: state.faults.all,
    states: Object.fromEntries([...state.byId.values()].map((item) => [item.id, item.state])),
  };
}

/** The mill as it was saved, or null when it was saved from another mill or by another version. */
export function restoreState(mill: Mill, saved: SavedState): MillState | null {
  const { version, devices } = saved;
  if (version !== SAVE_VERSION || saved.mill !== mill.id || devices !== fingerprint(mill)) {
    return null;
  }
  const state = createState(mill, saved.seed);
  const { faults, timeMs, owedMs, substances, sources, losses, bags, trucks, scenario } =
    structuredClone(saved);
  Object.assign(state, { timeMs, owedMs, substances, sources, losses, bags, trucks, scenario });
  state.faults.replace(faults);
  for (const item of state.byId.values()) {
    const own = saved.states[item.id];
    if (own !== undefined) item.state = structuredClone(own);
  }
  return state;
}
