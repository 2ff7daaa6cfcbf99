import type { ProductionReport } from '../contract/production-report.ts';
import type { Cell } from './csv.ts';
import { CSV_STYLES, csv } from './csv.ts';

export type ReportLanguage = 'vi' | 'en';

const WORDS = {
  title: { vi: 'Báo cáo sản xuất', en: 'Production report' },
  day: { vi: 'Ngày', en: 'Day' },
  shift: { vi: 'Ca', en: 'Shift' },
  wholeDay: { vi: 'Cả ngày', en: 'Whole day' },
  from: { vi: 'Từ', en: 'From' },
  to: { vi: 'Đến', en: 'To' },
  timeZone: { vi: 'Múi giờ', en: 'Time zone' },
  coverage: { vi: 'Tỷ lệ dữ liệu ghi nhận (%)', en: 'Data coverage (%)' },
  products: { vi: 'Sản phẩm', en: 'Products' },
  formula: { vi: 'Công thức', en: 'Formula' },
  product: { vi: 'Tên sản phẩm', en: 'Product' },
  orders: { vi: 'Số lệnh', en: 'Orders' },
  batches: { vi: 'Số mẻ', en: 'Batches' },
  dosed: { vi: 'Đã cân (tấn)', en: 'Dosed (t)' },
  bagged: { vi: 'Đóng bao (tấn)', en: 'Bagged (t)' },
  bags: { vi: 'Số bao', en: 'Bags' },
  bulk: { vi: 'Xuất xá (tấn)', en: 'Bulk (t)' },
  total: { vi: 'Tổng', en: 'Total' },
  giveaway: { vi: 'Dư trung bình mỗi bao (g)', en: 'Giveaway per bag (g)' },
  dosing: { vi: 'Độ chính xác cân định lượng', en: 'Dosing accuracy' },
  scale: { vi: 'Cân', en: 'Scale' },
  material: { vi: 'Nguyên liệu', en: 'Material' },
  doses: { vi: 'Số lần cân', en: 'Doses' },
  target: { vi: 'Mục tiêu (kg)', en: 'Target (kg)' },
  actual: { vi: 'Thực tế (kg)', en: 'Actual (kg)' },
  bias: { vi: 'Sai lệch trung bình (kg)', en: 'Bias (kg)' },
  sd: { vi: 'Độ lệch chuẩn (kg)', en: 'Standard deviation (kg)' },
  inTolerance: { vi: 'Trong dung sai (%)', en: 'In tolerance (%)' },
  jogs: { vi: 'Số lần nhấp', en: 'Jogs' },
  pelleting: { vi: 'Ép viên', en: 'Pelleting' },
  pressed: { vi: 'Đã ép (tấn)', en: 'Pressed (t)' },
  kWhPerT: { vi: 'Điện (kWh/tấn)', en: 'Electricity (kWh/t)' },
  steam: { vi: 'Hơi (kg/tấn)', en: 'Steam (kg/t)' },
  conditioned: { vi: 'Nhiệt độ hồ hóa (°C)', en: 'Conditioned at (°C)' },
  chokes: { vi: 'Số lần nghẹt', en: 'Chokes' },
  energy: { vi: 'Điện năng theo khu vực', en: 'Electricity by area' },
  area: { vi: 'Khu vực', en: 'Area' },
  kWh: { vi: 'Điện (kWh)', en: 'Electricity (kWh)' },
  downtime: { vi: 'Thời gian dừng', en: 'Downtime' },
  unit: { vi: 'Thiết bị', en: 'Unit' },
  reason: { vi: 'Nguyên nhân', en: 'Reason' },
  stops: { vi: 'Số lần dừng', en: 'Stops' },
  minutes: { vi: 'Số phút', en: 'Minutes' },
} as const;
type Word = keyof typeof WORDS;

const whole = (value: number): Cell => ({ value, decimals: 0 });
const fine = (value: number, decimals = 3): Cell => ({ value, decimals });

/** An instant in the mill's zone as people of this language write it. */
function localTime(iso: string, timeZone: string, language: ReportLanguage): string {
  return new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(new Date(iso));
}

