import type { Text } from '../../plc/model/text.ts';

/** What can be wrong with a record, each in both languages. `{name}` stands for an object. */
export const RECORD_FAULT_TEXTS = {
  'file.head': {
    vi: 'Phần đầu tệp đã bị sửa, hoặc tệp không phải là hồ sơ',
    en: 'The head of the file was altered, or it is no record',
  },
  'file.end': {
    vi: 'Phần cuối tệp đã bị sửa hoặc bị cắt mất',
    en: 'The end of the file was altered or cut off',
  },
  'file.attachment': {
    vi: 'Tệp PDF không mang hồ sơ đính kèm đọc được',
    en: 'The PDF carries no attached record that can be read',
  },
  'file.seal': {
    vi: 'Chữ ký của cả tệp không khớp: phần đầu hoặc phần cuối tệp đã bị sửa',
    en: 'The signature of the whole file does not match: its head or its end was altered',
  },
  'file.pages': {
    vi: 'Các trang in của tệp PDF đã bị sửa; hồ sơ đính kèm vẫn nguyên vẹn',
    en: 'The printed pages of the PDF were altered; the attached record is intact',
  },
  'entry.altered': {
    vi: 'Mục {sequence} ({kind}) đã bị sửa',
    en: 'Entry {sequence} ({kind}) was altered',
  },
  'entry.unreadable': {
    vi: 'Mục {sequence} đã bị sửa, không còn đọc được',
    en: 'Entry {sequence} was altered and can no longer be read',
  },
  'entry.order': {
    vi: 'Ở chỗ mục {sequence} có mục {found}: đã bị bỏ bớt, thêm vào hoặc đổi chỗ',
    en: 'Entry {found} stands where {sequence} should: one was taken out, put in or moved',
  },
  'entry.previous': {
    vi: 'Mục {sequence} ({kind}) không nối tiếp mục trước nó',
    en: 'Entry {sequence} ({kind}) does not continue the one before it',
  },
  'entry.stream': {
    vi: 'Mục {sequence} ({kind}) thuộc hồ sơ khác: {stream}',
    en: 'Entry {sequence} ({kind}) is of another record: {stream}',
  },
  'anchor.altered': {
    vi: 'Dấu niêm {number} của chuỗi toàn nhà máy đã bị sửa',
    en: "Anchor {number} of the mill's chain was altered",
  },
  'anchor.signature': {
    vi: 'Chữ ký của dấu niêm {number} không phải của khóa {key}',
    en: 'The signature of anchor {number} is not that of key {key}',
  },
  'anchor.head': {
    vi: 'Mục {sequence} khác với lúc được ký ở dấu niêm {number}: chuỗi đã bị viết lại hoặc cắt bớt',
    en: 'Entry {sequence} differs from what anchor {number} signed: the chain was rewritten or cut',
  },
  'key.other': {
    vi: 'Hồ sơ được ký bằng khóa {key}, không phải khóa {wanted} đã cho',
    en: 'The record is signed with key {key}, not with the key {wanted} that was given',
  },
  'totals.doses': {
    vi: 'Mẻ {batch}: tổng các lần cân {dosedKg} kg khác khối lượng mẻ {actualKg} kg',
    en: 'Batch {batch}: its doses sum to {dosedKg} kg, but its mass is {actualKg} kg',
  },
  'totals.completeness': {
    vi: 'Mẻ {batch}: đạt {completenessPct} %, ngoài giới hạn 99,7-100,3 %',
    en: 'Batch {batch}: {completenessPct} % complete, outside 99.7-100.3 %',
  },
  'totals.bags': {
    vi: 'Lệnh ghi {orderBags} bao, các mục bao cộng lại {bags} bao',
    en: 'The order says {orderBags} bags, the entries of bags sum to {bags}',
  },
  'totals.batches': {
    vi: 'Lệnh ghi {orderBatches} mẻ hoàn thành, hồ sơ có {batches} mẻ',
    en: 'The order says {orderBatches} batches done, the record holds {batches}',
  },
} as const satisfies Readonly<Record<string, Text>>;

export type RecordFaultCode = keyof typeof RECORD_FAULT_TEXTS;

/** Something wrong with a record: a code and the objects that its text names. */
export interface RecordFault {
  readonly code: RecordFaultCode;
  readonly objects: Readonly<Record<string, string | number>>;
}

/** The fault in one language, its objects filled in; Vietnamese writes a decimal comma. */
export function recordFaultText(fault: RecordFault, language: keyof Text): string {
  const shown = (value: string | number) =>
    typeof value === 'number' && language === 'vi'
      ? String(value).replace('.', ',')
      : String(value);
  return RECORD_FAULT_TEXTS[fault.code][language].replace(/\{(\w+)\}/g, (_, name: string) =>
    shown(fault.objects[name] ?? name),
  );
}
