import type { MagnetSettings } from '../definition.ts';
import { analog, flag, text } from '../tag-shorthand.ts';
import type { DeviceType } from '../tag-template.ts';

/**
 * A magnet before a mill or at the intake (DOMAIN 4): its drawer is watched, and the metal on it.
 */
export const magnet: DeviceType<MagnetSettings> = {
  text: text('Nam châm', 'Magnet'),
  tags: [
    flag('InPlace', 'input', text('Ngăn kéo đã đóng', 'Drawer is shut')),
    flag('Covered', 'input', text('Đã bám đầy kim loại', 'Covered with metal')),
    analog(
      'PassedH',
      'derived',
      text('Giờ chạy từ lần vệ sinh', 'Hours since cleaned'),
      'h',
      [0, 10_000],
    ),
  ],
  alarms: [
    {
      name: 'DrawerOut',
      priority: 'medium',
      timeToRespondS: 300,
      text: text('Ngăn nam châm mở khi có liệu', 'Magnet drawer out while product passes'),
      cause: text('Có người kéo ngăn nam châm ra', 'Someone pulled the drawer out'),
      consequence: text(
        'Liệu tràn, kim loại lọt xuống; tuyến dừng',
        'Product spills, metal gets through; the route stops',
      ),
      action: text('Đóng ngăn nam châm rồi chạy lại', 'Shut the drawer, then start again'),
    },
    {
      name: 'CleaningDue',
      priority: 'low',
      timeToRespondS: 3_600,
      text: text('Đến hạn vệ sinh nam châm', 'Magnet must be cleaned'),
      cause: text('Đủ số giờ có liệu qua nam châm', 'Product passed for as long as it may'),
      consequence: text(
        'Kim loại bong ra, hỏng lưới và búa nghiền',
        'Metal comes off again and breaks screens and hammers',
      ),
      action: text(
        'Chờ tuyến dừng, kéo ngăn ra, gỡ kim loại rồi đóng lại',
        'When the route stands, pull the drawer, take the metal off, shut it',
      ),
    },
    {
      name: 'Covered',
      priority: 'medium',
      timeToRespondS: 900,
      text: text('Nam châm bám đầy kim loại', 'Magnet is covered with metal'),
      cause: text('Nhiều kim loại trong nguyên liệu', 'Much metal in the raw material'),
      consequence: text('Kim loại tiếp theo không được giữ lại', 'It holds no more metal'),
      action: text(
        'Dừng tuyến, gỡ kim loại, báo nhà cung cấp',
        'Stop the route, take the metal off, tell the supplier',
      ),
      when: { role: 'Covered', comparison: 'is', limit: true, onDelayS: 5 },
    },
  ],
};
