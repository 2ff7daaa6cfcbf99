import type { Text } from './text.ts';

/**
 * Every reason for which a command is refused, a device does not start, or a line stopped, with its
 * text. `{name}` stands for the object of that name in `Reason.objects`. A reason is data: screens,
 * REST and the batch record all show the same one (DESIGN 3.9).
 */
export const REASON_TEXTS = {
  'command.unknown': { vi: 'Lệnh {command} không có', en: 'There is no command {command}' },
  'command.invalid': {
    vi: 'Lệnh sai ở {path}: {fault}',
    en: 'Command is wrong at {path}: {fault}',
  },
  'command.not-allowed': {
    vi: 'Vai trò {role} không được phép {command}',
    en: 'Role {role} may not {command}',
  },
  'command.not-in-state': {
    vi: '{object} đang ở trạng thái {state}, không nhận lệnh {command}',
    en: '{object} is {state} and does not take {command}',
  },
  'command.late': {
    vi: 'Lệnh đến trễ {ageS} giây nên không thực hiện',
    en: 'The command came {ageS} s late and was not carried out',
  },
  'command.queue-full': {
    vi: 'Bộ điều khiển đang bận ({limit} lệnh đang chờ), hãy thử lại',
    en: 'The controller is busy ({limit} commands waiting), try again',
  },
  'machine.failed': {
    vi: 'Chương trình của {object} đã dừng vì lỗi, cần khởi động lại bộ điều khiển',
    en: 'The program of {object} stopped on a fault; the controller must be restarted',
  },
  'target.unknown': { vi: 'Không có {object} trong nhà máy', en: 'The mill has no {object}' },
  'plc.unreachable': {
    vi: 'Mất liên lạc với bộ điều khiển',
    en: 'The controller cannot be reached',
  },
  'command.unconfirmed': {
    vi: 'Không có trả lời trong {waitS} giây: chưa rõ lệnh đã thực hiện chưa',
    en: 'No answer within {waitS} s: whether it was carried out is not known',
  },
  'device.trip': {
    vi: '{device} đang báo lỗi bảo vệ (quá tải)',
    en: '{device} has tripped (overload)',
  },
  'device.local': { vi: '{device} đang ở chế độ tại chỗ', en: '{device} is switched to local' },
  'device.faulted': {
    vi: '{device} đang lỗi, cần đặt lại',
    en: '{device} is faulted and needs a reset',
  },
  'device.no-feedback': {
    vi: '{device} không có tín hiệu phản hồi chạy',
    en: '{device} gave no run feedback',
  },
  'device.feedback-lost': {
    vi: '{device} mất phản hồi khi đang chạy',
    en: '{device} lost its feedback while running',
  },
  'device.no-speed': { vi: '{device} không đạt tốc độ', en: '{device} did not reach its speed' },
  'device.welded': {
    vi: '{device} vẫn chạy khi không có lệnh',
    en: '{device} runs without a command',
  },
  'device.travel': { vi: '{device} không tới vị trí', en: '{device} did not reach its position' },
  'device.starts-per-hour': {
    vi: '{device} đã khởi động {limit} lần trong một giờ, chờ động cơ nguội',
    en: '{device} was started {limit} times within an hour and must cool down',
  },
  'device.out-of-service': { vi: '{device} ngừng sử dụng', en: '{device} is out of service' },
  'input.not-good': {
    vi: 'Tín hiệu {tag} không tin cậy ({quality})',
    en: 'Signal {tag} cannot be trusted ({quality})',
  },
  'interlock.open': {
    vi: '{device} bị khóa liên động bởi {tag}',
    en: '{device} is interlocked by {tag}',
  },
  'route.reserved': {
    vi: 'Tuyến đang do {owner} giữ thiết bị {device}',
    en: '{owner} holds {device} of this route',
  },
  'route.no-path': {
    vi: 'Tuyến {route} không dẫn từ {source} tới {destination}',
    en: 'Route {route} does not lead from {source} to {destination}',
  },
  'route.busy': { vi: 'Tuyến {route} đang bận', en: 'Route {route} is busy' },
  'route.device-stopped': {
    vi: '{device} trên tuyến {route} đã dừng',
    en: '{device} on route {route} stopped',
  },
  'route.destination-full': { vi: 'Bồn đích {bin} đã đầy', en: 'Destination {bin} is full' },
  'bin.high': { vi: '{bin} đã tới mức cao', en: '{bin} is at its high level' },
  'bin.empty': { vi: '{bin} đã hết liệu', en: '{bin} is empty' },
  'bin.other-content': { vi: '{bin} đang chứa {content}', en: '{bin} holds {content}' },
  'bin.none-for-material': {
    vi: 'Không có bồn nào chứa {material}',
    en: 'No bin holds {material}',
  },
  'dose.below-minimum': {
    vi: 'Mẻ {material} {targetKg} kg nhỏ hơn mức cân tối thiểu {minimumKg} kg của {scale}',
    en: 'Dose of {material}, {targetKg} kg, is below the {minimumKg} kg minimum of {scale}',
  },
  'dose.exceeds-scale': {
    vi: 'Mẻ cần {kg} kg trên cân {scale}, cân chỉ chứa {capacityKg} kg',
    en: 'The batch needs {kg} kg on {scale}, which holds {capacityKg} kg',
  },
  'dose.no-flow': { vi: '{bin} không xuống liệu', en: 'No flow from {bin}' },
  'dose.under': {
    vi: '{material} thiếu {deviationKg} kg',
    en: '{material} is short by {deviationKg} kg',
  },
  'dose.over': {
    vi: '{material} dư {deviationKg} kg',
    en: '{material} is over by {deviationKg} kg',
  },
  'dose.timeout': { vi: 'Quá thời gian cân {material}', en: 'Dosing {material} took too long' },
  'scale.not-empty': {
    vi: 'Cân {scale} chưa rỗng ({netKg} kg)',
    en: 'Scale {scale} is not empty ({netKg} kg)',
  },
  'scale.overload': { vi: 'Cân {scale} quá tải', en: 'Scale {scale} is overloaded' },
  'scale.not-good': { vi: 'Cân {scale} không tin cậy', en: 'Scale {scale} cannot be trusted' },
  'order.batch-size': {
    vi: 'Mẻ {batchKg} kg vượt cối trộn {mixerKg} kg',
    en: 'A batch of {batchKg} kg exceeds the {mixerKg} kg mixer',
  },
  'order.queue-full': {
    vi: 'Hàng đợi lệnh đã đầy ({limit})',
    en: 'The order queue is full ({limit})',
  },
  'order.exists': { vi: 'Lệnh {order} đã có', en: 'Order {order} exists already' },
  'order.unknown': { vi: 'Không có lệnh {order}', en: 'There is no order {order}' },
  'restart.held': {
    vi: 'Bộ điều khiển vừa khởi động lại: chờ kỹ sư cho chạy tiếp',
    en: 'The controller restarted: waiting for an engineer to resume',
  },
  'operator.hold': { vi: '{user} đã giữ', en: '{user} put it on hold' },
  'operator.abort': { vi: '{user} đã hủy', en: '{user} aborted it' },
  'press.choke': { vi: 'Máy ép {device} bị kẹt', en: 'Press {device} is choked' },
  'bagger.blocked': {
    vi: 'Đầu ra máy đóng bao {device} bị nghẽn',
    en: 'The outlet of bagger {device} is blocked',
  },
  'cooler.no-fan': {
    vi: 'Quạt làm nguội {device} không chạy',
    en: 'Cooler fan {device} does not run',
  },
  'estop.pressed': {
    vi: 'Nút dừng khẩn {device} đang nhấn',
    en: 'Emergency stop {device} is pressed',
  },
  'plc.safe-state': {
    vi: '{connection} đang ở trạng thái an toàn',
    en: '{connection} is in its safe state',
  },
  'audit.unavailable': {
    vi: 'Không ghi được nhật ký thao tác nên lệnh không được gửi',
    en: 'The audit trail cannot be written, so the command was not sent',
  },
  'session.ended': { vi: 'Phiên đăng nhập đã hết', en: 'The session has ended' },
  'session.password-change': {
    vi: 'Phải đổi mật khẩu dùng một lần trước',
    en: 'The one-time password must be changed first',
  },
  'command.too-many': {
    vi: 'Gửi lệnh quá nhanh, hãy thử lại sau giây lát',
    en: 'Commands come too fast, try again in a moment',
  },
  'order.made-elsewhere': {
    vi: 'Lệnh sản xuất chỉ được lập từ công thức ở bảng lệnh',
    en: 'An order is made from a formula in the order panel only',
  },
  'formula.unknown': { vi: 'Không có công thức {formula}', en: 'There is no formula {formula}' },
  'order.destination': {
    vi: '{bin} không phải bồn thành phẩm của {line}',
    en: '{bin} is not a finished bin of {line}',
  },
} as const satisfies Readonly<Record<string, Text>>;

export type ReasonCode = keyof typeof REASON_TEXTS;

/** Why something was refused or stopped: a code and the objects that its text names. */
export interface Reason {
  readonly code: ReasonCode;
  readonly objects: Readonly<Record<string, string | number>>;
}

export function reason(code: ReasonCode, objects: Reason['objects'] = {}): Reason {
  return { code, objects };
}

/** The reason in one language, its objects filled in. A missing object shows as its name. */
export function reasonText(of: Reason, language: keyof Text): string {
  return REASON_TEXTS[of.code][language].replace(/\{(\w+)\}/g, (_, name: string) =>
    String(of.objects[name] ?? name),
  );
}
