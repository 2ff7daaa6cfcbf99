import { AIR_STATES, FILTER_STATES } from '../../model/isa88.ts';
import type {
  AirNetSettings,
  BoilerSettings,
  CompressorSettings,
  EnergyMeterSettings,
  FilterSettings,
} from '../definition.ts';
import {
  analog,
  byLines,
  counter,
  flag,
  measured,
  reading,
  scanned,
  state,
  statusBit,
  text,
  total,
} from '../tag-shorthand.ts';
import type { AlarmTemplate, DeviceType, TagTemplate } from '../tag-template.ts';
import { AIR_STATE_TEXTS, FILTER_STATE_TEXTS } from './state-texts.ts';

function fieldFault<S>(machine: { readonly vi: string; readonly en: string }): AlarmTemplate<S> {
  return {
    name: 'Fault',
    priority: 'medium',
    timeToRespondS: 600,
    text: text(`${machine.vi} báo lỗi`, `${machine.en} fault`),
    cause: text('Bộ điều khiển của máy báo lỗi', 'Its own controller reports a fault'),
    consequence: text('Máy dừng hoặc giảm công suất', 'It stops or gives less'),
    action: text('Xem mã lỗi tại máy, rồi đặt lại', 'Read the fault at the machine, then reset'),
    when: { role: 'Trip', comparison: 'is', limit: true, onDelayS: 1 },
  };
}

function running<S>(): TagTemplate<S>[] {
  return [
    flag('RunFb', 'input', text('Đang chạy', 'Running'), statusBit(0, 0)),
    flag('Trip', 'input', text('Máy báo lỗi', 'Fault'), statusBit(0, 1)),
  ];
}

/** Bag filter: differential pressure, pulse cleaning, dust hopper and explosion vent (DOMAIN 3). */
export const filter: DeviceType<FilterSettings> = {
  text: text('Lọc bụi túi', 'Bag filter'),
  tags: [
    measured(
      1_000,
      analog('DiffMbar', 'input', text('Chênh áp', 'Differential pressure'), 'mbar', [0, 50]),
    ),
    flag('Cleaning', 'input', text('Đang giũ bụi', 'Cleaning')),
    flag('HopperHigh', 'input', text('Phễu bụi cao', 'Dust hopper high')),
    flag('VentBurst', 'input', text('Màng xả nổ vỡ', 'Explosion vent burst')),
    flag('Isolated', 'input', text('Van cô lập nổ đã đóng', 'Explosion isolation shut')),
    flag('CleanCmd', 'output', text('Lệnh giũ bụi', 'Clean')),
    counter('Pulses', 'derived', text('Số lần giũ', 'Cleaning pulses'), ''),
    state(FILTER_STATES, FILTER_STATE_TEXTS),
  ],
  alarms: [
    {
      name: 'Clogged',
      priority: 'low',
      timeToRespondS: 1_800,
      text: text('Túi lọc nghẹt', 'Filter bags clogged'),
      cause: text('Giũ bụi không chạy hoặc túi ẩm', 'Cleaning has failed or the bags are damp'),
      consequence: text('Hút bụi yếu, bụi ra xưởng', 'Weak aspiration, dust in the mill'),
      action: text('Kiểm tra khí nén và van giũ bụi', 'Check air and cleaning valves'),
      when: {
        role: 'DiffMbar',
        comparison: 'above',
        limit: (s) => s.highMbar,
        deadband: 1,
        onDelayS: 15,
      },
    },
    {
      name: 'VentBurst',
      priority: 'high',
      timeToRespondS: 60,
      text: text('Màng xả nổ đã vỡ', 'Explosion vent has burst'),
      cause: text('Nổ bụi trong bộ lọc, hoặc màng hỏng', 'A dust explosion, or a damaged panel'),
      consequence: text('Nguy cơ cháy và nổ tiếp', 'Fire, and a further explosion'),
      action: text(
        'Dừng khu vực, sơ tán, theo quy trình chữa cháy',
        'Stop the area, evacuate, follow the fire procedure',
      ),
      when: { role: 'VentBurst', comparison: 'is', limit: true },
    },
    {
      name: 'Isolated',
      priority: 'high',
      timeToRespondS: 60,
      text: text('Van cô lập nổ đã đóng', 'Explosion isolation has shut'),
      cause: text('Áp suất tăng đột ngột, hoặc van hỏng', 'A sudden pressure, or a faulty valve'),
      consequence: text('Quạt hút không được chạy', 'The fan must not run'),
      action: text(
        'Kiểm tra bộ lọc và ống gió rồi mới mở van',
        'Look into filter and duct before the valve is opened',
      ),
      when: { role: 'Isolated', comparison: 'is', limit: true },
    },
    {
      name: 'NotCleaned',
      priority: 'low',
      timeToRespondS: 1_800,
      text: text('Không giũ được bụi', 'Filter is not cleaned'),
      cause: text('Thiếu khí nén, van giũ hoặc bộ hẹn giờ hỏng', 'No air, or a failed pulse valve'),
      consequence: text('Túi lọc nghẹt dần', 'The bags clog by and by'),
      action: text('Kiểm tra khí nén và van giũ bụi', 'Check air and cleaning valves'),
    },
  ],
};

