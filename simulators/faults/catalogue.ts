import type { DeviceTypeName } from '../../plc/mill/definition.ts';
import { DRIVE_TYPES, GATE_TYPES, POSITIONER_TYPES } from '../../plc/mill/definition.ts';
import { text } from '../../plc/mill/tag-shorthand.ts';
import type { TagScalar } from '../../plc/model/tag.ts';
import type { Text } from '../../plc/model/text.ts';
import type { ParameterName } from './parameters.ts';

/**
 * What a fault hits. `device` and `sensor` (a device and one of its roles) are the process and pass
 * with process time; `connection` and `unit` (a Modbus unit) are the network and pass with real
 * time, as every protocol time-out does (ADR 0007).
 */
type FaultTarget = 'device' | 'sensor' | 'connection' | 'unit';

export interface FaultKind {
  readonly target: FaultTarget;
  /** Device types that can have it; of a connection, its protocol. */
  readonly fits: readonly DeviceTypeName[] | 'all' | 'opcua' | 'modbus';
  readonly parameters: readonly ParameterName[];
  /** What happens, for the person who injects it. */
  readonly text: Text;
}

function onDevice(
  fits: readonly DeviceTypeName[],
  words: Text,
  parameters: readonly ParameterName[] = [],
): FaultKind {
  return { target: 'device', fits, parameters, text: words };
}

function onSensor(words: Text, parameters: readonly ParameterName[] = []): FaultKind {
  return { target: 'sensor', fits: 'all', parameters, text: words };
}

function onLink(
  target: 'connection' | 'unit',
  fits: 'all' | 'opcua' | 'modbus',
  words: Text,
  parameters: readonly ParameterName[] = [],
): FaultKind {
  return { target, fits, parameters, text: words };
}

const PROCESS_FAULTS = {
  bias: onSensor(text('Cảm biến đo lệch', 'A sensor reads so much too high'), ['value']),
  noise: onSensor(text('Cảm biến nhiễu', 'A sensor swings by +- so much'), ['value']),
  frozen: onSensor(text('Cảm biến đứng giá trị', 'A sensor stays at its present value')),
  'feedback-lost': onDevice(DRIVE_TYPES, text('Mất phản hồi chạy', 'It runs, RunFb stays off')),
  welded: onDevice(DRIVE_TYPES, text('Công tắc tơ dính', 'The contactor does not open')),
  trip: onDevice(
    [...DRIVE_TYPES, 'boiler', 'compressor'],
    text('Bảo vệ động cơ tác động', 'The motor protection acts'),
  ),
  local: onDevice(DRIVE_TYPES, text('Công tắc ở tại chỗ', 'The switch stands on local')),
  'local-start': onDevice(
    DRIVE_TYPES,
    text('Công tắc ở tại chỗ và đã nhấn chạy', 'The switch stands on local, its start is pressed'),
  ),
  underspeed: onDevice(DRIVE_TYPES, text('Trượt tốc độ còn 70 %', 'Speed falls to 70 %')),
  'hot-bearing': onDevice(
    ['elevator', 'hammerMill'],
    text('Ổ bi nóng tới 95 °C', 'A bearing warms to 95 degC'),
  ),
  vibration: onDevice(['hammerMill'], text('Rung 9 mm/s', 'Vibration rises to 9 mm/s')),
  'belt-drift': onDevice(['elevator'], text('Băng gàu chạy lệch', 'The belt runs off centre')),
  'burst-vent': onDevice(
    ['elevator', 'hammerMill', 'filter'],
    text(
      'Nắp xả nổ bung: mạch an toàn cắt động cơ',
      'Its explosion vent has burst: the safety circuit cuts the motor',
    ),
  ),
  stuck: onDevice(
    [...GATE_TYPES, ...POSITIONER_TYPES, 'crumbler', 'cooler'],
    text('Kẹt, không di chuyển', 'It stays where it is'),
  ),
  bridged: onDevice(['bin'], text('Liệu bắc cầu, không xuống', 'Nothing leaves the bin'), [
    'freePct',
  ]),
  'wrong-lot': onDevice(
    ['bin'],
    text('Xe đổ vào hố không đúng lô trên phiếu', 'Trucks tip another lot than their ticket says'),
    ['lot', 'material'],
  ),
  choke: onDevice(['press'], text('Khuôn ép bị nghẹt', 'The die chokes')),
  blocked: onDevice(['bagger'], text('Bao không ra được', 'Bags cannot leave')),
  'machine-fault': onDevice(
    ['bagger', 'palletiser', 'checkweigher', 'metalDetector', 'loadOut'],
    text('Máy báo lỗi', 'The machine reports a fault'),
  ),
  'no-pallets': onDevice(['palletiser'], text('Hết pallet rỗng', 'There are no empty pallets')),
  'pallet-stays': onDevice(
    ['palletiser'],
    text('Pallet đầy không được lấy đi', 'Nobody takes the full pallet away'),
  ),
  isolated: onDevice(['filter'], text('Van cô lập nổ đã đóng', 'Its explosion isolation is shut')),
  metal: onDevice(
    ['metalDetector', 'magnet'],
    text('Có nhiều kim loại trong sản phẩm', 'There is much metal in the product, in each bag'),
  ),
  'drawer-out': onDevice(
    ['magnet'],
    text('Ngăn nam châm bị kéo ra', 'Its drawer is pulled out, and cleaned'),
  ),
  'screen-broken': onDevice(
    ['hammerMill'],
    text('Lưới nghiền rách: bột lọt qua, tải giảm', 'Its screen has a hole: meal falls through'),
  ),
  fire: onDevice(['cooler'], text('Lớp liệu âm ỉ cháy', 'The bed smoulders while it has air')),
  'weak-air': onDevice(['cooler'], text('Gió yếu: cyclone nghẹt', 'Weak air: cyclone clogged')),
  'wet-mash': onDevice(['press'], text('Bột vào ép quá ẩm', 'The mash comes too moist: 14 %')),
  blinded: onDevice(['filter'], text('Túi lọc bít, giũ không sạch', 'Its bags cannot be cleaned')),
  'hot-spot': onDevice(['temperatureCable'], text('Ổ nóng trong silo', 'A nest warms in the silo')),
  'e-stop': onDevice(['safety'], text('Nút dừng khẩn bị nhấn', 'An emergency stop is pressed')),
} as const satisfies Readonly<Record<string, FaultKind>>;

