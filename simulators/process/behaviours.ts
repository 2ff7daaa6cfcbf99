import type { DeviceTypeName } from '../../plc/mill/definition.ts';
import { bagger } from './devices/bagger.ts';
import { bin } from './devices/bin.ts';
import { carrierDrive } from './devices/carrier-drive.ts';
import { coater } from './devices/coater.ts';
import { cooler } from './devices/cooler.ts';
import { crumbler } from './devices/crumbler.ts';
import { diverter } from './devices/diverter.ts';
import { feeder } from './devices/feeder.ts';
import { gate } from './devices/gate.ts';
import { heartbeat } from './devices/heartbeat.ts';
import { doseMeter, flowMeter, handAdd, weighbridge } from './devices/instruments.ts';
import { loadOut } from './devices/load-out.ts';
import { magnet } from './devices/magnet.ts';
import { mixer } from './devices/mixer.ts';
import { checkweigher, metalDetector, palletiser } from './devices/packing.ts';
import { pitLight } from './devices/pit-light.ts';
import { press } from './devices/press.ts';
import { safety } from './devices/safety.ts';
import { scale } from './devices/scale.ts';
import { temperatureCable, weatherStation } from './devices/storage-air.ts';
import { airNet, boiler, compressor, energyMeter, filter } from './devices/utilities.ts';
import type { Behaviour } from './item.ts';

/** The physics of every device type. A new type is a file under devices/ and an entry here. */
export const BEHAVIOURS: { readonly [K in DeviceTypeName]: Behaviour } = {
  motor: carrierDrive,
  fan: carrierDrive,
  conveyor: carrierDrive,
  elevator: carrierDrive,
  hammerMill: carrierDrive,
  sieve: carrierDrive,
  crumbler,
  coater,
  magnet,
  pump: carrierDrive,
  feeder,
  gate,
  valve: gate,
  diverter,
  distributor: diverter,
  scale,
  bin,
  mixer,
  press,
  cooler,
  bagger,
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
