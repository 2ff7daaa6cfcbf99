import type { CoaterSettings, CrumblerSettings, DriveSettings } from '../definition.ts';
import { analog, flag, measured, text } from '../tag-shorthand.ts';
import type { DeviceType } from '../tag-template.ts';
import { driveAlarms, driveTags, motor } from './drives.ts';

/** Drum or plan sifter; what it throws off as fines goes back by its own spout. */
export const sieve: DeviceType<DriveSettings> = { ...motor, text: text('Sàng', 'Sieve') };

/** The gap is driven to its set point and measured; pellets that stay whole go past the rolls. */
export const crumbler: DeviceType<CrumblerSettings> = {
  text: text('Máy bẻ viên', 'Crumbler'),
  tags: [
    ...driveTags<CrumblerSettings>(),
    analog('SetMm', 'output', text('Khe hở lô đặt', 'Roll gap set point'), 'mm', [
      0,
      (s) => 2 * s.gapMmMax,
    ]),
    flag('BypassOpen', 'output', text('Lệnh mở đường tắt', 'Bypass past the rolls open')),
    flag('BypassFb', 'input', text('Đường tắt đang mở', 'Bypass stands open')),
    measured(
      1_000,
      analog('GapMm', 'input', text('Khe hở lô', 'Roll gap'), 'mm', [0, (s) => 2 * s.gapMmMax]),
    ),
  ],
  alarms: [
    ...driveAlarms<CrumblerSettings>(),
    {
      name: 'GapOff',
      priority: 'low',
      timeToRespondS: 600,
      text: text('Máy bẻ viên không đúng cài đặt', 'Crumbler is not as it is set'),
      cause: text(
        'Cơ cấu chỉnh khe hở hoặc cửa đường tắt bị kẹt',
        'The drive of its gap or the flap of its bypass is stuck',
      ),
      consequence: text('Mảnh viên sai cỡ', 'Crumbs of the wrong size, or pellets instead'),
      action: text('Kiểm tra khe hở lô và cửa đường tắt', 'Check the roll gap and the bypass flap'),
    },
  ],
};

/** Liquid on the flow of a belt weigher, +-2 % (DOMAIN 4); its own controller holds the ratio. */
export const coater: DeviceType<CoaterSettings> = {
  text: text('Máy phun dầu', 'Coater'),
  tags: [
    ...driveTags<CoaterSettings>(),
    measured(
      200,
      analog('BeltTPerH', 'input', text('Lưu lượng viên', 'Product flow'), 't/h', [
        0,
        (s) => s.capacityTPerH * 1.2,
      ]),
    ),
    measured(
      200,
      analog('LiquidKgPerH', 'input', text('Lưu lượng dầu', 'Liquid flow'), 'kg/h', [
        0,
        (s) => s.liquidKgPerHMax,
      ]),
    ),
    measured(
      1_000,
      analog('DeviationPct', 'input', text('Sai lệch tỷ lệ', 'Ratio deviation'), '%', [0, 100]),
    ),
  ],
  alarms: [
    ...driveAlarms<CoaterSettings>(),
    {
      name: 'RatioOff',
      priority: 'low',
      timeToRespondS: 600,
      text: text('Sai tỷ lệ phun dầu', 'Coating ratio off'),
      cause: text('Vòi phun nghẹt hoặc hết dầu', 'Nozzle blocked or tank empty'),
      consequence: text('Thành phẩm thiếu hoặc thừa dầu', 'Too little or too much fat on the feed'),
      action: text('Kiểm tra vòi phun và bồn dầu', 'Check the nozzles and the tank'),
    },
  ],
};
