import type { AlarmDefinition } from '../model/alarm.ts';
import { PROCEDURE_STATES, ROUTE_STATES } from '../model/isa88.ts';
import type { MillDefinition } from './definition.ts';
import { text } from './tag-shorthand.ts';

/**
 * What stopped a route or a line has an alarm of its own, and whoever mends it resets them too.
 * Only when nobody has for so long, ms, is that an alarm as well: one cause, one alarm (ISA-18.2).
 */
const FORGOTTEN_MS = 300_000;

/** Alarms of what stands until a person lets it go on: routes that tripped, lines that are held. */
export function waitingAlarms({ routes, lines }: MillDefinition): AlarmDefinition[] {
  return [...routes.map(routeAlarm), ...lines.map(lineAlarm)];
}

function waitsIn(tag: string, code: number): NonNullable<AlarmDefinition['condition']> {
  return { tag, comparison: 'is', limit: code, deadband: 0, onDelayMs: FORGOTTEN_MS };
}

function routeAlarm({ id, text: { vi, en } }: MillDefinition['routes'][number]): AlarmDefinition {
  return {
    id: `${id}.AwaitsReset`,
    device: null,
    priority: 'medium',
    timeToRespondS: 1_800,
    text: text(`Tuyến chờ đặt lại: ${vi}`, `Route awaits its reset: ${en}`),
    cause: text(
      'Tuyến đã dừng sự cố và chưa ai đặt lại',
      'The route tripped and nobody has reset it yet',
    ),
    consequence: text(
      'Tuyến không tự chạy lại, bồn phía sau sẽ cạn',
      'It does not start again by itself, and what it fills runs empty',
    ),
    action: text(
      'Chọn tuyến ở Tổng quan, xem Vì sao?, khắc phục nguyên nhân rồi đặt lại tuyến',
      'Choose the route on the overview, see Why?, mend the cause, then reset it',
    ),
    condition: waitsIn(`${id}.State`, ROUTE_STATES.indexOf('Tripped')),
  };
}

function lineAlarm({ id, text: { vi, en } }: MillDefinition['lines'][number]): AlarmDefinition {
  return {
    id: `${id}.AwaitsResume`,
    device: null,
    priority: 'medium',
    timeToRespondS: 600,
    text: text(`Lệnh đang giữ, chờ chạy tiếp: ${vi}`, `Held, awaits its resume: ${en}`),
    cause: text(
      'Lệnh bị giữ vì sự cố hoặc do người giữ',
      'The order was held by a fault or by a person',
    ),
    consequence: text('Dây chuyền không làm ra cám', 'The line makes no feed'),
    action: text(
      'Mở màn hình Dây chuyền, xem Vì sao?, khắc phục nguyên nhân rồi cho lệnh chạy tiếp',
      'Open the display of the line, see Why?, mend the cause, then resume the order',
    ),
    condition: waitsIn(`${id}.State`, PROCEDURE_STATES.indexOf('Held')),
  };
}
