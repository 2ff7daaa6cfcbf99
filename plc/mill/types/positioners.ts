import { DIVERTER_STATES, GATE_STATES } from '../../model/isa88.ts';
import type { DiverterSettings, GateSettings } from '../definition.ts';
import { analog, flag, state, text } from '../tag-shorthand.ts';
import type { AlarmTemplate, DeviceType } from '../tag-template.ts';
import { DEVICE_STATE_TEXTS } from './state-texts.ts';

function travelAlarm<S>(): AlarmTemplate<S> {
  return {
    name: 'Fault',
    priority: 'medium',
    timeToRespondS: 300,
    text: text('Không tới vị trí', 'Position not reached'),
    cause: text(
      'Kẹt liệu, thiếu khí nén hoặc công tắc hành trình hỏng',
      'Product in the way, no air, or a failed limit switch',
    ),
    consequence: text('Tuyến không chạy được', 'The route cannot run'),
    action: text('Kiểm tra tại chỗ, rồi đặt lại', 'Check on site, then reset'),
  };
}

export const gate: DeviceType<GateSettings> = {
  text: text('Cửa', 'Gate'),
  tags: [
    flag('OpenCmd', 'output', text('Lệnh mở', 'Open command')),
    flag('OpenLS', 'input', text('Công tắc mở', 'Open limit switch')),
    flag('CloseLS', 'input', text('Công tắc đóng', 'Closed limit switch')),
    state(GATE_STATES, DEVICE_STATE_TEXTS),
  ],
  alarms: [travelAlarm()],
};

export const valve: DeviceType<GateSettings> = { ...gate, text: text('Van', 'Valve') };

export const diverter: DeviceType<DiverterSettings> = {
  text: text('Van chia', 'Diverter'),
  tags: [
    {
      ...analog<DiverterSettings>(
        'Req',
        'output',
        text('Vị trí yêu cầu', 'Requested position'),
        '',
        [0, (s) => s.positions],
      ),
      dataType: 'uint16',
    },
    {
      ...analog<DiverterSettings>('Pos', 'input', text('Vị trí', 'Position'), '', [
        0,
        (s) => s.positions,
      ]),
      dataType: 'uint16',
    },
    flag('InPos', 'input', text('Đúng vị trí', 'In position')),
    state(DIVERTER_STATES, DEVICE_STATE_TEXTS),
  ],
  alarms: [travelAlarm()],
};

export const distributor: DeviceType<DiverterSettings> = {
  ...diverter,
  text: text('Bộ phân phối', 'Distributor'),
};