function head(report: ProductionReport, language: ReportLanguage): Cell[][] {
  const w = (word: Word) => WORDS[word][language];
  return [
    [w('title')],
    [w('day'), report.day],
    [w('shift'), report.shift === null ? w('wholeDay') : String(report.shift)],
    [w('from'), localTime(report.from, report.timeZone, language)],
    [w('to'), localTime(report.to, report.timeZone, language)],
    [w('timeZone'), report.timeZone],
    [w('coverage'), fine(report.coveragePct, 1)],
  ];
}

function products(
  { products: lines, totals }: ProductionReport,
  language: ReportLanguage,
): Cell[][] {
  const w = (word: Word) => WORDS[word][language];
  return [
    [w('products')],
    (['formula', 'product', 'orders', 'batches', 'dosed', 'bagged', 'bags', 'bulk'] as const).map(
      w,
    ),
    ...lines.map((line) => [
      line.formula,
      line.text[language],
      whole(line.orders),
      whole(line.batches),
      fine(line.dosedT),
      fine(line.baggedT),
      whole(line.bags),
      fine(line.bulkT),
    ]),
    [
      w('total'),
      null,
      whole(lines.reduce((sum, line) => sum + line.orders, 0)),
      whole(totals.batches),
      fine(totals.dosedT),
      fine(totals.baggedT),
      whole(totals.bags),
      fine(totals.bulkT),
    ],
    [w('giveaway'), totals.giveawayGPerBag === null ? null : fine(totals.giveawayGPerBag, 1)],
  ];
}

const DOSING_HEADS = [
  'scale',
  'material',
  'doses',
  'target',
  'actual',
  'bias',
  'sd',
  'inTolerance',
  'jogs',
] as const;

function dosing({ dosing: lines }: ProductionReport, language: ReportLanguage): Cell[][] {
  return [
    [WORDS.dosing[language]],
    DOSING_HEADS.map((word) => WORDS[word][language]),
    ...lines.map((line) => [
      line.scale,
      line.material,
      whole(line.doses),
      fine(line.targetKg),
      fine(line.actualKg),
      fine(line.biasKg),
      fine(line.sdKg),
      fine(line.inTolerancePct, 1),
      whole(line.jogs),
    ]),
  ];
}

function pelleting({ pelleting: lines }: ProductionReport, language: ReportLanguage): Cell[][] {
  const heads = [
    'formula',
    'product',
    'pressed',
    'kWhPerT',
    'steam',
    'conditioned',
    'chokes',
  ] as const;
  return [
    [WORDS.pelleting[language]],
    heads.map((word) => WORDS[word][language]),
    ...lines.map((line) => [
      line.formula,
      line.text[language],
      fine(line.pressedT),
      line.kWhPerT === null ? null : fine(line.kWhPerT, 1),
      fine(line.steamKgPerT, 1),
      line.meanC === null ? null : fine(line.meanC, 1),
      whole(line.chokes),
    ]),
  ];
}

function energy({ energy: of }: ProductionReport, language: ReportLanguage): Cell[][] {
  return [
    [WORDS.energy[language]],
    [WORDS.area[language], WORDS.kWh[language]],
    ...of.areas.map((line) => [line.text[language], fine(line.kWh, 1)]),
    [WORDS.total[language], fine(of.kWh, 1)],
    [WORDS.kWhPerT[language], of.kWhPerT === null ? null : fine(of.kWhPerT, 1)],
  ];
}

function downtime({ downtime: lines }: ProductionReport, language: ReportLanguage): Cell[][] {
  return [
    [WORDS.downtime[language]],
    (['unit', 'reason', 'stops', 'minutes'] as const).map((word) => WORDS[word][language]),
    ...lines.map((line) => [
      line.unit,
      line.reasonText[language],
      whole(line.stops),
      fine(line.minutes, 1),
    ]),
  ];
}

/** The production report as CSV that a spreadsheet of this language opens as it is. */
export function productionCsv(report: ProductionReport, language: ReportLanguage): string {
  const sections = [head, products, dosing, pelleting, energy, downtime].map((section) =>
    section(report, language),
  );
  const rows = sections.flatMap((section, at) => (at === 0 ? section : [[], ...section]));
  return csv(rows, CSV_STYLES[language]);
}
