import { PACKML_STATES, SCALE_STATES } from '../../model/isa88.ts';
import type {
  BaggerSettings,
  DeviceSettings,
  ScaleSettings,
  WeigherSettings,
} from '../definition.ts';
import {
  analog,
  count,
  counter,
  flag,
  reading,
  scanned,
  state,
  statusBit,
  text,
} from '../tag-shorthand.ts';
import type { AlarmTemplate, DeviceType, TagTemplate } from '../tag-template.ts';
import { PACKML_TEXTS, SCALE_STATE_TEXTS } from './state-texts.ts';

/** A weigher that speaks Modbus: net weight in input 0-1 (float32), status bits in input 2. */
export function weigherTags<S extends WeigherSettings>(): TagTemplate<S>[] {
  return [
    {
      ...analog<S>(
        'Net',
        'input',
        text('Khối lượng', 'Net weight'),
        'kg',
        [(s) => -s.capacityKg * 0.02, (s) => s.capacityKg * 1.1],
        reading(0),
      ),
      maxAgeMs: 2_000,
    },
    flag('Stable', 'input', text('Ổn định', 'Stable'), statusBit(2, 0)),
    flag('Zero', 'input', text('Điểm không', 'At zero'), statusBit(2, 1)),
    flag('Overload', 'input', text('Quá tải', 'Overload'), statusBit(2, 2)),
  ];
}

export function overloadAlarm<S>(): AlarmTemplate<S> {
  return {
    name: 'Overload',
    priority: 'medium',
    timeToRespondS: 120,
    text: text('Cân quá tải', 'Scale overload'),
    cause: text('Cân chứa quá nhiều hoặc cảm biến lỗi', 'Too much on it, or a failed load cell'),
    consequence: text('Khối lượng không tin cậy', 'The weight is not valid'),
    action: text('Kiểm tra cân', 'Check the scale'),
    when: { role: 'Overload', comparison: 'is', limit: true },
  };
}

/** What calls a person to a dose: it is out of its tolerance, or nothing flows. */
export function doseAlarms<S>(): AlarmTemplate<S>[] {
  return [
    {
      name: 'DoseDeviation',
      priority: 'medium',
      timeToRespondS: 300,
      text: text('Cân ngoài dung sai', 'Dose out of tolerance'),
      cause: text('Liệu xuống không đều hoặc bồn hết', 'Uneven flow or empty bin'),
      consequence: text('Mẻ chờ quyết định', 'The batch waits for a decision'),
      action: text('Chấp nhận, cân bù hoặc hủy', 'Accept, dose on, or abort'),
    },
    {
      name: 'NoFlow',
      priority: 'medium',
      timeToRespondS: 300,
      text: text('Không xuống liệu', 'No flow'),
      cause: text('Bồn hết hoặc liệu bắc cầu', 'Bin empty or bridged'),
      consequence: text('Mẻ dừng', 'The batch stands still'),
      action: text('Gõ bồn, nạp thêm hoặc đổi bồn', 'Knock, refill or change the bin'),
    },
  ];
}

export const scale: DeviceType<ScaleSettings> = {
  text: text('Cân', 'Scale'),
  tags: [
    ...weigherTags<ScaleSettings>(),
    state(SCALE_STATES, SCALE_STATE_TEXTS),
    analog('TargetKg', 'derived', text('Mục tiêu', 'Target'), 'kg', [0, (s) => s.capacityKg * 1.1]),
  ],
  alarms: [...doseAlarms<ScaleSettings>(), overloadAlarm()],
};

/**
 * A bag filler that speaks Modbus. The last eight net weights (g) stay readable, slot = count
 * modulo 8.
 */
export const BAG_WEIGHT_SLOTS = 8;

const bagSlotTags: readonly TagTemplate<BaggerSettings>[] = Array.from(
  { length: BAG_WEIGHT_SLOTS },
  (_, slot) => ({
    ...analog<BaggerSettings>(
      `BagG${slot}`,
      'input',
      text(`Bao ô ${slot}`, `Bag in slot ${slot}`),
      'g',
      [0, 65_535],
      { area: 'input', offset: 8 + slot, encoding: 'uint16' },
    ),
    dataType: 'uint16' as const,
    everyValue: true,
  }),
);

