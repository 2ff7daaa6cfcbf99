import { type Device, settingText } from './view-types.ts';

/** Bins whose levels tell how long the mill can go on: kinds in the order of the flow. */
export const LEVEL_KINDS = ['silo', 'dosing', 'press', 'finished'] as const;
export type LevelKind = (typeof LEVEL_KINDS)[number];

/** Bins of one kind of a section. */
export interface LevelGroup {
  readonly kind: LevelKind;
  readonly bins: readonly Device[];
}

/** The machines that a section is judged by, most telling first, and their values (level 1). */
const TELLING_ROLES: Readonly<Record<string, readonly string[]>> = {
  hammerMill: ['LoadPct'],
  mixer: ['ContentKg', 'Phase'],
  press: ['LoadPct', 'ConditionerT'],
  cooler: ['ProductT'],
  bagger: ['OrderBags', 'State'],
  scale: ['Net'],
  weighbridge: ['Net'],
  loadOut: ['ActualKg'],
  boiler: ['PressureBar', 'SteamKgPerH'],
  airNet: ['PressureBar'],
  compressor: ['PressureBar'],
  energyMeter: ['kW'],
};

/** One machine with the values to show of it. */
export interface TellingMachine {
  readonly device: Device;
  readonly roles: readonly string[];
}

/** More bars beside each other would be too thin to see at arm's length. */
const BINS_PER_ROW_MAX = 24;

/** The bins of a group in rows of about the same length. */
export function levelRows(bins: readonly Device[]): Device[][] {
  const rows = Math.ceil(bins.length / BINS_PER_ROW_MAX);
  const length = Math.ceil(bins.length / Math.max(1, rows));
  return Array.from({ length: rows }, (_, row) => bins.slice(row * length, (row + 1) * length));
}

/** The bins of a section whose levels are shown, by kind. */
export function levelGroups(devices: readonly Device[]): LevelGroup[] {
  return LEVEL_KINDS.map((kind) => ({
    kind,
    bins: devices.filter((one) => one.type === 'bin' && settingText(one, 'kind') === kind),
  })).filter((group) => group.bins.length > 0);
}

/** The machines of a section that are shown with their values, at most `max`. */
export function tellingMachines(devices: readonly Device[], max: number): TellingMachine[] {
  return Object.entries(TELLING_ROLES)
    .flatMap(([type, roles]) =>
      devices.filter((one) => one.type === type).map((device) => ({ device, roles })),
    )
    .slice(0, max);
}
