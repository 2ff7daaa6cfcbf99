import type { DeviceSettings, DeviceTypeName } from './definition.ts';
import type { DeviceType } from './tag-template.ts';
import { bin } from './types/bin.ts';
import { cooler } from './types/cooler.ts';
import {
  conveyor,
  elevator,
  fan,
  feeder,
  hammerMill,
  mixer,
  motor,
  press,
  pump,
} from './types/drives.ts';
import { coater, crumbler, sieve } from './types/finishing-drives.ts';
import {
  doseMeter,
  flowMeter,
  handAdd,
  temperatureCable,
  weatherStation,
  weighbridge,
} from './types/instruments.ts';
import { pitLight } from './types/intake.ts';
import { magnet } from './types/magnet.ts';
import { checkweigher, loadOut, metalDetector, palletiser } from './types/packing.ts';
import { distributor, diverter, gate, valve } from './types/positioners.ts';
import { bagger, heartbeat, safety, scale } from './types/process.ts';
import { airNet, boiler, compressor, energyMeter, filter } from './types/utilities.ts';

/**
 * Every device type of the mill. A new one is an entry here and its settings in `definition.ts`.
 */
export const DEVICE_TYPES: { readonly [K in DeviceTypeName]: DeviceType<DeviceSettings[K]> } = {
  motor,
  fan,
  conveyor,
  elevator,
  pump,
  feeder,
  gate,
  valve,
  diverter,
  distributor,
  scale,
  bin,
  mixer,
  hammerMill,
  press,
  cooler,
  bagger,
  sieve,
  crumbler,
  coater,
  magnet,
  weighbridge,
  handAdd,
  pitLight,
  filter,
  boiler,
  compressor,
  airNet,
  energyMeter,
  temperatureCable,
  weatherStation,
  flowMeter,
  doseMeter,
  palletiser,
  checkweigher,
  metalDetector,
  loadOut,
  safety,
  heartbeat,
};
