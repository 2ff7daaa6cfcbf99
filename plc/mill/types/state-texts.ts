import { text } from '../tag-shorthand.ts';

/** Texts of the device states of DOMAIN 3, shared by all types that have them. */
export const DEVICE_STATE_TEXTS = {
  Stopped: text('Dừng', 'Stopped'),
  Starting: text('Đang khởi động', 'Starting'),
  Running: text('Đang chạy', 'Running'),
  Stopping: text('Đang dừng', 'Stopping'),
  Faulted: text('Lỗi', 'Faulted'),
  LocalOff: text('Tại chỗ', 'Local'),
  Interlocked: text('Khóa liên động', 'Interlocked'),
  OutOfService: text('Ngừng sử dụng', 'Out of service'),
  Closed: text('Đóng', 'Closed'),
  Opening: text('Đang mở', 'Opening'),
  Open: text('Mở', 'Open'),
  Closing: text('Đang đóng', 'Closing'),
  InPosition: text('Đúng vị trí', 'In position'),
  Turning: text('Đang quay', 'Turning'),
} as const;

/** States of a weigher while it doses (DOMAIN 3 and 4). */
export const SCALE_STATE_TEXTS = {
  Empty: text('Rỗng', 'Empty'),
  Filling: text('Đang cân', 'Filling'),
  Settling: text('Chờ ổn định', 'Settling'),
  Jogging: text('Nhấp bù', 'Jogging'),
  Waiting: text('Chờ quyết định', 'Waiting for a decision'),
  Full: text('Đủ, chờ xả', 'Full, waiting'),
  Discharging: text('Đang xả', 'Discharging'),
  Held: text('Đã giữ', 'Held'),
  Faulted: text('Lỗi', 'Faulted'),
} as const;

/** What the mixer is doing. */
export const MIXER_PHASE_TEXTS = {
  Empty: text('Rỗng', 'Empty'),
  Filling: text('Đang nạp', 'Filling'),
  DryMixing: text('Trộn khô', 'Dry mixing'),
  WetMixing: text('Trộn ướt', 'Wet mixing'),
  Waiting: text('Chờ xả', 'Waiting to discharge'),
  Discharging: text('Đang xả', 'Discharging'),
  Held: text('Đã giữ', 'Held'),
} as const;

/** What the press line is doing. */
export const PRESS_PHASE_TEXTS = {
  Stopped: text('Dừng', 'Stopped'),
  Starting: text('Đang khởi động', 'Starting'),
  Warming: text('Đang gia nhiệt', 'Warming up'),
  Pressing: text('Đang ép', 'Pressing'),
  Choked: text('Kẹt khuôn', 'Choked'),
  Clearing: text('Đang làm sạch', 'Clearing'),
  Held: text('Đã giữ', 'Held'),
  Faulted: text('Lỗi', 'Faulted'),
} as const;

/** What a route is doing. */
export const ROUTE_STATE_TEXTS = {
  Idle: text('Chờ', 'Idle'),
  Starting: text('Đang khởi động', 'Starting'),
  Running: text('Đang chạy', 'Running'),
  Clearing: text('Đang chạy sạch', 'Clearing'),
  Tripped: text('Ngắt', 'Tripped'),
  Changing: text('Đang đổi đích', 'Changing destination'),
} as const;

/** What the compressed-air header is to those who draw from it. */
export const AIR_STATE_TEXTS = {
  Ready: text('Đủ áp', 'Ready'),
  Low: text('Thiếu áp', 'Low'),
  Unknown: text('Chưa rõ', 'Unknown'),
} as const;

/** What the cleaning of a bag filter is doing. */
export const FILTER_STATE_TEXTS = {
  Quiet: text('Nghỉ', 'Quiet'),
  Pulsing: text('Đang giũ bụi', 'Pulsing'),
  Settling: text('Chờ lần giũ sau', 'Between pulses'),
  Trailing: text('Giũ sau khi dừng quạt', 'Cleaning after the fan'),
} as const;

/** PackML state texts (ISA-TR88.00.02). */
export const PACKML_TEXTS = {
  Undefined: text('Chưa rõ', 'Undefined'),
  Clearing: text('Đang xóa lỗi', 'Clearing'),
  Stopped: text('Đã dừng', 'Stopped'),
  Starting: text('Đang khởi động', 'Starting'),
  Idle: text('Chờ', 'Idle'),
  Suspended: text('Chờ liệu', 'Suspended'),
  Execute: text('Đang đóng bao', 'Execute'),
  Stopping: text('Đang dừng', 'Stopping'),
  Aborting: text('Đang hủy', 'Aborting'),
  Aborted: text('Đã hủy', 'Aborted'),
  Holding: text('Đang giữ', 'Holding'),
  Held: text('Đã giữ', 'Held'),
  Unholding: text('Đang bỏ giữ', 'Unholding'),
  Suspending: text('Đang tạm ngưng', 'Suspending'),
  Unsuspending: text('Đang chạy lại', 'Unsuspending'),
  Resetting: text('Đang đặt lại', 'Resetting'),
  Completing: text('Đang kết thúc', 'Completing'),
  Complete: text('Hoàn thành', 'Complete'),
} as const;

/** The same of a palletiser, which waits for bags and pallets. */
export const PALLETISER_TEXTS = {
  ...PACKML_TEXTS,
  Suspended: text('Chờ bao hoặc pallet', 'Suspended'),
  Execute: text('Đang xếp pallet', 'Execute'),
} as const;