/** Steam boiler with its own burner control: watched, never commanded, from here. */
export const boiler: DeviceType<BoilerSettings> = {
  text: text('Nồi hơi', 'Boiler'),
  tags: [
    ...running<BoilerSettings>(),
    flag('WaterLow', 'input', text('Mức nước thấp', 'Water low'), statusBit(0, 2)),
    measured(
      1_000,
      analog(
        'PressureBar',
        'input',
        text('Áp suất hơi', 'Steam pressure'),
        'bar',
        [0, (s) => s.pressureBar * 1.5],
        reading(2),
      ),
    ),
    measured(
      1_000,
      analog(
        'SteamKgPerH',
        'input',
        text('Lưu lượng hơi', 'Steam flow'),
        'kg/h',
        [0, (s) => s.steamKgPerH * 1.2],
        reading(4),
      ),
    ),
    byLines(
      measured(
        1_000,
        analog('WaterPct', 'input', text('Mức nước', 'Water level'), '%', [0, 100], reading(6)),
      ),
    ),
    byLines(
      measured(
        1_000,
        analog('FlueT', 'input', text('Nhiệt độ khói', 'Flue gas'), 'degC', [0, 400], reading(8)),
      ),
    ),
  ],
  alarms: [
    fieldFault({ vi: 'Nồi hơi', en: 'Boiler' }),
    {
      name: 'PressureLow',
      priority: 'medium',
      timeToRespondS: 300,
      text: text('Áp suất hơi thấp', 'Steam pressure low'),
      cause: text('Lò đốt dừng hoặc dùng hơi quá nhiều', 'Burner off, or too much steam is drawn'),
      consequence: text('Máy ép không đủ nhiệt', 'The presses do not get warm enough'),
      action: text('Kiểm tra lò đốt, giảm số máy ép', 'Check the burner, run fewer presses'),
      when: {
        role: 'PressureBar',
        comparison: 'below',
        limit: (s) => s.lowBar,
        deadband: 0.2,
        onDelayS: 60,
      },
    },
    {
      name: 'WaterLow',
      priority: 'high',
      timeToRespondS: 60,
      text: text('Nồi hơi cạn nước', 'Boiler water low'),
      cause: text('Bơm cấp nước hỏng hoặc rò rỉ', 'Feed-water pump failed, or a leak'),
      consequence: text('Nguy cơ hỏng nồi hơi', 'Damage to the boiler'),
      action: text('Tắt lò đốt, kiểm tra bơm cấp nước', 'Stop the burner, check the pump'),
      when: { role: 'WaterLow', comparison: 'is', limit: true, onDelayS: 2 },
    },
  ],
};

