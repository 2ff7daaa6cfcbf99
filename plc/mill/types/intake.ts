import { PIT_STATE_TEXTS, PIT_STATES } from '../../model/pit.ts';
import type { PitLightSettings } from '../definition.ts';
import { flag, state, text } from '../tag-shorthand.ts';
import type { AlarmTemplate, DeviceType } from '../tag-template.ts';

function wrong(
  name: string,
  words: AlarmTemplate<PitLightSettings>['text'],
  cause: AlarmTemplate<PitLightSettings>['text'],
): AlarmTemplate<PitLightSettings> {
  return {
    name,
    priority: 'high',
    timeToRespondS: 60,
    text: words,
    cause,
    consequence: text('Liệu lạ có thể vào silo', 'Foreign product may get into a silo'),
    action: text(
      'Ngăn xe đổ hàng, đưa xe về đúng chỗ',
      'Keep the truck from tipping, send it where it belongs',
    ),
  };
}

/**
 * The light and number-plate camera of a tipping pit or liquid bay (DOMAIN 4, Intake): green while
 * the truck that has the permit may tip, and only then.
 */
export const pitLight: DeviceType<PitLightSettings> = {
  text: text('Đèn hố nạp', 'Pit light'),
  tags: [
    flag('PermitCmd', 'output', text('Đèn xanh', 'Green light')),
    {
      role: 'PermitPlate',
      direction: 'output',
      dataType: 'string',
      text: text('Biển số được phép', 'Plate on the board'),
      unit: '',
      low: 0,
      high: 1,
    },
    flag('Occupied', 'input', text('Có xe tại hố', 'Truck at the pit')),
    {
      role: 'Plate',
      direction: 'input',
      dataType: 'string',
      text: text('Biển số xe', 'Number plate'),
      unit: '',
      low: 0,
      high: 1,
    },
    state(PIT_STATES, PIT_STATE_TEXTS),
  ],
  alarms: [
    wrong(
      'WrongPit',
      text('Xe vào sai hố', 'Truck at the wrong pit'),
      text('Xe tại hố không có phép đổ ở đây', 'The truck at the pit has no permit for it'),
    ),
    {
      name: 'NoDestination',
      priority: 'medium',
      timeToRespondS: 300,
      text: text('Hố không còn silo để nạp', 'No silo takes what lies in the pit'),
      cause: text(
        'Silo đích đầy hoặc tuyến đã dừng, không có silo thứ hai',
        'The silo is full or the route stopped, and there is no second one',
      ),
      consequence: text('Xe chờ ở hố', 'The truck stands at the pit'),
      action: text(
        'Chuyển bớt liệu hoặc đặt lại tuyến nạp',
        'Make room in a silo, or reset the intake route',
      ),
    },
    {
      name: 'NetDiffers',
      priority: 'low',
      timeToRespondS: 1_800,
      text: text('Khối lượng xe lệch phiếu', 'Net weight is off the ticket'),
      cause: text(
        'Cân được lệch hơn 0,5 % so với phiếu của nhà cung cấp',
        "The net weight is off the supplier's by more than 0.5 %",
      ),
      consequence: text('Trả tiền sai khối lượng', 'A wrong mass is paid for'),
      action: text(
        'Kiểm tra cân và làm việc với nhà cung cấp',
        'Check the scale, call the supplier',
      ),
    },
  ],
};
