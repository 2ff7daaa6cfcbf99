import type { Text } from './text.ts';

/** Planning of orders: what is missing, and what must happen between two products. */
export const PLAN_REASONS = {
  'plan.no-line': {
    vi: 'Không dây chuyền nào làm được {formula}',
    en: 'No line can make {formula}',
  },
  'plan.no-press': {
    vi: 'Dây chuyền {line} không có máy ép nào cho lệnh này',
    en: 'Line {line} has no press for this order',
  },
  'plan.press-unreachable': {
    vi: 'Bột của {line} không tới được máy ép {press}',
    en: 'Mash of {line} does not reach press {press}',
  },
  'plan.no-finished-bin': {
    vi: 'Không có bồn thành phẩm nào trống cho {kg} kg',
    en: 'No finished bin is free for {kg} kg',
  },
  'plan.bin-unreachable': {
    vi: 'Sản phẩm từ {from} không tới được bồn {bin}',
    en: 'Product from {from} does not reach bin {bin}',
  },
  'plan.no-room': {
    vi: '{bin} chỉ còn chỗ cho {roomKg} kg, lệnh cần {kg} kg',
    en: '{bin} has room for {roomKg} kg, the order needs {kg} kg',
  },
  'plan.bin-unknown': {
    vi: 'Không rõ trong {bin} còn bao nhiêu: tín hiệu không tốt',
    en: 'What {bin} holds is not known: its signal is not good',
  },
  'plan.bagger-unreachable': {
    vi: 'Bồn {bin} không dẫn tới máy đóng bao {bagger}',
    en: 'Bin {bin} does not lead to bagger {bagger}',
  },
  'plan.stock-missing': {
    vi: 'Thiếu {missingKg} kg {material} (cần {kg} kg)',
    en: '{missingKg} kg of {material} are missing ({kg} kg needed)',
  },
  'plan.substitute': {
    vi: '{substitute} được phép thay cho {material}',
    en: '{substitute} may take the place of {material}',
  },
  'plan.substitute-not-listed': {
    vi: 'Công thức không cho phép thay {material} bằng {substitute}',
    en: 'The formula does not allow {substitute} in place of {material}',
  },
  'plan.tolerance': {
    vi: 'Cân {scale} (vạch {divisionKg} kg) không cân nổi {material} trong dung sai {toleranceKg} kg',
    en: 'Scale {scale} (division {divisionKg} kg) cannot weigh {material} within {toleranceKg} kg',
  },
  'plan.late': {
    vi: 'Xong trễ {lateMin} phút so với hạn',
    en: 'Done {lateMin} minutes after it is due',
  },
  'plan.carry-over-forbidden': {
    vi: '{next} không được làm ngay sau {before} ({drugClass}) trên {unit}: cần đẩy sạch ít nhất {flushKg} kg trước',
    en: '{next} must not follow {before} ({drugClass}) on {unit}: flush {flushKg} kg first',
  },
  'plan.carry-over-clean': {
    vi: '{unit} phải được vệ sinh sau {before} ({drugClass}) trước khi làm {next}',
    en: '{unit} must be cleaned after {before} ({drugClass}) before {next} is made',
  },
  'plan.carry-over-flush': {
    vi: 'Phải đẩy sạch {flushKg} kg trên {unit} sau {before} ({drugClass})',
    en: '{unit} must be flushed with {flushKg} kg after {before} ({drugClass})',
  },
  'plan.flush-short': {
    vi: 'Mẻ đẩy {kg} kg ít hơn {flushKg} kg mà ma trận yêu cầu',
    en: 'A flush of {kg} kg is less than the {flushKg} kg that the matrix asks for',
  },
  'plan.no-flush-material': {
    vi: '{line} không có nguyên liệu không thuốc nào để đẩy sạch',
    en: '{line} has no material without drug to flush with',
  },
  'plan.unknown': { vi: 'Không có lệnh kế hoạch {plan}', en: 'There is no planned order {plan}' },
  'plan.not-in-state': {
    vi: 'Lệnh kế hoạch {plan} đang là {state}',
    en: 'Planned order {plan} is {state}',
  },
  'plan.changed': {
    vi: 'Hàng đợi vừa được người khác sửa, hãy xem lại',
    en: 'Someone else has just changed the queue, look again',
  },
} as const satisfies Readonly<Record<string, Text>>;
