import type { AlarmCondition, AlarmDefinition } from '../model/alarm.ts';
import type { Text } from '../model/text.ts';
import type { LinkPoint, LinkRoleName } from './link-tags.ts';
import { hasLinkRole, linkTagName } from './link-tags.ts';
import { text } from './tag-shorthand.ts';

type Limit = Pick<AlarmCondition, 'comparison' | 'limit' | 'deadband' | 'onDelayMs'>;

interface LinkAlarm
  extends Pick<
    AlarmDefinition,
    'priority' | 'timeToRespondS' | 'cause' | 'consequence' | 'action'
  > {
  readonly name: string;
  readonly role: LinkRoleName | 'Online';
  readonly text: Text;
  readonly when: Limit;
}

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
/** A server's clock may differ by this much, ms: records of one event must stay in order. */
const SKEW_MAX_MS = 2_000;
const SKEW_DEADBAND_MS = 500;
/** So many late replies a minute are no accident any more. */
const LATE_PER_MIN_MAX = 10;
/** A certificate is renewed while there is time to do it in a planned stop, days. */
const CERTIFICATE_DAYS_MIN = 30;

const SKEW = {
  role: 'SkewMs',
  priority: 'low',
  timeToRespondS: 8 * HOUR_S,
  cause: text(
    'Máy chủ hoặc bộ điều khiển không đồng bộ giờ (NTP)',
    'Server or controller does not follow the time server (NTP)',
  ),
  consequence: text(
    'Thứ tự các sự kiện trong lịch sử bị sai',
    'Events stand in the wrong order in history',
  ),
  action: text(
    'Kỹ sư: kiểm tra NTP của máy chủ và của bộ điều khiển',
    'Engineer: check NTP of the server and of the controller',
  ),
} as const;

const LINK_ALARMS: readonly LinkAlarm[] = [
  {
    name: 'Lost',
    role: 'Online',
    priority: 'medium',
    timeToRespondS: 300,
    text: text('Mất liên lạc', 'Link lost'),
    cause: text('Cáp, nguồn hoặc thiết bị mạng', 'Cable, power or network equipment'),
    consequence: text(
      'Giá trị không còn tin cậy, tuyến liên quan dừng',
      'Its values cannot be trusted and routes that need them stop',
    ),
    action: text('Kiểm tra nguồn và cáp mạng của thiết bị', 'Check its power and network cable'),
    when: { comparison: 'is', limit: false, deadband: 0, onDelayMs: 5_000 },
  },
  {
    ...SKEW,
    name: 'ClockAhead',
    text: text('Đồng hồ máy chủ chạy nhanh', "The server's clock is ahead"),
    when: {
      comparison: 'above',
      limit: SKEW_MAX_MS,
      deadband: SKEW_DEADBAND_MS,
      onDelayMs: 30_000,
    },
  },
  {
    ...SKEW,
    name: 'ClockBehind',
    text: text('Đồng hồ máy chủ chạy chậm', "The server's clock is behind"),
    when: {
      comparison: 'below',
      limit: -SKEW_MAX_MS,
      deadband: SKEW_DEADBAND_MS,
      onDelayMs: 30_000,
    },
  },
  {
    name: 'TagsMissing',
    role: 'Unmonitored',
    priority: 'medium',
    timeToRespondS: HOUR_S,
    text: text('Có tín hiệu không đọc được', 'Some of its tags are not delivered'),
    cause: text(
      'Địa chỉ sai, hoặc chương trình của thiết bị đã đổi',
      'A wrong address, or the program of the device was changed',
    ),
    consequence: text(
      'Các tín hiệu đó không có giá trị, thiết bị cần chúng không chạy',
      'These tags have no value and devices that need them do not run',
    ),
    action: text(
      'Kỹ sư: xem danh sách ở màn hình Kết nối, sửa địa chỉ hoặc khôi phục chương trình thiết bị',
      'Engineer: see the list on display Connections, mend the addresses or the device program',
    ),
    when: { comparison: 'above', limit: 0, deadband: 0, onDelayMs: 10_000 },
  },
  {
    name: 'CertificateEnds',
    role: 'CertificateDays',
    priority: 'low',
    timeToRespondS: 7 * DAY_S,
    text: text('Chứng thư sắp hết hạn', 'A certificate ends soon'),
    cause: text('Chứng thư có thời hạn', 'Certificates are valid for a limited time'),
    consequence: text(
      'Khi hết hạn sẽ không kết nối được nữa',
      'There is no connection any more when it has ended',
    ),
    action: text(
      'Kỹ sư: gia hạn chứng thư và cho hai bên tin cậy chứng thư mới',
      'Engineer: renew the certificate and let both sides trust the new one',
    ),
    when: { comparison: 'below', limit: CERTIFICATE_DAYS_MIN, deadband: 1, onDelayMs: 0 },
  },
  {
    name: 'LateReplies',
    role: 'LatePerMin',
    priority: 'low',
    timeToRespondS: HOUR_S,
    text: text('Thiết bị trả lời trễ nhiều lần', 'It answers late again and again'),
    cause: text(
      'Nhiễu, đầu nối lỏng, mạng hoặc thiết bị quá tải',
      'Noise, a loose connector, an overloaded network or device',
    ),
    consequence: text(
      'Giá trị cũ đi từng lúc, kết nối có thể mất',
      'Values become old now and then, the link may be lost',
    ),
    action: text(
      'Bảo trì: kiểm tra cáp, tiếp địa, điện trở đầu cuối và tải của mạng',
      'Maintenance: check cable, earth, terminating resistor and load of the network',
    ),
    when: { comparison: 'above', limit: LATE_PER_MIN_MAX, deadband: 5, onDelayMs: 10_000 },
  },
  {
    name: 'Unprotected',
    role: 'Unprotected',
    priority: 'low',
    timeToRespondS: 7 * DAY_S,
    text: text('Kết nối không được bảo vệ', 'The connection is unprotected'),
    cause: text(
      'Định nghĩa nhà máy cho phép kết nối không mã hóa (security none)',
      'The mill definition allows a connection without security (none)',
    ),
    consequence: text(
      'Người trong mạng có thể đọc và gửi lệnh giả tới thiết bị',
      'Anybody on the network can read it and send false commands to the devices',
    ),
    action: text(
      'Kỹ sư: bật bảo mật ở máy chủ, đặt security thành strongest',
      'Engineer: switch on security in the server and set security to strongest',
    ),
    when: { comparison: 'is', limit: true, deadband: 0, onDelayMs: 0 },
  },
];

/**
 * Alarms of one link. A late flood is one of the unit that is late, not also of its connection, so
 * that one cause raises one alarm (ISA-18.2, 6.2).
 */
export function linkAlarms({ connection, unitId, kind, text: of }: LinkPoint): AlarmDefinition[] {
  return LINK_ALARMS.filter(
    ({ role, name }) =>
      role === 'Online' ||
      (hasLinkRole(kind, role) && !(kind === 'modbus' && name === 'LateReplies')),
  ).map(({ name, role, when, text: words, ...rest }) => ({
    ...rest,
    id: linkTagName(connection, unitId, role).replace(/[^.]+$/, name),
    device: null,
    text: text(`${words.vi}: ${of.vi}`, `${words.en}: ${of.en}`),
    condition: { tag: linkTagName(connection, unitId, role), ...when },
  }));
}
