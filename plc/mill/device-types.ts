import type { DeviceSettings, DeviceTypeName } from './definition.ts';
import type { DeviceType } from './tag-template.ts';
import {
  conveyor,
  elevator,
  fan,
  feeder,
  hammerMill,
  mixer,
  motor,
  press,
} from './types/drives.ts';
import { diverter, gate } from './types/positioners.ts';
import { bagger, bin, cooler, heartbeat, safety, scale } from './types/process.ts';

/**
 * Every device type of the mill. A new one is an entry here and its settings in `definition.ts`.
 */
export const DEVICE_TYPES: { readonly [K in DeviceTypeName]: DeviceType<DeviceSettings[K]> } = {
  motor,
  fan,
  conveyor,
  elevator,
  feeder,
  gate,
  diverter,
  scale,
  bin,
  mixer,
  hammerMill,
  press,
  cooler,
  bagger,
  safety,
  heartbeat,
};
