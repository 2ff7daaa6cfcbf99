import type { AlarmDefinition } from '../model/alarm.ts';
import type { TagDefinition } from '../model/tag.ts';
import { derivedTag } from './derived-tag.ts';
import { text } from './tag-shorthand.ts';

/** A disk that does not grow fills in so many days, as far as tags go. */
export const DAYS_LEFT_MAX = 3_650;

/**
 * What becomes of records: the controller's own spool, and the database as its server tells of it
 * (bad while no server does).
 */
export function storeTags(): TagDefinition[] {
  return [
    derivedTag('PLC', 'SpoolPct', text('Bộ đệm bản ghi', 'Record spool used'), {
      dataType: 'float',
      unit: '%',
      range: { low: 0, high: 100 },
      deadband: 0.5,
    }),
    derivedTag('PLC', 'SpoolAgeS', text('Bản ghi chờ lưu', 'Records wait to be stored'), {
      dataType: 'float',
      unit: 's',
      range: { low: 0, high: 2_592_000 },
      deadband: 30,
    }),
    derivedTag('DB', 'Online', text('Cơ sở dữ liệu hoạt động', 'Database answers'), {
      dataType: 'bool',
    }),
    derivedTag('DB', 'JobsFailed', text('Việc bảo trì dữ liệu bị lỗi', 'Data jobs failed'), {
      dataType: 'uint16',
      unit: 'pcs',
      range: { low: 0, high: 1_000 },
    }),
    derivedTag('DB', 'DiskUsedPct', text('Ổ đĩa dữ liệu đã dùng', 'Data disk used'), {
      dataType: 'float',
      unit: '%',
      range: { low: 0, high: 100 },
      deadband: 0.5,
    }),
    derivedTag('DB', 'DaysLeft', text('Ổ đĩa dữ liệu còn đủ', 'Data disk lasts'), {
      dataType: 'float',
      unit: 'd',
      range: { low: 0, high: DAYS_LEFT_MAX },
      deadband: 0.5,
    }),
    derivedTag('DB', 'BackupAgeH', text('Từ lần sao lưu cuối', 'Since the last backup'), {
      dataType: 'float',
      unit: 'h',
      range: { low: 0, high: 87_600 },
      deadband: 1,
    }),
    derivedTag('DB', 'SamplesSetAside', text('Mẫu đo bị để riêng', 'Samples set aside'), {
      dataType: 'uint32',
      unit: 'pcs',
      range: { low: 0, high: 1_000_000_000 },
    }),
  ];
}

type Words = Pick<AlarmDefinition, 'text' | 'cause' | 'consequence' | 'action'>;
type When = Omit<NonNullable<AlarmDefinition['condition']>, 'tag'>;

function storeAlarm(
  id: string,
  tag: string,
  priority: AlarmDefinition['priority'],
  timeToRespondS: number,
  when: When,
  words: Words,
): AlarmDefinition {
  return { id, device: null, priority, timeToRespondS, ...words, condition: { tag, ...when } };
}

const above = (limit: number, deadband: number, onDelayMs: number): When => ({
  comparison: 'above',
  ...{ limit, deadband, onDelayMs },
});

const DAY_S = 86_400;

function spoolAlarms(): AlarmDefinition[] {
  return [
    storeAlarm('PLC.SpoolFilling', 'PLC.SpoolPct', 'medium', 3_600, above(70, 5, 10_000), {
      text: text('Bộ đệm bản ghi sắp đầy', 'Record spool is filling'),
      cause: text(
        'Máy chủ hoặc cơ sở dữ liệu không nhận bản ghi, hoặc ổ đĩa của bộ điều khiển gần đầy',
        "Server or database takes no records, or the controller's disk is nearly full",
      ),
      consequence: text(
        'Khi đầy, mẫu đo cũ nhất mất trước, rồi đến bản ghi cũ nhất',
        'When it is full the oldest samples are lost first, then the oldest records',
      ),
      action: text(
        'Khôi phục máy chủ và cơ sở dữ liệu, dọn ổ đĩa của bộ điều khiển',
        "Bring server and database back, make room on the controller's disk",
      ),
    }),
    storeAlarm('PLC.RecordsWait', 'PLC.SpoolAgeS', 'low', 3_600, above(600, 60, 10_000), {
      text: text('Bản ghi chưa được lưu từ 10 phút', 'Records have waited 10 minutes'),
      cause: text(
        'Máy chủ hoặc cơ sở dữ liệu không nhận bản ghi',
        'Server or database takes no records',
      ),
      consequence: text(
        'Nhà máy vẫn chạy; báo cáo và xu hướng thiếu phần mới nhất',
        'The mill runs on; reports and trends lack the newest part',
      ),
      action: text(
        'Xem trang Lưu trữ: máy chủ và cơ sở dữ liệu có hoạt động không',
        'See the page Storage: do server and database run',
      ),
    }),
  ];
}

