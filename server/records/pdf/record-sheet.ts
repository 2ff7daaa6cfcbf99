import type { Content } from 'pdfmake/interfaces.d.ts';
import { PROCEDURE_STATE_TEXTS } from '../../../plc/model/isa88.ts';
import { type Reason, reasonText } from '../../../plc/model/reason.ts';
import { recordFaultText } from '../../contract/record-faults.ts';
import type { ChainEntry } from '../chain/entry.ts';
import type { RecordContent } from '../chain/record-file.ts';
import type { BatchTotals } from '../chain/totals.ts';
import { lastOf, totalsOf } from '../chain/totals.ts';
import type { Fields } from './sheet-parts.ts';
import {
  both,
  right,
  SheetFormat,
  table,
  textOf,
  timeline,
  title,
  toleranceBar,
} from './sheet-parts.ts';

const PAGE_WIDTH = 770;

const PHASES: Readonly<Record<string, string>> = {
  dosing: both('Cân', 'Dosing'),
  'fill-mixer': both('Nạp máy trộn', 'Fill mixer'),
  'dry-mix': both('Trộn khô', 'Dry mix'),
  'wet-mix': both('Trộn ướt', 'Wet mix'),
  discharge: both('Xả', 'Discharge'),
};

const DECISIONS: Readonly<Record<string, string>> = {
  'in-tolerance': both('Trong dung sai', 'In tolerance'),
  'accepted-under': both('Chấp nhận thiếu', 'Accepted under'),
  'accepted-over': both('Chấp nhận dư', 'Accepted over'),
};

function stateText(state: unknown): string {
  const texts: Readonly<Record<string, { vi: string; en: string }>> = PROCEDURE_STATE_TEXTS;
  const text = texts[String(state)];
  return text === undefined ? textOf(state) : both(text.vi, text.en);
}

/** Reasons in both languages; one whose code a later version no longer knows by its code. */
function reasonsText(reasons: unknown): string {
  if (!Array.isArray(reasons)) return '–';
  const texts = (reasons as Reason[]).map((one) => {
    try {
      return both(reasonText(one, 'vi'), reasonText(one, 'en'));
    } catch (error) {
      if (error instanceof TypeError) return JSON.stringify(one);
      throw error;
    }
  });
  return texts.length === 0 ? '–' : texts.join('; ');
}

const numberOf = (fields: Fields, name: string) =>
  typeof fields[name] === 'number' ? (fields[name] as number) : 0;

/** The pages of a batch record: what a mill's batch sheet shows, from its entries alone. */
export class RecordSheet {
  readonly #content: RecordContent;
  readonly #format: SheetFormat;
  readonly #entries: readonly ChainEntry[];

  constructor(content: RecordContent) {
    this.#content = content;
    this.#entries = content.entries;
    this.#format = new SheetFormat(content.head.timeZone);
  }

