import type { CoolerSettings } from '../definition.ts';
import { analog, byLines, flag, measured, text } from '../tag-shorthand.ts';
import type { AlarmTemplate, DeviceType, TagTemplate } from '../tag-template.ts';

function temperature(role: string, words: ReturnType<typeof text>): TagTemplate<CoolerSettings> {
  return byLines(measured(1_000, analog(role, 'input', words, 'degC', [0, 120])));
}

/** Raised by its machine; it stays until an engineer resets the cooler. */
const FIRE: AlarmTemplate<CoolerSettings> = {
  name: 'ExhaustHot',
  priority: 'high',
  timeToRespondS: 60,
  text: text('Khí thải làm nguội quá nóng', 'Cooler exhaust too hot'),
  cause: text('Nguy cơ cháy trong máy làm nguội', 'Possible fire in the cooler'),
  consequence: text(
    'Cháy; đã dừng ép, quạt và xả, đóng van gió',
    'Fire; press, fan and discharge were stopped, the air damper shut',
  ),
  action: text(
    'Theo quy trình chữa cháy; chỉ đặt lại khi lớp liệu đã nguội',
    'Follow the fire procedure; reset only when the bed is cold',
  ),
};

const DAMPER_OPEN: AlarmTemplate<CoolerSettings> = {
  name: 'DamperOpen',
  priority: 'high',
  timeToRespondS: 60,
  text: text('Van gió làm nguội không đóng', 'Air damper of the cooler does not shut'),
  cause: text('Van gió kẹt hoặc mất khí nén', 'The damper is stuck or has no air'),
  consequence: text('Lửa được cấp thêm không khí', 'The fire is fed with air'),
  action: text('Đóng van gió bằng tay tại chỗ', 'Shut the damper by hand on the spot'),
};

const PRODUCT_WARM: AlarmTemplate<CoolerSettings> = {
  name: 'ProductWarm',
  priority: 'medium',
  timeToRespondS: 600,
  text: text('Viên ra khỏi máy làm nguội còn nóng', 'Product leaves the cooler warm'),
  cause: text(
    'Quạt yếu, lớp liệu không đều hoặc ép quá nhanh',
    'Weak fan, uneven bed, or pressed faster than it can cool',
  ),
  consequence: text('Viên đọng ẩm rồi mốc trong bồn', 'Condensation and mould in the bin'),
  action: text(
    'Kiểm tra quạt, cyclone và lớp liệu; giảm năng suất ép',
    'Check fan, cyclone and bed; press less',
  ),
};

/**
 * Counter-flow cooler (DOMAIN 4): a bed of 0.6 to 1.2 m on a grate, its air drawn by a fan through
 * a damper that is shut in a fire.
 */
export const cooler: DeviceType<CoolerSettings> = {
  text: text('Máy làm nguội', 'Cooler'),
  tags: [
    flag('DischargeCmd', 'output', text('Lệnh xả', 'Discharge command')),
    flag('DischargeFb', 'input', text('Phản hồi xả', 'Discharge feedback')),
    flag('DamperShut', 'output', text('Lệnh đóng van gió', 'Shut the air damper')),
    flag('DamperShutLS', 'input', text('Van gió đã đóng', 'Air damper is shut')),
    measured(1_000, analog('LevelPct', 'input', text('Mức liệu', 'Bed level'), '%', [0, 120])),
    temperature('ExhaustT', text('Nhiệt độ khí thải', 'Exhaust temperature')),
    temperature('ProductT', text('Nhiệt độ viên', 'Product temperature')),
    temperature('AirT', text('Nhiệt độ khí vào', 'Air inlet temperature')),
    analog('BedM', 'derived', text('Chiều dày lớp liệu', 'Bed depth'), 'm', [
      0,
      (s) => 1.2 * s.bedM,
    ]),
    flag('Fire', 'derived', text('Chế độ cháy', 'Fire logic is active')),
  ],
  alarms: [FIRE, DAMPER_OPEN, PRODUCT_WARM],
};
