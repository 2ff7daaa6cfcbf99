import { MIXER_PHASES, MOTOR_STATES, PRESS_PHASES } from '../../model/isa88.ts';
import type {
  DriveSettings,
  FeederSettings,
  HammerMillSettings,
  MixerSettings,
  PressSettings,
} from '../definition.ts';
import {
  analog,
  byLines,
  counter,
  flag,
  measured,
  scanned,
  state,
  statusBit,
  text,
  total,
} from '../tag-shorthand.ts';
import type { AlarmTemplate, DeviceType, TagTemplate } from '../tag-template.ts';
import { DEVICE_STATE_TEXTS, MIXER_PHASE_TEXTS, PRESS_PHASE_TEXTS } from './state-texts.ts';

/** Contactors of a motor that is started from star to delta; `Cmd` is its line contactor. */
function starDeltaTags<S extends DriveSettings>(): TagTemplate<S>[] {
  const onlyIf = (s: S) => s.starter === 'starDelta';
  return [
    { ...flag<S>('StarCmd', 'output', text('Công tắc tơ sao', 'Star contactor')), onlyIf },
    { ...flag<S>('DeltaCmd', 'output', text('Công tắc tơ tam giác', 'Delta contactor')), onlyIf },
    { ...flag<S>('DeltaFb', 'input', text('Phản hồi tam giác', 'Delta closed')), onlyIf },
  ];
}

/** Tags that the controller computes for every drive. */
function derivedDriveTags<S>(): TagTemplate<S>[] {
  return [
    state<S>(MOTOR_STATES, DEVICE_STATE_TEXTS),
    counter<S>('Starts', 'derived', text('Số lần khởi động', 'Starts'), ''),
    total(analog<S>('RunHours', 'derived', text('Giờ chạy', 'Run hours'), 'h', [0, 200_000])),
  ];
}

export function driveTags<S extends DriveSettings>(): TagTemplate<S>[] {
  return [
    flag<S>('Cmd', 'output', text('Lệnh chạy', 'Run command')),
    flag<S>('RunFb', 'input', text('Phản hồi chạy', 'Run feedback')),
    flag<S>('Trip', 'input', text('Bảo vệ tác động', 'Tripped')),
    flag<S>('Local', 'input', text('Tại chỗ', 'Local')),
    measured(
      200,
      analog<S>('Amps', 'input', text('Dòng điện', 'Current'), 'A', [0, (s) => s.ratedAmps * 2]),
    ),
    measured(200, analog<S>('SpeedPct', 'input', text('Tốc độ', 'Speed'), '%', [0, 120])),
    total(
      scanned(
        5_000,
        analog<S>('kWh', 'input', text('Điện năng', 'Energy'), 'kWh', [0, 100_000_000]),
      ),
    ),
    ...starDeltaTags<S>(),
    ...derivedDriveTags<S>(),
  ];
}

/** Alarms of every drive; `Fault` is raised by its machine with the reason of the fault. */
export function driveAlarms<S extends DriveSettings>(): AlarmTemplate<S>[] {
  return [
    {
      name: 'Fault',
      priority: 'medium',
      timeToRespondS: 300,
      text: text('Động cơ lỗi', 'Drive fault'),
      cause: text(
        'Mất phản hồi, không đạt tốc độ hoặc công tắc tơ dính',
        'Feedback lost, speed not reached or contactor welded',
      ),
      consequence: text('Tuyến dừng', 'The route stops'),
      action: text(
        'Kiểm tra tủ điện và thiết bị, rồi đặt lại',
        'Check panel and machine, then reset',
      ),
    },
    {
      name: 'Tripped',
      priority: 'medium',
      timeToRespondS: 300,
      text: text('Quá tải động cơ', 'Motor overload'),
      cause: text('Kẹt liệu hoặc quá tải', 'Blockage or overload'),
      consequence: text('Thiết bị dừng, phía trên dừng theo', 'It stops, and all upstream with it'),
      action: text('Tìm nguyên nhân, đặt lại rơ le', 'Find the cause, reset the relay'),
      when: { role: 'Trip', comparison: 'is', limit: true },
    },
  ];
}

