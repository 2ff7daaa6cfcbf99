import type { Text } from './text.ts';

/** Who has to act on a trouble of a link. */
export type LinkHelper = 'maintenance' | 'engineer';

/** What is wrong with a link in words, what to do, and who does it. */
export interface LinkTroubleText {
  readonly text: Text;
  readonly action: Text;
  readonly who: LinkHelper;
}

function trouble(who: LinkHelper, [vi, en]: Words, [viDo, enDo]: Words): LinkTroubleText {
  return { who, text: { vi, en }, action: { vi: viDo, en: enDo } };
}
type Words = readonly [vi: string, en: string];

/**
 * The troubles of links that people are told of, by code. The library's own message is shown beside
 * it as it is, for whoever looks it up.
 */
export const LINK_TROUBLES = {
  refused: trouble(
    'maintenance',
    ['Thiết bị có trên mạng nhưng từ chối kết nối', 'The device is there but refuses connections'],
    [
      'Kiểm tra chương trình giao tiếp của thiết bị có chạy không và số cổng có đúng không',
      'Check that its communication program runs and that the port number is right',
    ],
  ),
  unreachable: trouble(
    'maintenance',
    ['Không có đường mạng tới thiết bị', 'No way on the network leads to the device'],
    [
      'Kiểm tra nguồn của thiết bị, cáp và bộ chuyển mạch mạng',
      'Check power of the device, the cable and the network switch',
    ],
  ),
  'name-unknown': trouble(
    'engineer',
    ['Không tìm thấy tên máy của thiết bị', "The device's host name is not known"],
    [
      'Sửa tên máy trong định nghĩa nhà máy hoặc trong DNS',
      'Mend the host name in the mill definition or in DNS',
    ],
  ),
  silent: trouble(
    'maintenance',
    ['Thiết bị không trả lời trong thời gian cho phép', 'The device does not answer in time'],
    [
      'Kiểm tra nguồn và cáp; với Modbus kiểm tra số trạm, tốc độ truyền và điện trở đầu cuối',
      'Check power and cable; for Modbus also unit number, baud rate and terminating resistor',
    ],
  ),
  closed: trouble(
    'maintenance',
    ['Thiết bị đã đóng kết nối', 'The device closed the connection'],
    [
      'Thiết bị có thể đang khởi động lại hoặc hết chỗ kết nối: xem trạng thái của thiết bị',
      'It may be restarting or have no connection free: look at the state of the device',
    ],
  ),
  malformed: trouble(
    'maintenance',
    ['Nhận được trả lời không đúng giao thức', 'What came was not a proper answer'],
    [
      'Kiểm tra nhiễu, chống nhiễu của cáp và hai thiết bị trùng số trạm',
      'Check for noise, the shield of the cable, and two devices with the same unit number',
    ],
  ),
  'serial-port': trouble(
    'engineer',
    ['Không mở được cổng nối tiếp', 'The serial port cannot be opened'],
    [
      'Kiểm tra đường dẫn cổng trong định nghĩa nhà máy và quyền truy cập cổng',
      'Check the path of the port in the mill definition and the right to open it',
    ],
  ),
  'function-refused': trouble(
    'engineer',
    ['Thiết bị không có chức năng Modbus này', 'The device does not offer this Modbus function'],
    [
      'Kiểm tra vùng thanh ghi và chức năng đã khai báo theo tài liệu của thiết bị',
      "Compare area and functions in the mill definition with the device's manual",
    ],
  ),
  'address-refused': trouble(
    'engineer',
    ['Thiết bị không có thanh ghi được hỏi', 'The device has no such register'],
    [
      'Xem danh sách tín hiệu không đọc được và sửa địa chỉ thanh ghi',
      'See the list of tags that are not delivered and mend their register addresses',
    ],
  ),
  'value-refused': trouble(
    'engineer',
    ['Thiết bị từ chối giá trị đã ghi', 'The device refused the value that was written'],
    [
      'Kiểm tra giới hạn, hệ số và kiểu dữ liệu của tín hiệu',
      'Check limits, scale and data type of the tag',
    ],
  ),
  'device-failed': trouble(
    'maintenance',
    ['Thiết bị báo hỏng bên trong', 'The device reports a failure of its own'],
    [
      'Xem màn hình của thiết bị, khởi động lại hoặc thay thiết bị',
      'Look at its own display, restart or replace it',
    ],
  ),
  busy: trouble(
    'maintenance',
    ['Thiết bị đang bận', 'The device is busy'],
    [
      'Chờ; nếu kéo dài, giảm số hệ thống cùng hỏi thiết bị này',
      'Wait; if it lasts, let fewer systems ask this device',
    ],
  ),
  'behind-gateway': trouble(
    'maintenance',
    [
      'Cổng nối không liên lạc được với trạm phía sau',
      'The gateway cannot reach the unit behind it',
    ],
    [
      'Kiểm tra nguồn và dây RS-485 của trạm, và số trạm',
      'Check power and RS-485 cable of the unit, and its unit number',
    ],
  ),
  'certificate-untrusted': trouble(
    'engineer',
    ['Chứng thư không được tin cậy', 'A certificate is not trusted'],
    [
      'So sánh chứng thư hai bên; chuyển chứng thư của máy chủ từ rejected sang trusted, và cho máy chủ tin cậy chứng thư của ta',
      "Compare both; move the server's from rejected to trusted and let it trust ours",
    ],
  ),
  'certificate-ended': trouble(
    'engineer',
    ['Chứng thư hết hạn hoặc chưa có hiệu lực', 'A certificate has ended or is not valid yet'],
    [
      'Kiểm tra giờ của cả hai bên, gia hạn chứng thư',
      'Check the clocks of both sides, renew the certificate',
    ],
  ),
  'certificate-wrong': trouble(
    'engineer',
    ['Chứng thư không hợp lệ cho kết nối này', 'A certificate is not valid for this connection'],
    [
      'Tạo lại chứng thư với đúng tên máy và địa chỉ ứng dụng',
      'Make it anew with the right host name and application address',
    ],
  ),
  'no-security': trouble(
    'engineer',
    [
      'Máy chủ không có mức bảo mật được yêu cầu',
      'The server offers no security that is asked for',
    ],
    [
      'Bật Basic256Sha256 hoặc mạnh hơn ở máy chủ, có ký và mã hóa',
      'Switch on Basic256Sha256 or stronger in the server, signed and encrypted',
    ],
  ),
  'identity-refused': trouble(
    'engineer',
    ['Máy chủ không nhận người dùng này', 'The server does not accept the user'],
    [
      'Kiểm tra tên, mật khẩu hoặc chứng thư người dùng, và quyền của người đó',
      "Check user name, password or user certificate, and that user's rights",
    ],
  ),
  'server-halted': trouble(
    'engineer',
    [
      'Máy chủ trả lời nhưng chương trình của nó không chạy',
      'It answers, but its program does not run',
    ],
    [
      'Xem trạng thái của bộ điều khiển đó và chuyển sang chế độ chạy (RUN)',
      'Look at the state of that controller and set it to RUN',
    ],
  ),
  'server-full': trouble(
    'engineer',
    ['Máy chủ đã hết chỗ', 'The server has no room for another connection'],
    [
      'Đóng bớt các chương trình khác hoặc tăng giới hạn phiên của máy chủ',
      "Close other programs or raise the server's limits of sessions and subscriptions",
    ],
  ),
  stopped: trouble(
    'engineer',
    ['Kết nối đã được dừng', 'The connection was stopped'],
    ['Khởi động lại bộ điều khiển', 'Start the controller again'],
  ),
  other: trouble(
    'engineer',
    ['Kết nối bị lỗi', 'The link failed'],
    [
      'Xem thông báo gốc và nhật ký của bộ điều khiển',
      "See the original message and the controller's log",
    ],
  ),
} as const satisfies Readonly<Record<string, LinkTroubleText>>;

export type LinkTrouble = keyof typeof LINK_TROUBLES;
