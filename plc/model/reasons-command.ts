import type { Text } from './text.ts';

/** Commands, people and the way they come. */
export const COMMAND_REASONS = {
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
  'restart.held': {
    vi: 'Bộ điều khiển vừa khởi động lại: chờ kỹ sư cho chạy tiếp',
    en: 'The controller restarted: waiting for an engineer to resume',
  },
  'operator.hold': { vi: '{user} đã giữ', en: '{user} put it on hold' },
  'operator.abort': { vi: '{user} đã hủy', en: '{user} aborted it' },
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
  'signature.missing': {
    vi: '{user} phải ký bằng mật khẩu của mình',
    en: '{user} must sign with the own password',
  },
  'signature.wrong': {
    vi: 'Mật khẩu ký của {user} không đúng',
    en: 'The password that {user} signed with is wrong',
  },
  'signature.too-many': {
    vi: '{user} ký sai nhiều lần, hãy chờ vài phút',
    en: '{user} signed wrongly too often; wait some minutes',
  },
  'command.too-many': {
    vi: 'Gửi lệnh quá nhanh, hãy thử lại sau giây lát',
    en: 'Commands come too fast, try again in a moment',
  },
} as const satisfies Readonly<Record<string, Text>>;