function bearingTemperature<S>(): TagTemplate<S> {
  const words = text('Nhiệt độ ổ bi', 'Bearing temperature');
  return byLines(measured(1_000, analog<S>('BearingT', 'input', words, 'degC', [0, 120])));
}

const HOT_BEARING: AlarmTemplate<unknown>['text'] = text('Ổ bi nóng', 'Hot bearing');

function bearingAlarm<S>(limitC: number): AlarmTemplate<S> {
  return {
    name: 'BearingHot',
    priority: 'medium',
    timeToRespondS: 600,
    text: HOT_BEARING,
    cause: text('Thiếu mỡ, lệch trục hoặc mòn', 'Grease, alignment or wear'),
    consequence: text('Nguy cơ cháy nổ bụi', 'Risk of a dust explosion'),
    action: text('Dừng tuyến và kiểm tra ổ bi', 'Stop the route and inspect the bearing'),
    when: { role: 'BearingT', comparison: 'above', limit: limitC, deadband: 1, onDelayS: 5 },
  };
}

export const motor: DeviceType<DriveSettings> = {
  text: text('Động cơ', 'Motor'),
  tags: driveTags(),
  alarms: driveAlarms(),
};
export const fan: DeviceType<DriveSettings> = { ...motor, text: text('Quạt', 'Fan') };
export const pump: DeviceType<DriveSettings> = { ...motor, text: text('Bơm', 'Pump') };
export const conveyor: DeviceType<DriveSettings> = { ...motor, text: text('Băng tải', 'Conveyor') };

export const elevator: DeviceType<DriveSettings> = {
  text: text('Gàu tải', 'Elevator'),
  tags: [
    ...driveTags<DriveSettings>(),
    flag('Align', 'input', text('Lệch băng gàu', 'Belt drift')),
    flag('Plug', 'input', text('Nghẹt chân gàu', 'Leg plugged')),
    bearingTemperature(),
  ],
  alarms: [
    ...driveAlarms<DriveSettings>(),
    bearingAlarm<DriveSettings>(70),
    {
      name: 'BeltDrift',
      priority: 'medium',
      timeToRespondS: 120,
      text: text('Lệch băng gàu', 'Belt drift'),
      cause: text('Băng chạy lệch', 'The belt runs off centre'),
      consequence: text('Ma sát, nguy cơ cháy', 'Friction, risk of fire'),
      action: text('Dừng gàu, căn lại băng', 'Stop the leg and track the belt'),
      when: { role: 'Align', comparison: 'is', limit: true },
    },
    {
      name: 'Plugged',
      priority: 'medium',
      timeToRespondS: 120,
      text: text('Nghẹt chân gàu', 'Leg plugged'),
      cause: text('Cấp liệu quá nhiều hoặc đường ra nghẹt', 'Overfed, or the outlet is blocked'),
      consequence: text('Gàu dừng; không được nhấp máy', 'The leg stops; it must not be jogged'),
      action: text('Dọn chân gàu trước khi chạy lại', 'Clear the boot before a restart'),
      when: { role: 'Plug', comparison: 'is', limit: true },
    },
  ],
};

