/**
 * Goal: the pilot mill with motors that may be started as often as one likes. Each kill of the
 * controller costs whatever ran a start, and a test kills it more often in an hour than a motor
 * bears.
 */
import { defineMill } from '../../plc/mill/define-mill.ts';
import type { DeviceDefinition } from '../../plc/mill/definition.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';

const STARTS_PER_HOUR_MAX = 10_000;

function hardy(device: DeviceDefinition): DeviceDefinition {
  if (!('startsPerHourMax' in device.settings)) return device;
  const settings = { ...device.settings, startsPerHourMax: STARTS_PER_HOUR_MAX };
  return { ...device, settings } as DeviceDefinition;
}

const hardyPilot = defineMill({ ...pilot, devices: pilot.devices.map(hardy) });

export default hardyPilot;