const LINK_FAULTS = {
  'server-down': onLink('connection', 'all', text('Máy chủ không phục vụ', 'Its server is gone')),
  'half-open': onLink(
    'connection',
    'all',
    text(
      'TCP nửa mở: giữ kết nối nhưng không đọc, không trả lời',
      'TCP half open: it keeps the connections, and neither reads nor answers',
    ),
  ),
  slow: onLink('connection', 'all', text('Thiết bị chậm', 'It answers late, in order'), [
    'delayMs',
    'jitterMs',
  ]),
  'plc-restart': onLink(
    'connection',
    'all',
    text(
      'PLC khởi động lại: mất một lúc, mọi đầu ra về không',
      'Its PLC restarts: gone for a while, all outputs lost',
    ),
    ['downS', 'namespaceShift', 'nodeOrder'],
  ),
  'clock-jump': onLink('connection', 'opcua', text('Đồng hồ PLC sai', 'Its clock is wrong'), [
    'skewS',
  ]),
  'unit-silent': onLink('unit', 'modbus', text('Trạm không trả lời', 'The unit says nothing')),
  'unit-exception': onLink(
    'unit',
    'modbus',
    text('Bộ chuyển đổi báo trạm mất (mã 0B)', 'Its gateway answers exception 0B'),
  ),
  'late-reply': onLink(
    'unit',
    'modbus',
    text(
      'Trả lời sau thời gian chờ, với số giao dịch cũ',
      'It answers after the time-out, with the old transaction number',
    ),
    ['delayMs', 'every'],
  ),
  'word-swap': onLink(
    'unit',
    'modbus',
    text('Thanh ghi theo thứ tự byte khác', 'Its registers come in another order of bytes'),
    ['order'],
  ),
} as const satisfies Readonly<Record<string, FaultKind>>;

export type ProcessFaultName = keyof typeof PROCESS_FAULTS;
export type LinkFaultName = keyof typeof LINK_FAULTS;
export type FaultName = ProcessFaultName | LinkFaultName;

/** Every fault that can be put on the simulated mill (DOMAIN 6, 9). */
export const FAULT_KINDS: Readonly<Record<FaultName, FaultKind>> = {
  ...PROCESS_FAULTS,
  ...LINK_FAULTS,
};
export const FAULT_NAMES = Object.keys(FAULT_KINDS) as FaultName[];

/** More are refused: each costs a look in every step, and a person could not follow them. */
export const FAULTS_MAX = 200;

/** A fault that is present. */
export interface Fault {
  readonly fault: FaultName;
  readonly device: string | null;
  readonly role: string | null;
  readonly connection: string | null;
  readonly unit: number | null;
  readonly parameters: Readonly<Partial<Record<ParameterName, number | string>>>;
  /** What a frozen sensor shows. */
  readonly frozen: TagScalar | null;
  /** Time until it goes away by itself, ms; null: when someone clears it. */
  leftMs: number | null;
}

export function isLinkFault(name: FaultName): name is LinkFaultName {
  return name in LINK_FAULTS;
}

/** True where a fault can be put on a device of this type. */
export function faultFits(name: FaultName, type: DeviceTypeName): boolean {
  const { target, fits } = FAULT_KINDS[name];
  if (target === 'connection' || target === 'unit') return false;
  return fits === 'all' || (Array.isArray(fits) && fits.includes(type));
}

/** A parameter of a present fault that is a number. */
export function numberOf(fault: Fault, name: ParameterName): number {
  const value = fault.parameters[name];
  return typeof value === 'number' ? value : 0;
}

/** A parameter of a present fault that is a word. */
export function wordOf(fault: Fault, name: ParameterName): string {
  const value = fault.parameters[name];
  return typeof value === 'string' ? value : '';
}