/** A screw or pump on a drive that speaks Modbus: control in holding 0-1, status in input 0-4. */
export const feeder: DeviceType<FeederSettings> = {
  text: text('Vít cấp liệu', 'Feeder'),
  tags: [
    flag('Cmd', 'output', text('Lệnh chạy', 'Run command'), {
      area: 'holding',
      offset: 0,
      encoding: 'bool',
      bit: 0,
    }),
    analog(
      'HzRef',
      'output',
      text('Tần số đặt', 'Frequency set point'),
      'Hz',
      [0, (s) => s.hzMax],
      { area: 'holding', offset: 1, encoding: 'uint16', scale: 0.01 },
    ),
    flag('RunFb', 'input', text('Phản hồi chạy', 'Run feedback'), statusBit(0, 0)),
    flag('Trip', 'input', text('Biến tần báo lỗi', 'Drive tripped'), statusBit(0, 1)),
    flag('Local', 'input', text('Tại chỗ', 'Local'), statusBit(0, 2)),
    analog('Hz', 'input', text('Tần số', 'Frequency'), 'Hz', [0, (s) => s.hzMax * 1.2], {
      area: 'input',
      offset: 1,
      encoding: 'uint16',
      scale: 0.01,
    }),
    measured(
      200,
      analog('Amps', 'input', text('Dòng điện', 'Current'), 'A', [0, (s) => s.ratedAmps * 2], {
        area: 'input',
        offset: 2,
        encoding: 'uint16',
        scale: 0.01,
      }),
    ),
    // A drive on Modbus has no meter: its energy is computed from its current.
    total(
      analog(
        'kWh',
        'derived',
        text('Điện năng (tính)', 'Energy (computed)'),
        'kWh',
        [0, 100_000_000],
      ),
    ),
    ...derivedDriveTags<FeederSettings>(),
  ],
  alarms: driveAlarms<FeederSettings>(),
};

export const mixer: DeviceType<MixerSettings> = {
  text: text('Máy trộn', 'Mixer'),
  tags: [
    ...driveTags<MixerSettings>(),
    state(MIXER_PHASES, MIXER_PHASE_TEXTS, 'Phase'),
    analog('RemainingS', 'derived', text('Thời gian còn lại', 'Time left'), 's', [0, 1_800]),
    analog('ContentKg', 'derived', text('Khối lượng trong máy', 'Content'), 'kg', [
      0,
      (s) => s.capacityKg * 1.2,
    ]),
  ],
  alarms: driveAlarms<MixerSettings>(),
};

const SCREEN_BROKEN: AlarmTemplate<HammerMillSettings> = {
  name: 'ScreenBroken',
  priority: 'medium',
  timeToRespondS: 600,
  text: text('Lưới nghiền có thể bị rách', 'Mill screen may be broken'),
  cause: text('Dòng điện giảm khi lưu lượng không đổi', 'Amps fell while the flow is steady'),
  consequence: text('Bột thô lọt vào bồn', 'Coarse meal gets into the bins'),
  action: text('Dừng nghiền, kiểm tra lưới', 'Stop grinding, inspect the screen'),
};

export const hammerMill: DeviceType<HammerMillSettings> = {
  text: text('Máy nghiền búa', 'Hammer mill'),
  tags: [
    ...driveTags<HammerMillSettings>(),
    bearingTemperature(),
    measured(200, analog('Vibration', 'input', text('Độ rung', 'Vibration'), 'mm/s', [0, 20])),
    analog('LoadPct', 'derived', text('Tải động cơ', 'Motor load'), '%', [0, 150]),
    analog('KWhPerT', 'derived', text('Điện năng mỗi tấn', 'Energy per tonne'), 'kWh/t', [0, 100]),
    flag('Reverse', 'output', text('Chiều quay ngược', 'Reverse direction')),
  ],
  alarms: [
    SCREEN_BROKEN,
    ...driveAlarms<HammerMillSettings>(),
    bearingAlarm<HammerMillSettings>(75),
    {
      name: 'VibrationHigh',
      priority: 'medium',
      timeToRespondS: 600,
      text: text('Rung cao', 'High vibration'),
      cause: text('Búa mòn hoặc gãy, mất cân bằng', 'Worn or broken hammers, imbalance'),
      consequence: text('Hỏng máy nghiền', 'Damage to the mill'),
      action: text('Ngừng cấp liệu, kiểm tra búa', 'Stop the feed, inspect the hammers'),
      when: { role: 'Vibration', comparison: 'above', limit: 7.1, deadband: 0.2, onDelayS: 5 },
    },
    {
      name: 'LoadHigh',
      priority: 'low',
      timeToRespondS: 120,
      text: text('Tải nghiền cao', 'High mill load'),
      cause: text('Cấp liệu quá nhiều hoặc lưới nghẹt', 'Overfed or screen blocked'),
      consequence: text('Dừng cấp liệu', 'The feed stops'),
      action: text('Kiểm tra lưới và độ ẩm nguyên liệu', 'Check the screen and the moisture'),
      when: { role: 'LoadPct', comparison: 'above', limit: 105, deadband: 2, onDelayS: 2 },
    },
  ],
};

