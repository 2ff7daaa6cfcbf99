import type { Mill } from '../../plc/mill/definition.ts';
import { DEVICE_TYPES } from '../../plc/mill/device-types.ts';
import type { AlarmCondition } from '../../plc/model/alarm.ts';
import type { Condition } from '../../plc/model/condition.ts';
import { REASON_TEXTS } from '../../plc/model/reason.ts';
import type { MillView } from '../contract/rest.ts';

/**
 * What the displays are drawn from: the mill without its field addresses, which are nobody's
 * business there.
 */
export function millView(mill: Mill): MillView {
  return {
    id: mill.id,
    text: mill.text,
    timeZone: mill.timeZone,
    areas: mill.areas.map(({ id, text }) => ({ id, text })),
    displays: mill.displays.map(({ id, text, areas }) => ({ id, text, areas: [...areas] })),
    connections: mill.connections.map(({ id, text }) => ({ id, text })),
    materials: mill.materials.map(({ code, text }) => ({ code, text })),
    devices: mill.devices.map((device) => ({
      id: device.id,
      type: device.type,
      typeText: DEVICE_TYPES[device.type].text,
      text: device.text,
      area: device.area,
      at: device.at,
      settings: { ...device.settings },
      permissives: [...device.permissives],
      interlocks: [...device.interlocks],
    })),
    flows: [...mill.flows],
    routes: mill.routes.map(({ id, text, sources, destinations }) => ({
      id,
      text,
      sources: [...sources],
      destinations: [...destinations],
    })),
    lines: mill.lines.map(({ id, text, scales, mixer, surge, finishedBins, ...line }) => ({
      ...{ id, text, mixer, surge },
      scales: [...scales],
      meters: [...(line.meters ?? [])],
      finishedBins: [...finishedBins],
      presses: mill.pressLines
        .filter(({ press }) => line.presses.includes(press))
        .map(({ press, bin }) => ({ press, bin })),
      baggers: [...line.baggers],
    })),
    ...tagsAndAlarms(mill),
    reasonTexts: REASON_TEXTS,
  };
}

function tagsAndAlarms(mill: Mill): Pick<MillView, 'tags' | 'alarms'> {
  return {
    tags: mill.tags.map((tag) => ({
      name: tag.name,
      device: tag.device,
      role: tag.role,
      text: tag.text,
      unit: tag.unit,
      dataType: tag.dataType,
      direction: tag.direction,
      low: tag.range.low,
      high: tag.range.high,
      states: tag.states,
    })),
    alarms: mill.alarms.map(({ condition, ...alarm }) => ({
      ...alarm,
      condition: condition === null ? null : limitOf(condition),
    })),
  };
}

/** Which value of which tag raises an alarm; how long it must last is the controller's business. */
function limitOf({ tag, comparison, limit }: AlarmCondition): Condition {
  return { tag, comparison, limit };
}