  /** Everything below the page's head. */
  body(qrSvg: string): Content[] {
    const totals = totalsOf(this.#entries);
    return [
      this.#heading(qrSvg),
      this.#recipe(),
      ...totals.batches.flatMap((batch) => this.#batch(batch)),
      ...this.#stops(),
      ...this.#actions(),
      ...this.#bags(),
      ...this.#reconciliation(),
      title('Kiểm tra tổng', 'Sums'),
      totals.faults.length === 0
        ? both('Mọi tổng đều khớp', 'All sums hold')
        : {
            ul: totals.faults.map((one) =>
              both(recordFaultText(one, 'vi'), recordFaultText(one, 'en')),
            ),
          },
    ];
  }

  #last(kind: string): Fields {
    return lastOf(this.#entries, kind).at(-1) ?? {};
  }

  #order(): Fields {
    const order = this.#last('order-accepted')['order'];
    return typeof order === 'object' && order !== null ? (order as Fields) : {};
  }

  #heading(qrSvg: string): Content {
    const order = this.#order();
    const state = this.#last('order');
    const accepted = this.#last('order-accepted');
    const product = (order['product'] ?? {}) as Fields;
    const { head } = this.#content;
    const facts: [string, string][] = [
      [both('Sản phẩm', 'Product'), both(textOf(product['vi']), textOf(product['en']))],
      [
        both('Công thức', 'Formula'),
        `${textOf(order['formulaCode'])} v${textOf(order['formulaVersion'])}`,
      ],
      [both('Lô', 'Lot'), textOf(order['lot'])],
      [
        both('Dây chuyền, đích', 'Line, destination'),
        `${textOf(order['line'])} › ${textOf(order['destination'])}`,
      ],
      [both('Khách hàng', 'Customer'), textOf(order['customer'])],
      [both('Trạng thái', 'State'), stateText(state['state'])],
      [both('Đặt / đã cân / làm ra', 'Ordered / dosed / made'), this.#masses(order, state)],
      [
        both('Lập lệnh', 'Accepted'),
        `${this.#format.time(accepted['createdTimeMs'])} · ${textOf(accepted['createdBy'])}`,
      ],
      [both('Bắt đầu', 'Started'), this.#format.time(state['startedTimeMs'])],
      [both('Kết thúc', 'Finished'), this.#format.time(state['finishedTimeMs'])],
      [both('Phủ dữ liệu', 'Data coverage'), `${this.#format.number(head.coveragePct, 2)} %`],
      [both('Xuất', 'Exported'), `${this.#format.time(head.exportedMs)} · ${head.exportedBy}`],
    ];
    return {
      columns: [
        { layout: 'noBorders', width: '*', table: { widths: [170, '*'], body: facts } },
        { svg: qrSvg, width: 96, height: 96 },
      ],
      margin: [0, 0, 0, 8],
    };
  }

  #masses(order: Fields, state: Fields): string {
    const kg = (value: unknown) => this.#format.number(value, 1);
    return `${kg(order['orderKg'])} / ${kg(state['dosedKg'])} / ${kg(state['producedKg'])} kg`;
  }

  #recipe(): Content {
    const order = this.#order();
    const items = Array.isArray(order['items']) ? (order['items'] as Fields[]) : [];
    const batchKg = numberOf(order, 'batchKg');
    const rows = items.map((item) => [
      textOf(item['material']),
      right(this.#format.number(item['pct'], 3)),
      right(this.#format.number((numberOf(item, 'pct') / 100) * batchKg, 3)),
      item['drug'] === true ? both('Thuốc', 'Drug') : '',
    ]);
    const head = [
      both('Nguyên liệu', 'Material'),
      '%',
      both('kg một mẻ', 'kg per batch'),
      both('Thuốc', 'Drug'),
    ];
    return [title('Công thức của lệnh', 'Control recipe'), table(head, rows, ['*', 60, 90, 90])];
  }

  #batch(batch: BatchTotals): Content[] {
    const { batchId } = batch;
    const own = (kind: string) =>
      lastOf(this.#entries, kind).filter((fields) => fields['batchId'] === batchId);
    const spans = own('phase').map((phase) => ({
      text: PHASES[String(phase['phase'])] ?? textOf(phase['phase']),
      fromMs: numberOf(phase, 'startedTimeMs'),
      toMs: numberOf(phase, 'endedTimeMs'),
    }));
    const number = this.#format;
    const sums = `${number.number(batch.actualKg, 3)} / ${number.number(batch.targetKg, 3)} kg`;
    return [
      {
        unbreakable: true,
        stack: [
          {
            text: `${both('Mẻ', 'Batch')} ${batchId} · ${stateText(batch.state)} · ${sums} · ${number.number(batch.completenessPct, 2)} %`,
            style: 'title',
          },
          timeline(spans, PAGE_WIDTH),
        ],
      },
      this.#doses(own('dose')),
    ];
  }

  #doses(doses: readonly Fields[]): Content {
    const kg = (value: number) => this.#format.number(value, 3);
    const rows = doses.map((dose) => {
      const deviation = numberOf(dose, 'actualKg') - numberOf(dose, 'targetKg');
      const tolerance = numberOf(dose, 'toleranceKg');
      const decision = String(dose['decision']);
      const by = dose['decidedBy'];
      return [
        textOf(dose['material']),
        textOf(dose['lot']),
        `${textOf(dose['bin'])} › ${textOf(dose['scale'])}`,
        right(kg(numberOf(dose, 'targetKg'))),
        right(kg(numberOf(dose, 'actualKg'))),
        right(`${deviation >= 0 ? '+' : ''}${kg(deviation)}`),
        right(`± ${kg(tolerance)}`),
        toleranceBar(deviation, tolerance),
        (DECISIONS[decision] ?? decision) + (by === null ? '' : ` · ${textOf(by)}`),
      ];
    });
    const head = [
      both('Nguyên liệu', 'Material'),
      both('Lô', 'Lot'),
      both('Silo › cân', 'Bin › scale'),
      both('Đặt kg', 'Target'),
      both('Thực kg', 'Actual'),
      both('Lệch', 'Dev.'),
      both('Dung sai', 'Tol.'),
      '',
      both('Quyết định', 'Decision'),
    ];
    return table(head, rows, ['*', 75, 85, 55, 55, 50, 55, 92, 120]);
  }

  #stops(): Content[] {
    const held = this.#entries.filter(
      ({ kind, content }) =>
        (kind === 'order' || kind === 'batch') &&
        ['Holding', 'Held', 'Stopped', 'Aborted'].includes(String(content['state'])),
    );
    const states = held.map(({ subject, writtenMs, content }) => [
      this.#format.time(writtenMs),
      subject,
      stateText(content['state']),
      reasonsText(content['reasons']),
    ]);
    const stops = lastOf(this.#entries, 'downtime').map((stop) => [
      `${this.#format.time(stop['startedTimeMs'])} – ${this.#format.time(stop['endedTimeMs'])}`,
      textOf(stop['unit']),
      both('Dừng', 'Stop'),
      reasonsText(stop['reasons']),
    ]);
    const alarms = lastOf(this.#entries, 'alarm').map(({ occurrence }) => {
      const alarm = occurrence as Fields;
      const acknowledged = textOf(alarm['acknowledgedBy']);
      return [
        this.#format.time(alarm['raisedTimeMs']),
        textOf(alarm['alarmId']),
        both('Cảnh báo', 'Alarm'),
        `${textOf(alarm['state'])} · ${both('xác nhận', 'acknowledged')}: ${acknowledged}`,
      ];
    });
    const head = [
      both('Lúc', 'Time'),
      both('Ở', 'At'),
      both('Việc', 'What'),
      both('Lý do', 'Reason'),
    ];
    return [
      title('Giữ, dừng, báo động', 'Holds, stops, alarms'),
      table(head, [...states, ...stops, ...alarms], [130, 130, 120, '*']),
    ];
  }

  #actions(): Content[] {
    const outcomes = new Map(
      lastOf(this.#entries, 'action-outcome').map((one) => [one['auditId'], one['outcome']]),
    );
    const rows = lastOf(this.#entries, 'action').map((action) => [
      this.#format.time(action['timeMs']),
      `${textOf(action['user'])} (${textOf(action['role'])})`,
      textOf(action['door']),
      { text: JSON.stringify(action['args'] ?? {}).slice(0, 200), fontSize: 6 },
      textOf(outcomes.get(action['auditId'])),
    ]);
    const head = [
      both('Lúc', 'Time'),
      both('Ký bởi', 'Signed by'),
      both('Thao tác', 'Action'),
      both('Nội dung', 'Content'),
      both('Kết quả', 'Outcome'),
    ];
    return [
      title('Quyết định và thao tác', 'Decisions and actions'),
      table(head, rows, [100, 120, 100, '*', 80]),
    ];
  }

  #bags(): Content[] {
    const groups = Map.groupBy(lastOf(this.#entries, 'bags'), (one) => textOf(one['bagger']));
    const rows = [...groups].map(([bagger, bags]) => [
      bagger,
      textOf(bags[0]?.['lot']),
      `${textOf(bags[0]?.['firstBagId'])} … ${textOf(bags.at(-1)?.['lastBagId'])}`,
      right(
        this.#format.number(
          bags.reduce((sum, one) => sum + numberOf(one, 'bags'), 0),
          0,
        ),
      ),
      right(
        this.#format.number(
          bags.reduce((sum, one) => sum + numberOf(one, 'netKg'), 0),
          3,
        ),
      ),
    ]);
    const head = [
      both('Máy đóng bao', 'Bagger'),
      both('Lô', 'Lot'),
      both('Từ bao … đến bao', 'From bag … to bag'),
      both('Số bao', 'Bags'),
      'kg',
    ];
    return [title('Bao', 'Bags'), table(head, rows, [110, 110, '*', 70, 90])];
  }

  #reconciliation(): Content[] {
    const rows = lastOf(this.#entries, 'reconciliation').map((one) => [
      this.#format.time(one['timeMs']),
      textOf(one['lot']),
      right(this.#format.number(one['differenceKg'], 3)),
      textOf(one['by']),
      textOf(one['confirmedBy']),
      textOf(one['note']),
    ]);
    const head = [
      both('Lúc', 'Time'),
      both('Lô thuốc', 'Drug lot'),
      both('Lệch kg', 'Difference'),
      both('Người đối chiếu', 'By'),
      both('Người thứ hai', 'Second person'),
      both('Ghi chú', 'Note'),
    ];
    return [
      title('Đối chiếu thuốc', 'Drug reconciliation'),
      table(head, rows, [110, 100, 80, 110, 110, '*']),
    ];
  }
}