export const press: DeviceType<PressSettings> = {
  text: text('Máy ép viên', 'Pellet press'),
  tags: [
    ...driveTags<PressSettings>(),
    analog('SteamPct', 'output', text('Độ mở van hơi', 'Steam valve opening'), '%', [0, 100]),
    flag('SteamOpen', 'output', text('Lệnh mở hơi', 'Steam shut-off open')),
    flag('BypassOpen', 'output', text('Lệnh mở cửa xả tắt', 'Bypass before the die open')),
    measured(
      1_000,
      analog(
        'ConditionerT',
        'input',
        text('Nhiệt độ trộn hơi', 'Conditioner temperature'),
        'degC',
        [0, 120],
      ),
    ),
    measured(
      1_000,
      analog(
        'MoisturePct',
        'input',
        text('Độ ẩm sau trộn hơi', 'Moisture to the die'),
        '%',
        [0, 40],
      ),
    ),
    measured(200, analog('RollSlipPct', 'input', text('Trượt lô ép', 'Roll slip'), '%', [0, 100])),
    analog('SetC', 'derived', text('Nhiệt độ đặt', 'Temperature set point'), 'degC', [0, 110]),
    analog('LoadPct', 'derived', text('Tải động cơ', 'Motor load'), '%', [0, 150]),
    state(PRESS_PHASES, PRESS_PHASE_TEXTS, 'Phase'),
  ],
  alarms: [
    ...driveAlarms<PressSettings>(),
    {
      name: 'ConditionerHot',
      priority: 'medium',
      timeToRespondS: 120,
      text: text('Nhiệt độ trộn hơi cao', 'Conditioner temperature high'),
      cause: text('Van hơi kẹt hoặc cấp liệu giảm', 'Steam valve stuck or feed dropped'),
      consequence: text('Hỏng vitamin, nguy cơ kẹt khuôn', 'Vitamins lost, the die may choke'),
      action: text('Giảm hơi, kiểm tra cấp liệu', 'Reduce steam, check the feed'),
      when: {
        role: 'ConditionerT',
        comparison: 'above',
        limit: (s) => s.conditionerHighC,
        deadband: 1,
        onDelayS: 5,
      },
    },
    {
      name: 'MoistureHigh',
      priority: 'medium',
      timeToRespondS: 120,
      text: text('Bột vào khuôn quá ẩm', 'Mash to the die is too moist'),
      cause: text('Bột ẩm hoặc hơi ướt, hơi quá nhiều', 'Moist mash, wet steam or too much of it'),
      consequence: text('Khuôn ép sẽ kẹt', 'The die will choke'),
      action: text(
        'Xả nước ngưng, kiểm tra độ ẩm bột, giảm nhiệt độ đặt',
        'Drain the condensate, check the mash, lower the temperature set point',
      ),
      when: { role: 'MoisturePct', comparison: 'above', limit: 17.5, deadband: 0.3, onDelayS: 5 },
    },
    {
      name: 'Choked',
      priority: 'high',
      timeToRespondS: 60,
      text: text('Kẹt khuôn ép', 'Press choked'),
      cause: text('Ẩm cao, quá tải hoặc trượt lô', 'Moisture, overload or roll slip'),
      consequence: text('Dây chuyền ép dừng', 'The press line stops'),
      action: text('Thông khuôn, rồi đặt lại', 'Clear the die, then reset'),
    },
  ],
};
