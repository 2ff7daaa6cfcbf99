import type { ReasonCode } from './reason.ts';
import type { Text } from './text.ts';

function act(vi: string, en: string): Text {
  return { vi, en };
}

const RESET = act(
  'Xem tại chỗ, khắc phục nguyên nhân rồi đặt lại thiết bị',
  'Look at it on the spot, mend the cause, then reset the device',
);
const PATIENCE = act(
  'Chờ, hoặc dừng tuyến đang chạy nếu việc này gấp hơn',
  'Wait, or stop the route that runs if this is more urgent',
);
const FILL = act(
  'Nhập thêm nguyên liệu hoặc chọn bồn khác có cùng nguyên liệu',
  'Take in more material, or choose another bin of the same material',
);
const RESUME = act(
  'Kiểm tra dây chuyền tại chỗ rồi cho chạy tiếp',
  'Look over the line on the spot, then resume it',
);
const SCALE = act(
  'Kiểm tra cân, cảm biến và kết nối của cân',
  'Check the scale, its load cells and its link',
);
const DECIDE = act(
  'Xem kết quả cân rồi quyết định: chấp nhận hoặc cân tiếp',
  'Look at the dose and decide: accept it, or go on dosing',
);

/**
 * What to do about a reason that has no cause behind it: the root of a chain. An alarm's own
 * action goes before these.
 */
