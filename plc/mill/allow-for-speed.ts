import type { AlarmDefinition } from '../model/alarm.ts';
import type { DeviceDefinition, Mill } from './definition.ts';

/**
 * How long an answer of the field may take on its way, in real time, s: poll, publish, read back.
 */
const ANSWER_S = 0.5;

function allowed(device: DeviceDefinition, extraS: number): DeviceDefinition {
  const { settings } = device;
  if ('feedbackS' in settings) {
    const feedbackS = settings.feedbackS + extraS;
    const runUpS = settings.runUpS + extraS;
    return { ...device, settings: { ...settings, feedbackS, runUpS } } as DeviceDefinition;
  }
  if ('travelS' in settings) {
    return {
      ...device,
      settings: { ...settings, travelS: settings.travelS + extraS },
    } as DeviceDefinition;
  }
  return device;
}

/** Alarms of communication, which runs in real time whatever the process does. */
function isOfLinks(alarm: AlarmDefinition, heartbeats: ReadonlySet<string>): boolean {
  return alarm.id.startsWith('LINK.') || heartbeats.has(alarm.device ?? '');
}

/**
 * The mill as the controller has to see it when the simulated process runs faster than the clock:
 * an answer of the field still takes its real time on the network, so deadlines for feedback,
 * run-up and travel get that time added in process time, and alarms of links keep their delay in
 * real time. At speed 1 the mill as it is.
 */
export function allowForSpeed(mill: Mill, speed: number): Mill {
  if (speed <= 1) return mill;
  const devices = mill.devices.map((device) => allowed(device, ANSWER_S * (speed - 1)));
  const heartbeats = new Set(
    devices.filter((one) => one.type === 'heartbeat').map((one) => one.id),
  );
  const alarms = mill.alarms.map((alarm) =>
    alarm.condition !== null && isOfLinks(alarm, heartbeats)
      ? {
          ...alarm,
          condition: { ...alarm.condition, onDelayMs: alarm.condition.onDelayMs * speed },
        }
      : alarm,
  );
  return { ...mill, devices, alarms, deviceById: new Map(devices.map((one) => [one.id, one])) };
}