/** Air compressor with its own control; from here comes only whether it leads or stands by. */
export const compressor: DeviceType<CompressorSettings> = {
  text: text('Máy nén khí', 'Compressor'),
  tags: [
    ...running<CompressorSettings>(),
    measured(
      1_000,
      analog(
        'PressureBar',
        'input',
        text('Áp suất khí', 'Air pressure'),
        'bar',
        [0, (s) => s.pressureBar * 1.5],
        reading(2),
      ),
    ),
    measured(1_000, analog('LoadPct', 'input', text('Tải', 'Load'), '%', [0, 120], reading(4))),
    byLines(
      measured(
        1_000,
        analog('OutletT', 'input', text('Nhiệt độ ra', 'Outlet'), 'degC', [0, 150], reading(6)),
      ),
    ),
    total(
      scanned(
        5_000,
        analog('RunHours', 'input', text('Giờ chạy', 'Run hours'), 'h', [0, 200_000], reading(8)),
      ),
    ),
    flag('SetLead', 'output', text('Chọn làm máy chính', 'Set to lead'), {
      area: 'holding',
      offset: 0,
      encoding: 'bool',
      bit: 0,
    }),
  ],
  alarms: [fieldFault({ vi: 'Máy nén khí', en: 'Compressor' })],
};

/** Compressed-air header: its pressure is what gates, slides and filters may count on. */
export const airNet: DeviceType<AirNetSettings> = {
  text: text('Mạng khí nén', 'Compressed air'),
  tags: [
    measured(
      1_000,
      analog(
        'PressureBar',
        'input',
        text('Áp suất ống chính', 'Header pressure'),
        'bar',
        [0, (s) => s.pressureBar * 1.5],
        reading(0),
      ),
    ),
    flag('Ok', 'derived', text('Đủ khí nén', 'Air is sufficient')),
    {
      role: 'Lead',
      direction: 'derived',
      dataType: 'uint16',
      unit: '',
      low: 0,
      high: (s) => s.compressors.length,
      text: text('Máy nén chính', 'Leading compressor'),
    },
    state(AIR_STATES, AIR_STATE_TEXTS),
  ],
  alarms: [
    {
      name: 'PressureLow',
      priority: 'medium',
      timeToRespondS: 300,
      text: text('Áp suất khí nén thấp', 'Air pressure low'),
      cause: text('Máy nén dừng hoặc rò khí', 'A compressor is off, or air leaks'),
      consequence: text('Cửa và van không được mở', 'Gates and diverters may not be moved'),
      action: text('Chạy máy nén dự phòng, tìm chỗ rò', 'Run the spare, find the leak'),
      when: {
        role: 'PressureBar',
        comparison: 'below',
        limit: (s) => s.lowBar,
        deadband: 0.1,
        onDelayS: 15,
      },
    },
  ],
};

const PHASES = [1, 2, 3] as const;

/** Energy meter of one feed of the switchboard. */
export const energyMeter: DeviceType<EnergyMeterSettings> = {
  text: text('Đồng hồ điện', 'Energy meter'),
  tags: [
    measured(
      1_000,
      analog(
        'kW',
        'input',
        text('Công suất', 'Power'),
        'kW',
        [0, (s) => Math.ceil(s.ratedAmps * 0.69)],
        reading(0),
      ),
    ),
    total(
      scanned(
        5_000,
        analog('kWh', 'input', text('Điện năng', 'Energy'), 'kWh', [0, 100_000_000], reading(2)),
      ),
    ),
    measured(
      1_000,
      analog('PF', 'input', text('Hệ số công suất', 'Power factor'), '', [0, 1], reading(4)),
    ),
    ...PHASES.map((phase) =>
      measured<EnergyMeterSettings>(
        1_000,
        analog(
          `V${phase}`,
          'input',
          text(`Điện áp pha ${phase}`, `Voltage of phase ${phase}`),
          'V',
          [0, 300],
          reading(4 + phase * 2),
        ),
      ),
    ),
    ...PHASES.map((phase) =>
      measured<EnergyMeterSettings>(
        1_000,
        analog(
          `A${phase}`,
          'input',
          text(`Dòng điện pha ${phase}`, `Current of phase ${phase}`),
          'A',
          [0, (s) => s.ratedAmps * 1.2],
          reading(10 + phase * 2),
        ),
      ),
    ),
  ],
  alarms: [],
};
