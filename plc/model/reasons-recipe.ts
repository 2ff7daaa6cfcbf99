import type { Text } from './text.ts';

/** Master recipes: their versions and who may do what with them. */
export const RECIPE_REASONS = {
  'recipe.unknown': {
    vi: 'Không có phiên bản {version} của {formula}',
    en: 'There is no version {version} of {formula}',
  },
  'recipe.exists': {
    vi: 'Công thức {formula} đã có, hãy lập phiên bản mới',
    en: 'Formula {formula} exists already: make a new version of it',
  },
  'recipe.not-in-state': {
    vi: 'Phiên bản {version} của {formula} đang là {state}',
    en: 'Version {version} of {formula} is {state}',
  },
  'recipe.own-approval': {
    vi: '{user} đã soạn bản này: phải do người khác duyệt',
    en: '{user} wrote this version: another person must approve it',
  },
  'recipe.changed': {
    vi: 'Bản nháp vừa được {user} sửa, hãy xem lại trước khi lưu',
    en: '{user} has just changed this draft, look at it again before you save',
  },
  'recipe.sum': {
    vi: 'Tổng các thành phần là {sum} %, phải là 100 ± 0,05 %',
    en: 'The shares add up to {sum} %, not 100 ± 0.05 %',
  },
  'recipe.material-unknown': {
    vi: 'Không có nguyên liệu {material}',
    en: 'There is no material {material}',
  },
  'recipe.material-twice': {
    vi: '{material} có hai lần trong công thức',
    en: '{material} is listed twice',
  },
  'recipe.procedure-unknown': {
    vi: 'Không có quy trình {procedure}',
    en: 'There is no procedure {procedure}',
  },
  'recipe.conditioner': {
    vi: 'Quy trình {procedure} và nhiệt độ trộn hơi không khớp nhau',
    en: 'Procedure {procedure} and the conditioner temperature do not agree',
  },
  'label.no-data': {
    vi: 'Công thức {formula} bản {version} chưa có nội dung nhãn: bộ phận QA phải điền',
    en: 'Recipe {formula} version {version} has no label data: quality must write it',
  },
  'label.no-antibiotics': {
    vi: 'Nhãn của {formula} thiếu thông tin kháng sinh: bộ phận QA phải điền',
    en: 'The label of {formula} lacks its antibiotics: quality must write them',
  },
  'label.no-range': {
    vi: 'Chỉ tiêu "{name}" trên nhãn của {formula} không có giới hạn nào',
    en: 'The content "{name}" on the label of {formula} has no limit',
  },
  'label.not-made': {
    vi: 'Lệnh {orderId} chưa có mẻ nào: chưa có ngày sản xuất để ghi nhãn',
    en: 'Order {orderId} has no batch yet: there is no date of production for its label',
  },
  'label.not-feed': {
    vi: 'Lô {lot} là liệu đẩy sạch, không phải thức ăn để bán',
    en: 'Lot {lot} is flush material and no feed for sale',
  },
} as const satisfies Readonly<Record<string, Text>>;
