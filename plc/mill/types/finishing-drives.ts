import type { CoaterSettings, CrumblerSettings, DriveSettings } from '../definition.ts';
import { analog, measured, text } from '../tag-shorthand.ts';
import type { DeviceType } from '../tag-template.ts';
import { driveAlarms, driveTags, motor } from './drives.ts';

/** Drum or plan sifter; what it throws off as fines goes back by its own spout. */
export const sieve: DeviceType<DriveSettings> = { ...motor, text: text('Sàng', 'Sieve') };

/** The gap is set by hand at the rolls; the field measures it. */
export const crumbler: DeviceType<CrumblerSettings> = {
  text: text('Máy bẻ viên', 'Crumbler'),
  tags: [
    ...driveTags<CrumblerSettings>(),
    measured(
      1_000,
      analog('GapMm', 'input', text('Khe hở lô', 'Roll gap'), 'mm', [0, (s) => s.gapMmMax]),
    ),
  ],
  alarms: driveAlarms<CrumblerSettings>(),
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
      when: {
        role: 'DeviationPct',
        comparison: 'above',
        limit: (s) => s.deviationPct,
        deadband: 0.5,
        onDelayS: 15,
      },
    },
  ],
};
