import { PACKML_STATES } from '../../model/isa88.ts';
import { LOAD_OUT_STATES, LOAD_OUT_TEXTS } from '../../model/load-out.ts';
import type { Text } from '../../model/text.ts';
import type {
  CheckweigherSettings,
  LoadOutSettings,
  MetalDetectorSettings,
  PalletiserSettings,
} from '../definition.ts';
import { analog, count, counter, flag, reading, state, statusBit, text } from '../tag-shorthand.ts';
import type { AlarmTemplate, DeviceType, RegisterTemplate, TagTemplate } from '../tag-template.ts';
import { PALLETISER_TEXTS } from './state-texts.ts';

function machineFault<S>(vi: string, en: string): AlarmTemplate<S> {
  return {
    name: 'Fault',
    priority: 'low',
    timeToRespondS: 300,
    text: text(`${vi} lỗi`, `${en} fault`),
    cause: text('Bộ điều khiển của máy báo lỗi', 'Its own controller reports a fault'),
    consequence: text('Chuyền đóng bao nghẽn', 'The bagging line backs up'),
    action: text('Kiểm tra máy, xóa lỗi', 'Check the machine, clear the fault'),
    when: { role: 'Fault', comparison: 'is', limit: true },
  };
}

function faultFlag<S>(bit: number): TagTemplate<S> {
  return flag('Fault', 'input', text('Máy báo lỗi', 'Fault'), statusBit(0, bit));
}

/** A count of bags up to a full pallet. */
function onPallet(role: string, words: Text, offset: number): TagTemplate<PalletiserSettings> {
  const range = [0, (s: PalletiserSettings) => s.bagsPerPallet] as const;
  const register = { area: 'input', offset, encoding: 'uint16' } as const;
  return {
    ...analog<PalletiserSettings>(role, 'input', words, 'pcs', range, register),
    dataType: 'uint16',
  };
}

/** One bit of what it is commanded. */
function command(bit: number): RegisterTemplate {
  return { area: 'holding', offset: 0, encoding: 'bool', bit };
}

/** Palletiser of 40 bags of 25 kg (DOMAIN 4), driven by PackML (ISA-TR88.00.02) from here. */
export const palletiser: DeviceType<PalletiserSettings> = {
  text: text('Máy xếp pallet', 'Palletiser'),
  tags: [
    faultFlag(0),
    flag('PalletReady', 'input', text('Có pallet rỗng', 'Empty pallet ready'), statusBit(0, 1)),
    flag('Blocked', 'input', text('Pallet đầy chưa lấy đi', 'Outlet blocked'), statusBit(0, 2)),
    flag('Stacking', 'input', text('Đang xếp bao', 'Stacking'), statusBit(0, 3)),
    counter('Pallets', 'input', text('Số pallet', 'Pallets'), 'pcs', count(2)),
    onPallet('BagsOnPallet', text('Bao trên pallet', 'Bags on the pallet'), 4),
    onPallet('LastPalletBags', text('Bao của pallet vừa xong', 'Bags of the last pallet'), 5),
    counter('OrderPallets', 'derived', text('Pallet của lệnh', 'Pallets of the order'), 'pcs'),
    flag('Enable', 'output', text('Cho phép xếp', 'Enable'), command(0)),
    flag('Eject', 'output', text('Đưa pallet ra', 'Send the pallet out'), command(1)),
    state(PACKML_STATES, PALLETISER_TEXTS),
  ],
  alarms: [machineFault('Máy xếp pallet', 'Palletiser')],
};

/** Weighs each closed bag again and throws out what is off (DOMAIN 4). */
export const checkweigher: DeviceType<CheckweigherSettings> = {
  text: text('Cân kiểm tra', 'Checkweigher'),
  tags: [
    faultFlag(0),
    {
      ...analog<CheckweigherSettings>(
        'LastKg',
        'input',
        text('Bao vừa cân', 'Last bag'),
        'kg',
        [0, (s) => s.bagKg * 2],
        reading(2),
      ),
      everyValue: true,
    },
    counter('Count', 'input', text('Số bao đã cân', 'Bags weighed'), 'pcs', count(4)),
    counter('Rejects', 'input', text('Số bao loại', 'Bags rejected'), 'pcs', count(6)),
  ],
  alarms: [machineFault('Cân kiểm tra', 'Checkweigher')],
};

export const metalDetector: DeviceType<MetalDetectorSettings> = {
  text: text('Máy dò kim loại', 'Metal detector'),
  tags: [
    faultFlag(0),
    flag('Detected', 'input', text('Phát hiện kim loại', 'Metal detected'), statusBit(0, 1)),
    counter('Rejects', 'input', text('Số bao loại', 'Bags rejected'), 'pcs', count(2)),
    counter('Count', 'input', text('Số bao đã dò', 'Bags looked at'), 'pcs', count(4)),
  ],
  alarms: [
    machineFault('Máy dò kim loại', 'Metal detector'),
    {
      name: 'Metal',
      priority: 'medium',
      timeToRespondS: 300,
      text: text('Có kim loại trong bao', 'Metal in a bag'),
      cause: text('Mảnh kim loại lọt qua nam châm', 'A piece of metal passed the magnets'),
      consequence: text(
        'Bao bị loại; lô có thể nhiễm',
        'The bag is rejected; its lot may be affected',
      ),
      action: text('Giữ bao, tìm nguồn kim loại', 'Keep the bag and find where it came from'),
      when: { role: 'Detected', comparison: 'is', limit: true },
    },
  ],
};

/** Spout into a bulk truck: the compartment that stands below it, its target and what is in it. */
export const loadOut: DeviceType<LoadOutSettings> = {
  text: text('Xuất hàng xá', 'Bulk load-out'),
  tags: [
    flag('TruckInPlace', 'input', text('Xe đúng vị trí', 'Truck in place'), statusBit(0, 0)),
    flag('SpoutDown', 'input', text('Ống xuất đã hạ', 'Spout down'), statusBit(0, 1)),
    faultFlag(2),
    {
      ...analog<LoadOutSettings>(
        'Compartment',
        'input',
        text('Ngăn xe', 'Compartment'),
        '',
        [0, 12],
        { area: 'input', offset: 1, encoding: 'uint16' },
      ),
      dataType: 'uint16',
    },
    analog(
      'TargetKg',
      'input',
      text('Khối lượng cần xuất', 'Target'),
      'kg',
      [0, (s) => s.compartmentKgMax],
      reading(2),
    ),
    analog(
      'ActualKg',
      'input',
      text('Khối lượng đã xuất', 'Loaded'),
      'kg',
      [0, (s) => s.compartmentKgMax * 1.1],
      reading(4),
    ),
    flag('MoveOn', 'output', text('Cho xe dời ngăn', 'Move on to the next compartment'), {
      area: 'holding',
      offset: 0,
      encoding: 'bool',
      bit: 0,
    }),
    state(LOAD_OUT_STATES, LOAD_OUT_TEXTS),
  ],
  alarms: [machineFault('Xuất hàng xá', 'Bulk load-out')],
};
