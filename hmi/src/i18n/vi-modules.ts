/** Chế độ, nhấp máy và lần dừng gần nhất của thiết bị. */
export const viModules = {
  'command.device.jog': 'Nhấp máy',
  'module.jog': 'Nhấp {s} giây',
  'command.device.mode': 'Đổi chế độ',
  'module.mode': 'Chế độ',
  'module.back': 'sau đó về {mode}',
  'module.change': 'Chuyển sang',
  'module.starts': 'Khởi động trong giờ',
  'module.startsOf': '{count} / {max}',
  'module.startsFull': 'đã hết số lần, chờ động cơ nguội',
  'module.firstOut': 'Nguyên nhân đầu tiên',
  'module.lastStop': 'Lần dừng gần nhất',
  'module.neverStopped': 'Chưa dừng lần nào',
} as const;
