import type { DeviceTypeName } from '../../../plc/mill/definition.ts';
import type { TagScalar } from '../../../plc/model/tag.ts';
import { AMBIENT_C, MG_PER_KG } from '../blend.ts';
import type { Behaviour, Item } from '../item.ts';
import { lose, rounded } from '../item.ts';

/** What the field shows of a device that is switched on, healthy and has nothing to do. */
function standing<K extends DeviceTypeName>(
  values: (device: Item<K>['device']) => Readonly<Record<string, TagScalar>>,
): Behaviour<K> {
  return {
    create: () => ({}),
    step() {
      // It stands: its own controller has nothing to do.
    },
    measure(item, say) {
      for (const [role, value] of Object.entries(values(item.device))) say(role, value);
    },
  };
}

const EMPTY_SCALE = { Net: 0, Stable: true, Zero: true, Overload: false };

export const weighbridge = standing<'weighbridge'>(() => ({ ...EMPTY_SCALE, Occupied: false }));

export const handAdd = standing<'handAdd'>(() => ({
  ...EMPTY_SCALE,
  HatchOpen: false,
  Confirm: false,
}));

export const filter = standing<'filter'>(() => ({
  DiffMbar: 0,
  Cleaning: false,
  HopperHigh: false,
  VentBurst: false,
}));

/** Under pressure, its burner off: no steam is drawn. */
export const boiler = standing<'boiler'>(({ settings }) => ({
  RunFb: true,
  Trip: false,
  WaterLow: false,
  PressureBar: settings.pressureBar,
  SteamKgPerH: 0,
  WaterPct: 60,
  FlueT: 60,
}));

/** The net is full and it idles. */
export const compressor = standing<'compressor'>(({ settings }) => ({
  RunFb: true,
  Trip: false,
  PressureBar: settings.pressureBar,
  LoadPct: 0,
  OutletT: AMBIENT_C,
  RunHours: 0,
}));

/** Voltage without load. */
export const energyMeter = standing<'energyMeter'>(() => ({
  kW: 0,
  kWh: 0,
  PF: 1,
  V1: 230,
  V2: 230,
  V3: 230,
  A1: 0,
  A2: 0,
  A3: 0,
}));

const CABLE_ROLES = ['T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'MaxT'];

export const temperatureCable = standing<'temperatureCable'>(() =>
  Object.fromEntries(CABLE_ROLES.map((role) => [role, AMBIENT_C])),
);

export const flowMeter = standing<'flowMeter'>(() => ({
  FlowKgPerH: 0,
  TotalKg: 0,
  LiquidT: AMBIENT_C,
}));

/** PackML code of Idle. */
const PACKML_IDLE = 4;

export const palletiser = standing<'palletiser'>(() => ({
  Fault: false,
  PalletReady: true,
  PackState: PACKML_IDLE,
  Pallets: 0,
  BagsOnPallet: 0,
}));

export const checkweigher = standing<'checkweigher'>(() => ({
  Fault: false,
  LastKg: 0,
  Count: 0,
  Rejects: 0,
}));

export const metalDetector = standing<'metalDetector'>(() => ({
  Fault: false,
  Detected: false,
  Rejects: 0,
}));

/** A truck stands below the spout and takes what comes: product leaves the mill there. */
export const loadOut: Behaviour<'loadOut', { loadedMg: number }> = {
  create: () => ({ loadedMg: 0 }),
  step() {
    // The spout only lets through what the route brings.
  },
  room: (_now, { state, device }) =>
    Math.max(0, Math.floor(device.settings.compartmentKgMax * MG_PER_KG) - state.loadedMg),
  put(now, item, parcel) {
    item.state.loadedMg += parcel.mg;
    lose(now.mill, `${item.id} loaded`, parcel);
  },
  measure({ state, device }, say) {
    say('TruckInPlace', true);
    say('SpoutDown', true);
    say('Fault', false);
    say('Compartment', 1);
    say('TargetKg', device.settings.compartmentKgMax);
    say('ActualKg', rounded(state.loadedMg / MG_PER_KG, 0));
  },
};
