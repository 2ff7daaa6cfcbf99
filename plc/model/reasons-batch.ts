import type { Text } from './text.ts';

/** Batches, and what their orders share with others. */
export const BATCH_REASONS = {
  'dose.second-person': {
    vi: 'Liều thuốc {material} ngoài dung sai phải do hai người duyệt',
    en: 'The dose of {material}, a drug, is out of tolerance: two persons must release it',
  },
  'dose.second-unfit': {
    vi: '{user} không được duyệt liều thuốc cùng người thao tác',
    en: '{user} may not release a dose as the second person',
  },
  'batch.unknown': {
    vi: 'Mẻ {batch} không đang chạy',
    en: 'Batch {batch} is not under way',
  },
  'batch.in-mixer': {
    vi: 'Mẻ {batch} đã vào máy trộn: tạm dừng, giữ hoặc hủy, không dừng được',
    en: 'Batch {batch} is in the mixer: pause, hold or abort it; it cannot be stopped',
  },
  'batch.ended': {
    vi: '{user} đã kết thúc mẻ {batch} giữa chừng: xả hết cân và máy trộn rồi cho chạy tiếp',
    en: '{user} ended batch {batch} before its time: empty scales and mixer, then resume',
  },
  'batch.stands': {
    vi: 'Mẻ {batch}: {state} ({user})',
    en: 'Batch {batch}: {state} ({user})',
  },
  'phase.stands': {
    vi: 'Công đoạn {unit} của mẻ {batch}: {state}',
    en: 'Phase {unit} of batch {batch}: {state}',
  },
  'phase.unknown': {
    vi: 'Mẻ {batch} không có công đoạn trên {unit}',
    en: 'Batch {batch} has no phase on {unit}',
  },
  'phase.mixer-whole': {
    vi: 'Mẻ {batch} trong máy trộn chỉ dừng, hủy được cả mẻ, không bỏ qua công đoạn trộn',
    en: 'In the mixer batch {batch} is ended as a whole; mixing is never skipped',
  },
  'phase.skip-drug': {
    vi: 'Không được bỏ qua liều thuốc {material}',
    en: 'The dose of {material}, a drug, is never skipped',
  },
  'phase.not-at-rest': {
    vi: '{unit} đang {state}: tạm dừng hoặc dừng công đoạn trước khi bỏ qua',
    en: '{unit} is {state}: pause or stop the phase before it is skipped',
  },
  'phase.skip-second': {
    vi: 'Thức ăn có thuốc: bỏ qua công đoạn {unit} phải có hai người ký',
    en: 'Medicated feed: two persons sign for skipping the phase on {unit}',
  },
  'phase.skip-reason': {
    vi: 'Phải ghi lý do bỏ qua công đoạn {unit}',
    en: 'Say why the phase on {unit} is skipped',
  },
  'order.after-abort': {
    vi: 'Lệnh {order} vừa bị hủy: cho chạy lại từng lệnh đang chờ',
    en: 'Order {order} was aborted: release each waiting order again',
  },
  'unit.allocated': {
    vi: '{unit} đang làm cho lệnh {order}',
    en: '{unit} is working for order {order}',
  },
  'order.flush-first': {
    vi: 'Chờ đóng bao xong mẻ đẩy sạch {flush}',
    en: 'Flush {flush} is bagged first',
  },
  'unit.not-emptied': {
    vi: '{bin} trước {unit} còn liệu không thuộc lệnh này',
    en: '{bin} before {unit} still holds product of another order',
  },
  'press.none-leads': {
    vi: 'Không có máy ép nào của {line} dẫn tới {bin}',
    en: 'No press of {line} leads to {bin}',
  },
  'bagger.none-leads': {
    vi: 'Không có máy đóng bao nào của {line} lấy liệu từ {bin}',
    en: 'No bagger of {line} is fed from {bin}',
  },
  'bin.in-use': {
    vi: '{bin} đang dùng cho lệnh {order}',
    en: '{bin} is in use by order {order}',
  },
  'line.tails-full': {
    vi: '{line} còn {limit} lệnh đang ép hoặc đóng bao',
    en: '{line} still has {limit} orders being pressed or bagged',
  },
} as const satisfies Readonly<Record<string, Text>>;
