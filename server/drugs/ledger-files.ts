import type { Ledger } from '../contract/drugs.ts';
import { pdfOf } from '../records/pdf/record-pdf.ts';
import { both, right, SheetFormat, table, title } from '../records/pdf/sheet-parts.ts';
import type { Cell } from '../reports/csv.ts';
import { CSV_STYLES, csv } from '../reports/csv.ts';

const HEAD = {
  vi: ['Lô', 'Thuốc', 'Đầu ngày', 'Nhận', 'Dùng', 'Sổ sách', 'Cuối ngày', 'Chênh lệch', 'Mẻ', 'kg'],
  en: [
    'Lot',
    'Drug',
    'Opening',
    'Received',
    'Used',
    'Book',
    'Closing',
    'Discrepancy',
    'Batch',
    'kg',
  ],
} as const;

const kg = (value: number): Cell => ({ value, decimals: 3 });

/** The ledger for a spreadsheet: a row for each lot, then one for each batch that used it. */
export function ledgerCsv(ledger: Ledger, language: 'vi' | 'en'): string {
  const rows = ledger.lots.flatMap((lot): Cell[][] => [
    [
      lot.lot,
      lot.text[language],
      ...[lot.openingKg, lot.receivedKg, lot.usedKg, lot.bookKg, lot.closingKg].map(kg),
      kg(lot.discrepancyKg),
    ],
    ...lot.uses.map((use): Cell[] => [
      lot.lot,
      ...Array.from({ length: 7 }, () => null),
      use.batchId,
      kg(use.kg),
    ]),
  ]);
  return csv([[ledger.day], [...HEAD[language]], ...rows], CSV_STYLES[language]);
}

/** The ledger as a sheet in both languages, with lines to sign on. */
export function ledgerPdf(ledger: Ledger): Promise<Buffer> {
  const format = new SheetFormat(ledger.timeZone);
  const cell = (value: number) => right(format.number(value, 3));
  const head = HEAD.vi.map((vi, at) => both(vi, HEAD.en[at] ?? ''));
  const lots = ledger.lots.map((lot) => [
    lot.lot,
    both(lot.text.vi, lot.text.en),
    ...[lot.openingKg, lot.receivedKg, lot.usedKg, lot.bookKg, lot.closingKg].map(cell),
    right(`${lot.outside ? '! ' : ''}${format.number(lot.discrepancyKg, 3)}`),
    lot.uses.map(({ batchId }) => batchId).join('\n'),
    right(lot.uses.map((use) => format.number(use.kg, 3)).join('\n')),
  ]);
  const orders = ledger.orders.map((order) => [
    order.orderId,
    order.lot,
    both(order.product.vi, order.product.en),
    order.state === 'released' ? both('Đã giải phóng', 'Released') : both('Giữ lại', 'Held'),
    order.proposedBy ?? '–',
    order.confirmedBy ?? '–',
  ]);
  const sequence = ledger.sequence.map((one) => [
    one.line,
    format.time(Date.parse(one.started)),
    one.orderId,
    both(one.product.vi, one.product.en),
    one.kind === 'flush' ? both('Làm sạch', 'Flush') : both('Cám', 'Feed'),
    one.drugClass,
    one.afterDrugClass ?? '–',
  ]);
  return pdfOf({
    info: { title: `drug-ledger-${ledger.day}` },
    header: {
      text: `${both('SỔ THUỐC', 'DRUG LEDGER')} ${ledger.day}`,
      bold: true,
      margin: [36, 24, 36, 0],
    },
    content: [
      title('Lô thuốc', 'Drug lots'),
      table(head, lots, [70, '*', 55, 55, 55, 55, 55, 60, 80, 45]),
      title('Cám có thuốc chờ đối chiếu', 'Medicated feed held until reconciled'),
      table(
        [
          both('Lệnh', 'Order'),
          both('Lô', 'Lot'),
          both('Sản phẩm', 'Product'),
          both('Trạng thái', 'State'),
          both('Người đối chiếu', 'By'),
          both('Người thứ hai', 'Second'),
        ],
        orders,
        [80, 90, '*', 110, 90, 90],
      ),
      title('Thứ tự và làm sạch', 'Sequence and flushes'),
      table(
        [
          both('Dây chuyền', 'Line'),
          both('Bắt đầu', 'Started'),
          both('Lệnh', 'Order'),
          both('Sản phẩm', 'Product'),
          both('Loại', 'Kind'),
          both('Nhóm thuốc', 'Drug class'),
          both('Sau nhóm', 'After'),
        ],
        sequence,
        [60, 110, 80, '*', 80, 80, 80],
      ),
      { text: `\n${both('Ký tên', 'Signed')}: ____________________     ____________________` },
    ],
  });
}