export const bagger: DeviceType<BaggerSettings> = {
  text: text('Máy đóng bao', 'Bagger'),
  tags: [
    flag('Enable', 'output', text('Cho phép đóng bao', 'Enable'), {
      area: 'holding',
      offset: 0,
      encoding: 'bool',
      bit: 0,
    }),
    analog(
      'TargetKg',
      'output',
      text('Khối lượng bao đặt', 'Bag set weight'),
      'kg',
      [0, (s) => s.bagKg * 2],
      { area: 'holding', offset: 1, encoding: 'float32' },
    ),
    flag('Filling', 'input', text('Đang nạp bao', 'Filling'), statusBit(0, 0)),
    flag('Starved', 'input', text('Thiếu liệu', 'Starved'), statusBit(0, 1)),
    flag('Blocked', 'input', text('Nghẽn đầu ra', 'Blocked'), statusBit(0, 2)),
    flag('Fault', 'input', text('Máy đóng bao lỗi', 'Bagger fault'), statusBit(0, 3)),
    counter('BagCount', 'input', text('Số bao', 'Bags'), 'pcs', count(2)),
    counter('TotalG', 'input', text('Tổng khối lượng bao', 'Total of bags'), 'g', count(4)),
    scanned(
      200,
      analog(
        'HopperKg',
        'input',
        text('Phễu trên cân', 'Hopper content'),
        'kg',
        [0, 200],
        reading(6),
      ),
    ),
    ...bagSlotTags,
    state(PACKML_STATES, PACKML_TEXTS),
    counter('OrderBags', 'derived', text('Số bao của lệnh', 'Bags of this order'), 'pcs'),
    counter('OrderRejects', 'derived', text('Bao loại của lệnh', 'Rejects of this order'), 'pcs'),
    counter('OrderMetal', 'derived', text('Bao có kim loại', 'Bags with metal'), 'pcs'),
  ],
  alarms: [
    {
      name: 'Fault',
      priority: 'medium',
      timeToRespondS: 300,
      text: text('Máy đóng bao lỗi', 'Bagger fault'),
      cause: text('Máy đóng bao báo lỗi', 'The bagger reports a fault'),
      consequence: text('Ngừng đóng bao', 'Bagging stops'),
      action: text('Kiểm tra máy, xóa lỗi', 'Check the machine, clear the fault'),
      when: { role: 'Fault', comparison: 'is', limit: true },
    },
  ],
};

export const safety: DeviceType<DeviceSettings['safety']> = {
  text: text('An toàn', 'Safety'),
  tags: [
    flag('HornCmd', 'output', text('Lệnh còi', 'Horn command')),
    flag('EStop', 'input', text('Dừng khẩn', 'Emergency stop')),
  ],
  alarms: [
    {
      name: 'EStop',
      priority: 'high',
      timeToRespondS: 60,
      text: text('Dừng khẩn cấp', 'Emergency stop'),
      cause: text('Có người nhấn nút dừng khẩn', 'Someone pressed an emergency stop'),
      consequence: text('Khu vực dừng', 'The area stops'),
      action: text('Kiểm tra an toàn trước khi nhả nút', 'Make sure it is safe before release'),
      when: { role: 'EStop', comparison: 'is', limit: true },
    },
  ],
};

/**
 * The link to one field controller: our beat, its answer, and whether it went to its safe state.
 */
export const heartbeat: DeviceType<DeviceSettings['heartbeat']> = {
  text: text('Nhịp liên lạc', 'Heartbeat'),
  tags: [
    {
      ...analog<DeviceSettings['heartbeat']>(
        'Beat',
        'output',
        text('Nhịp gửi', 'Beat sent'),
        '',
        [0, 65_535],
        { area: 'holding', offset: 0, encoding: 'uint16' },
      ),
      dataType: 'uint16',
    },
    flag('Safe', 'input', text('Trạng thái an toàn', 'Safe state'), {
      area: 'input',
      offset: 0,
      encoding: 'bool',
      bit: 0,
    }),
  ],
  alarms: [
    {
      name: 'SafeState',
      priority: 'high',
      timeToRespondS: 60,
      text: text('Tủ điều khiển về trạng thái an toàn', 'Field controller in its safe state'),
      cause: text('Mất nhịp liên lạc', 'It lost the heartbeat'),
      consequence: text('Các thiết bị của tủ dừng', 'Its devices stop'),
      action: text('Kiểm tra mạng và bộ điều khiển', 'Check the network and the controller'),
      when: { role: 'Safe', comparison: 'is', limit: true, onDelayS: 5 },
    },
  ],
};
