import type { Text } from '../../plc/model/text.ts';
import type { LabelContent } from './label-content.ts';

/** One line of a label: what it is, and what it says, in both languages. */
export interface LabelLine {
  readonly name: Text;
  readonly value: Text;
}

const line = (vi: string, en: string, value: Text | string): LabelLine => ({
  name: { vi, en },
  value: typeof value === 'string' ? { vi: value, en: value } : value,
});

/** Dates as Viet Nam writes them, and as the world sorts them. */
const day = (iso: string): Text => ({ vi: iso.split('-').reverse().join('/'), en: iso });

const inVi = new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 3 });
const inEn = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 3 });
const number = (value: number): Text => ({ vi: inVi.format(value), en: inEn.format(value) });

function limits({ low, high, unit }: LabelContent['label']['quality'][number]): Text {
  const say = (language: keyof Text) => {
    const [from, to] = [low, high].map((one) => (one === undefined ? null : number(one)[language]));
    if (from !== null && to !== null) return `${from}–${to}`;
    return from === null ? `≤ ${to}` : `≥ ${from}`;
  };
  return { vi: `${say('vi')} ${unit}`.trim(), en: `${say('en')} ${unit}`.trim() };
}

const listed = (texts: readonly Text[]): Text => ({
  vi: texts.map(({ vi }) => vi).join(', '),
  en: texts.map(({ en }) => en).join(', '),
});

/** The lines of a label below its name, in the order of Circular 21/2019 appendix II. */
export function labelLines(content: LabelContent): LabelLine[] {
  const { label, pallet, netKg } = content;
  const kg = number(netKg);
  const { name, address, phone } = label.registrant;
  return [
    ...(label.tradeName === undefined
      ? []
      : [line('Tên thương mại', 'Trade name', label.tradeName)]),
    line('Định lượng', 'Net weight', { vi: `${kg.vi} kg`, en: `${kg.en} kg` }),
    ...(pallet === null
      ? []
      : [line('Pallet', 'Pallet', pallet.palletId), line('Số bao', 'Bags', String(pallet.bags))]),
    line('Số lô', 'Lot', content.lot),
    line('Ngày sản xuất', 'Made', day(content.made)),
    line('Hạn sử dụng', 'Use until', day(content.until)),
    line('Số tiêu chuẩn công bố', 'Declared standard', label.standardNo),
    ...label.quality.map((one) => ({ name: one.name, value: limits(one) })),
    ...(label.antibiotics === undefined
      ? []
      : [line('Kháng sinh', 'Antibiotics', label.antibiotics)]),
    line('Nguyên liệu', 'Materials', listed(content.materials)),
    line('Hướng dẫn sử dụng', 'Use', label.use),
    line('Bảo quản', 'Storage', label.storage),
    ...(label.cautions === undefined ? [] : [line('Lưu ý', 'Caution', label.cautions)]),
    line('Tổ chức đăng ký', 'Registered by', `${name}, ${address}, ${phone}`),
  ];
}
