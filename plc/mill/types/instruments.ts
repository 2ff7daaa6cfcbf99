import { SCALE_STATES } from '../../model/isa88.ts';
import type {
  DoseMeterSettings,
  FlowMeterSettings,
  TemperatureCableSettings,
  WeigherSettings,
} from '../definition.ts';
import {
  analog,
  byLines,
  count,
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
import type { DeviceType, TagTemplate } from '../tag-template.ts';
import { doseAlarms, overloadAlarm, weigherTags } from './process.ts';
import { SCALE_STATE_TEXTS } from './state-texts.ts';

/** Truck scale with its terminal (DOMAIN 4: 80-100 t, d = 20 kg). */
export const weighbridge: DeviceType<WeigherSettings> = {
  text: text('Cân xe', 'Weighbridge'),
  tags: [
    ...weigherTags<WeigherSettings>(),
    flag('Occupied', 'input', text('Có xe trên cân', 'Truck on it'), statusBit(2, 3)),
    {
      role: 'Plate',
      direction: 'input',
      dataType: 'string',
      text: text('Biển số xe', 'Number plate'),
      unit: '',
      low: 0,
      high: 1,
      scanMs: 1_000,
      register: { area: 'input', offset: 3, encoding: 'string', length: 8 },
    },
    flag('GoCmd', 'output', text('Cho xe đi', 'Truck may go'), {
      area: 'holding',
      offset: 0,
      encoding: 'bool',
      bit: 0,
    }),
  ],
  alarms: [overloadAlarm()],
};

/** Hatch over the mixer with a platform scale: a person weighs, tips and confirms (DOMAIN 4). */
export const handAdd: DeviceType<WeigherSettings> = {
  text: text('Cửa nạp tay', 'Hand-add hatch'),
  tags: [
    ...weigherTags<WeigherSettings>(),
    flag('HatchOpen', 'input', text('Cửa nạp mở', 'Hatch open'), statusBit(2, 3)),
    flag('Confirm', 'input', text('Nút xác nhận', 'Confirm button'), statusBit(2, 4)),
    flag('TipPermit', 'output', text('Cho phép đổ', 'May be tipped'), {
      area: 'holding',
      offset: 0,
      encoding: 'bool',
      bit: 0,
    }),
    state(SCALE_STATES, SCALE_STATE_TEXTS),
  ],
  alarms: [overloadAlarm()],
};

/** Points of a cable, from the bottom of the silo up. */
const CABLE_POINTS = 8;

/** Temperature cable of a silo, read by a scanner that also gives the highest of its points. */
export const temperatureCable: DeviceType<TemperatureCableSettings> = {
  text: text('Cáp nhiệt silo', 'Temperature cable'),
  tags: [
    ...Array.from({ length: CABLE_POINTS }, (_, index) =>
      byLines<TemperatureCableSettings>(
        measured<TemperatureCableSettings>(
          1_000,
          analog(
            `T${index + 1}`,
            'input',
            text(`Nhiệt độ điểm ${index + 1}`, `Temperature of point ${index + 1}`),
            'degC',
            [-20, 100],
            reading(index * 2),
          ),
        ),
      ),
    ),
    byLines(
      measured(
        1_000,
        analog(
          'MaxT',
          'input',
          text('Nhiệt độ cao nhất', 'Highest temperature'),
          'degC',
          [-20, 100],
          reading(CABLE_POINTS * 2),
        ),
      ),
    ),
  ],
  alarms: [
    {
      name: 'Hot',
      priority: 'low',
      timeToRespondS: 3_600,
      text: text('Nguyên liệu trong silo nóng', 'Product in the silo is warm'),
      cause: text('Độ ẩm cao, mọt hoặc nấm mốc', 'Moisture, insects or mould'),
      consequence: text('Hỏng nguyên liệu, nguy cơ tự cháy', 'Spoilage, risk of self-heating'),
      action: text('Chạy quạt thông gió, dùng silo này trước', 'Aerate, and use this silo first'),
      when: {
        role: 'MaxT',
        comparison: 'above',
        limit: (s) => s.highC,
        deadband: 1,
        onDelayS: 60,
      },
    },
    {
      name: 'Warming',
      priority: 'low',
      timeToRespondS: 3_600,
      text: text('Silo nóng lên', 'The silo warms up'),
      cause: text(
        'Nhiệt độ tăng 2 °C trong một tuần: mọt, mốc hoặc ẩm',
        'A rise of 2 °C within a week: insects, mould or moisture',
      ),
      consequence: text('Nguyên liệu tự nóng rồi hỏng', 'The product heats itself and spoils'),
      action: text('Lấy mẫu, thông gió, dùng silo này trước', 'Sample, aerate, use it first'),
    },
  ],
};

/** Temperature and humidity of the outside air. */
export const weatherStation: DeviceType<Readonly<Record<never, never>>> = {
  text: text('Trạm đo không khí', 'Weather station'),
  tags: [
    byLines(
      measured(
        1_000,
        analog(
          'AirT',
          'input',
          text('Nhiệt độ ngoài trời', 'Outside temperature'),
          'degC',
          [-10, 50],
          reading(0),
        ),
      ),
    ),
    byLines(
      measured(
        1_000,
        analog(
          'AirHumidityPct',
          'input',
          text('Độ ẩm ngoài trời', 'Outside humidity'),
          '%',
          [0, 100],
          reading(2),
        ),
      ),
    ),
  ],
  alarms: [],
};

/** Flow, total and temperature: the registers of every mass flow meter. */
function meterTags<S extends { readonly kgPerHMax: number }>(): TagTemplate<S>[] {
  return [
    measured(
      200,
      analog(
        'FlowKgPerH',
        'input',
        text('Lưu lượng', 'Flow'),
        'kg/h',
        [0, (s) => s.kgPerHMax],
        reading(0),
      ),
    ),
    total(
      scanned(
        1_000,
        analog(
          'TotalKg',
          'input',
          text('Tổng khối lượng', 'Total mass'),
          'kg',
          [0, 1_000_000_000],
          reading(2),
        ),
      ),
    ),
    byLines(
      measured(
        1_000,
        analog(
          'LiquidT',
          'input',
          text('Nhiệt độ chất lỏng', 'Liquid temperature'),
          'degC',
          [0, 120],
          reading(4),
        ),
      ),
    ),
  ];
}

/** Mass flow of a liquid behind its pump. */
export const flowMeter: DeviceType<FlowMeterSettings> = {
  text: text('Lưu lượng kế', 'Flow meter'),
  tags: meterTags<FlowMeterSettings>(),
  alarms: [],
};

/** A mass flow meter that doses: its pulses are counted, as a scale is read. */
export const doseMeter: DeviceType<DoseMeterSettings> = {
  text: text('Lưu lượng kế định lượng', 'Dosing meter'),
  tags: [
    ...meterTags<DoseMeterSettings>(),
    counter('Pulses', 'input', text('Số xung', 'Pulses'), 'pcs', count(6)),
    state(SCALE_STATES, SCALE_STATE_TEXTS),
    analog('Net', 'derived', text('Đã qua cho liều này', 'Passed for this dose'), 'kg', [
      0,
      (s) => s.capacityKg * 1.1,
    ]),
    analog('TargetKg', 'derived', text('Mục tiêu', 'Target'), 'kg', [0, (s) => s.capacityKg * 1.1]),
  ],
  alarms: doseAlarms<DoseMeterSettings>(),
};
