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
} as const satisfies Readonly<Record<string, Text>>;