export const REASON_ACTIONS: Partial<Readonly<Record<ReasonCode, Text>>> = {
  'device.trip': act(
    'Tìm nguyên nhân quá tải, để động cơ nguội, đặt lại rơ le nhiệt rồi đặt lại thiết bị',
    'Find what overloaded it, let it cool, reset its overload relay, then reset the device',
  ),
  'device.local': act(
    'Chuyển công tắc tại chỗ về từ xa',
    'Turn its switch on the spot back to remote',
  ),
  'device.faulted': RESET,
  'device.no-feedback': act(
    'Kiểm tra công tắc tơ, cầu chì và dây phản hồi, rồi đặt lại',
    'Check contactor, fuses and the feedback wire, then reset',
  ),
  'device.feedback-lost': act(
    'Kiểm tra công tắc tơ và dây phản hồi, rồi đặt lại',
    'Check contactor and feedback wire, then reset',
  ),
  'device.no-speed': act(
    'Kiểm tra dây đai, tắc liệu và cảm biến tốc độ, rồi đặt lại',
    'Check belt, choking and the speed sensor, then reset',
  ),
  'device.welded': act(
    'Cắt nguồn và thay công tắc tơ: tiếp điểm bị dính',
    'Cut its power and change the contactor: it is welded',
  ),
  'device.travel': act(
    'Kiểm tra khí nén, vật cản và công tắc hành trình, rồi đặt lại',
    'Check compressed air, obstacles and limit switches, then reset',
  ),
  'device.starts-per-hour': act('Chờ động cơ nguội', 'Wait until the motor has cooled'),
  'device.out-of-service': act(
    'Hỏi bảo trì; đưa thiết bị vào sử dụng lại khi đã xong việc',
    'Ask maintenance; put it back into service when their work is done',
  ),
  'input.not-good': act(
    'Kiểm tra cảm biến, dây và đầu vào của tín hiệu này',
    'Check the sensor, the wire and the input of this signal',
  ),
  'why.signal': act(
    'Kiểm tra cảm biến, dây và đầu vào của tín hiệu này',
    'Check the sensor, the wire and the input of this signal',
  ),
  'interlock.open': act(
    'Tìm nguyên nhân của điều kiện liên động này và khắc phục',
    'Find what opens this interlock and mend it',
  ),
  'cooler.fire': act(
    'Theo quy trình chữa cháy; khi lớp liệu đã nguội, kỹ sư xác nhận đã dập cháy',
    'Follow the fire procedure; when the bed is cold an engineer says that the fire is out',
  ),
  'magnet.drawer-out': act(
    'Đóng ngăn nam châm rồi chạy lại',
    'Shut the drawer of the magnet, then start again',
  ),
  'cooler.no-fan': act('Cho quạt làm nguội chạy lại', 'Bring the cooler fan back'),
  'estop.pressed': act(
    'Xem ai đã nhấn và vì sao; nhả nút khi an toàn',
    'Find out who pressed it and why; release it when it is safe',
  ),
  'route.device-stopped': RESET,
  'route.destination-full': act(
    'Chọn bồn khác hoặc cho bồn này xả bớt',
    'Choose another bin, or let this one be emptied',
  ),
  'route.busy': PATIENCE,
  'route.reserved': PATIENCE,
  'why.route-runs': PATIENCE,
  'route.wait-over': PATIENCE,
  'route.no-path': act('Chọn nguồn và đích khác', 'Choose another source and destination'),
  'bin.empty': FILL,
  'bin.none-for-material': FILL,
  'refill.no-source': FILL,
  'sacks.wanted': act(
    'Mang bao tới phễu, quét nhãn lô rồi đổ',
    'Bring the sacks to the hopper, scan the label of the lot, then dump them',
  ),
  'sacks.wanted-by-hand': act(
    'Mang bao tới bồn, quét nhãn lô rồi đổ',
    'Bring the sacks to the bin, scan the label of the lot, then tip them',
  ),
  'lot.quarantined': act(
    'Dùng lô khác, hoặc hỏi KCS khi nào lô được dùng lại',
    'Use another lot, or ask quality when this one may be used again',
  ),
  'lot.expired': act(
    'Không dùng lô này; lấy ra và hỏi KCS',
    'Do not use this lot; take it out and ask quality',
  ),
  'lot.drug': act(
    'Chỉ dùng lô này cho cám cùng nhóm thuốc',
    'Use this lot in feed of the same drug class only',
  ),
  'dump.waits-for-sacks': act('Đổ bao, rồi báo số bao đã đổ', 'Dump the sacks, then tell how many'),
  'transfer.stopped': act(
    'Xem vì sao tuyến dừng, rồi chuyển tiếp phần còn lại',
    'Look why the route stopped, then move the rest',
  ),
  'bin.not-empty': act('Xả hết bồn rồi mới vệ sinh', 'Empty the bin, then clean it'),
  'refill.peak': act(
    'Không cần làm gì; bồn vẫn đủ cho lệnh đang chạy',
    'Nothing to do: the bin holds enough for the running order',
  ),
  'refill.route-tripped': act(
    'Khắc phục nguyên nhân ngắt rồi đặt lại tuyến',
    'Mend what tripped the route, then reset it',
  ),
  'bin.high': act('Chọn bồn khác', 'Choose another bin'),
  'carry-over.flush': act(
    'Lập lệnh đẩy sạch với khối lượng này qua cùng tuyến, hoặc vệ sinh bằng tay',
    'Make a flush order of this mass over the same way, or clean it by hand',
  ),
  'carry-over.clean': act(
    'Vệ sinh tuyến bằng tay rồi ghi nhận đã vệ sinh',
    'Clean the way by hand, then record that it was cleaned',
  ),
  'carry-over.unknown': act(
    'Chạy tuyến từ lệnh sản xuất, hoặc vệ sinh tuyến trước',
    'Start the route from its order, or clean the way first',
  ),
  'press.choke': act(
    'Mở cửa máy ép, làm sạch khuôn và con lăn, rồi đặt lại',
    'Open the press, clear die and rolls, then reset',
  ),
  'palletiser.blocked': act('Lấy pallet đầy đi', 'Take the full pallet away'),
  'palletiser.no-pallet': act('Nạp thêm pallet rỗng', 'Put in more empty pallets'),
  'palletiser.starved': act('Xem vì sao máy đóng bao dừng', 'See why the bagger stands'),
  'palletiser.not-emptied': act(
    'Lấy pallet lẻ ra bằng tay rồi bỏ giữ',
    'Take the part pallet out by hand, then take the hold off',
  ),
  'air.low': act('Chạy máy nén dự phòng, tìm chỗ rò', 'Run the spare compressor, find the leak'),
  'air.no-other': act('Sửa máy nén dự phòng trước', 'Mend the spare compressor first'),
  'filter.not-cleaned': act(
    'Kiểm tra khí nén và van giũ bụi',
    'Check compressed air and cleaning valves',
  ),
  'bagger.blocked': act('Dọn đầu ra máy đóng bao', 'Clear the outlet of the bagger'),
  'restart.held': RESUME,
  'operator.hold': RESUME,
  'operator.abort': act('Lập lệnh mới nếu còn cần', 'Make a new order if it is still wanted'),
  'dose.no-flow': act(
    'Gõ bồn, kiểm tra vít tải, hoặc chọn bồn khác',
    'Knock the bin, check its screw, or choose another bin',
  ),
  'dose.bin-empty': act(
    'Xem vì sao bồn chưa được nạp; bồn nạp tay thì đổ liệu vào',
    'See why the bin is not being filled; fill it where that is done by hand',
  ),
  'dose.knocking': act(
    'Không cần làm gì; không xuống thì bồn khác cùng nguyên liệu thay',
    'Nothing to do: if it stays, another bin of the material takes over',
  ),
  'meter.not-good': act(
    'Kiểm tra lưu lượng kế và dây tín hiệu, rồi cho chạy tiếp',
    'Check the meter and its signal, then resume',
  ),
  'dose.under': DECIDE,
  'dose.over': DECIDE,
  'dose.timeout': DECIDE,
  'scale.not-empty': act('Xả hết cân trước', 'Empty the scale first'),
  'scale.overload': SCALE,
  'scale.not-good': SCALE,
  'machine.failed': act(
    'Báo kỹ sư phần mềm, khởi động lại bộ điều khiển',
    'Call the programmer, restart the controller',
  ),
  'plc.safe-state': act(
    'Kiểm tra tủ điều khiển và kết nối của nó',
    'Check the field controller and its link',
  ),
  'why.queued': act('Cho lệnh chạy khi tới lượt', 'Start the order when its turn has come'),
  'why.controller-away': act(
    'Kiểm tra bộ điều khiển và mạng tới máy chủ',
    'Check the controller and its network to the server',
  ),
};
