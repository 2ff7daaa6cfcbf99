import type { Text } from '../../plc/model/text.ts';

/** What entries of a record tell, by kind. A kind that is not here is shown by its name. */
const RECORD_KIND_TEXTS: Readonly<Record<string, Text>> = {
  'order-accepted': { vi: 'Nhận lệnh, công thức của lệnh', en: 'Order accepted, control recipe' },
  order: { vi: 'Trạng thái lệnh', en: 'State of the order' },
  batch: { vi: 'Trạng thái mẻ', en: 'State of a batch' },
  phase: { vi: 'Công đoạn', en: 'Phase' },
  dose: { vi: 'Lần cân', en: 'Dose' },
  bags: { vi: 'Bao', en: 'Bags' },
  pallet: { vi: 'Pa-lét', en: 'Pallet' },
  'bag-reject': { vi: 'Bao bị loại', en: 'Rejected bag' },
  movement: { vi: 'Di chuyển', en: 'Movement' },
  stock: { vi: 'Xuất nhập kho', en: 'Stock movement' },
  truck: { vi: 'Xe', en: 'Truck' },
  'bin-state': { vi: 'Trạng thái bồn thành phẩm', en: 'State of a finished bin' },
  load: { vi: 'Xuất xá lên xe', en: 'Bulk load-out' },
  'press-run': { vi: 'Lượt ép viên', en: 'Press run' },
  downtime: { vi: 'Dừng máy', en: 'Stop' },
  alarm: { vi: 'Cảnh báo', en: 'Alarm' },
  action: { vi: 'Thao tác', en: 'Action' },
  'action-outcome': { vi: 'Kết quả thao tác', en: 'Outcome of an action' },
  reconciliation: { vi: 'Đối chiếu', en: 'Reconciliation' },
  'drug-count': { vi: 'Kiểm kê thuốc', en: 'Count of a drug lot' },
};

export function recordKindText(kind: string, language: keyof Text): string {
  return RECORD_KIND_TEXTS[kind]?.[language] ?? kind;
}