function databaseAlarms(): AlarmDefinition[] {
  const down: When = { comparison: 'is', limit: false, deadband: 0, onDelayMs: 30_000 };
  return [
    storeAlarm('DB.Down', 'DB.Online', 'medium', 1_800, down, {
      text: text('Cơ sở dữ liệu không trả lời', 'The database does not answer'),
      cause: text(
        'Cơ sở dữ liệu dừng, ổ đĩa đầy hoặc mất mạng',
        'It has stopped, its disk is full, or the network is gone',
      ),
      consequence: text(
        'Nhà máy vẫn chạy, bản ghi chờ trong bộ điều khiển; không đăng nhập được',
        'The mill runs on, records wait in the controller; nobody can sign in',
      ),
      action: text(
        'Dọn ổ đĩa, khởi động lại cơ sở dữ liệu; xem docs/operations.md',
        'Make room on the disk, restart the database; see docs/operations.md',
      ),
    }),
    storeAlarm('DB.JobFailed', 'DB.JobsFailed', 'low', DAY_S, above(0, 0, 10_000), {
      text: text('Việc bảo trì dữ liệu bị lỗi hoặc trễ', 'A data job failed or is overdue'),
      cause: text(
        'Cơ sở dữ liệu từ chối hoặc quá chậm; lý do ở trang Lưu trữ',
        'The database refused it or is too slow; the reason is on the page Storage',
      ),
      consequence: text(
        'Xu hướng dài hạn thiếu, hoặc dữ liệu cũ không được xóa',
        'Long trends have holes, or old data is not removed',
      ),
      action: text('Xem lý do ở trang Lưu trữ', 'See the reason on the page Storage'),
    }),
    storeAlarm('DB.SampleSetAside', 'DB.SamplesSetAside', 'low', DAY_S, above(0, 0, 60_000), {
      text: text('Có mẫu đo không vào được lịch sử', 'History did not take some samples'),
      cause: text(
        'Đồng hồ của bộ điều khiển hoặc thiết bị sai, hoặc danh sách tag khác nhau',
        "A controller's or device's clock is wrong, or the lists of tags differ",
      ),
      consequence: text(
        'Mẫu đo được để riêng nguyên vẹn; xu hướng thiếu phần đó',
        'They are kept aside whole; trends lack them',
      ),
      action: text(
        'Chỉnh đồng hồ hoặc cùng phiên bản; xem /api/history/quarantine và docs/operations.md',
        'Set the clock or run one version; see /api/history/quarantine and docs/operations.md',
      ),
    }),
  ];
}

function diskAlarms(): AlarmDefinition[] {
  const soon: When = { comparison: 'below', limit: 14, deadband: 2, onDelayMs: 60_000 };
  const room = text(
    'Dọn hoặc mở rộng ổ đĩa, hoặc giảm số ngày lưu mẫu đo (KEEP_SAMPLE_DAYS)',
    'Make room or a larger disk, or keep samples for fewer days (KEEP_SAMPLE_DAYS)',
  );
  return [
    storeAlarm('DB.DiskFilling', 'DB.DaysLeft', 'low', DAY_S, soon, {
      text: text('Ổ đĩa dữ liệu đầy trong 14 ngày', 'The data disk is full within 14 days'),
      cause: text('Dữ liệu tăng như đã đo gần đây', 'Data grows as lately measured'),
      consequence: text(
        'Khi đầy, mẫu đo cũ nhất bị xóa trước; hồ sơ và nhật ký không bao giờ bị xóa',
        'When it is full the oldest samples go first; records and audit never do',
      ),
      action: room,
    }),
    storeAlarm('DB.DiskFull', 'DB.DiskUsedPct', 'medium', 3_600, above(90, 2, 10_000), {
      text: text('Ổ đĩa dữ liệu gần đầy', 'The data disk is nearly full'),
      cause: text(
        'Dữ liệu hoặc chương trình khác chiếm ổ đĩa',
        'Data or another program has filled it',
      ),
      consequence: text(
        'Mẫu đo cũ nhất bị xóa; khi đầy hẳn, bản ghi chờ trong bộ điều khiển',
        'The oldest samples are removed; once it is full records wait in the controller',
      ),
      action: room,
    }),
    storeAlarm('DB.BackupOld', 'DB.BackupAgeH', 'low', DAY_S, above(168, 0, 60_000), {
      text: text('Một tuần chưa sao lưu', 'No backup for a week'),
      cause: text('Lịch sao lưu chưa có hoặc bị lỗi', 'No backup is scheduled, or it failed'),
      consequence: text(
        'Hỏng ổ đĩa sẽ mất hồ sơ từ lần sao lưu cuối',
        'A broken disk would lose the records since the last one',
      ),
      action: text(
        'Chạy npm run backup, đặt lịch hằng ngày',
        'Run npm run backup, schedule it daily',
      ),
    }),
  ];
}

/** Alarms of what becomes of records. */
export function storeAlarms(): AlarmDefinition[] {
  return [...spoolAlarms(), ...databaseAlarms(), ...diskAlarms()];
}
