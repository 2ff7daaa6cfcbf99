import type { BinSettings } from '../definition.ts';
import { analog, byLines, flag, measured, text } from '../tag-shorthand.ts';
import type { DeviceType } from '../tag-template.ts';

/**
 * Level alarms would repeat what refill and routes act upon; a full or empty bin is a reason, no
 * alarm. The stock keeper publishes what its book says lies in the bin, and which lot is next.
 */
export const bin: DeviceType<BinSettings> = {
  text: text('Bồn', 'Bin'),
  tags: [
    byLines(measured(1_000, analog('LevelPct', 'input', text('Mức', 'Level'), '%', [0, 110]))),
    flag('High', 'input', text('Mức cao', 'High level')),
    flag('Low', 'input', text('Mức thấp', 'Low level')),
    analog('BookKg', 'derived', text('Tồn sổ sách', 'Book stock'), 'kg', [
      0,
      (s) => s.capacityKg * 1.1,
    ]),
    {
      role: 'Lot',
      direction: 'derived',
      dataType: 'string',
      text: text('Lô đang ra', 'Lot that comes out next'),
      unit: '',
      low: 0,
      high: 1,
    },
  ],
  alarms: [
    {
      name: 'BookDiffers',
      priority: 'low',
      timeToRespondS: 3_600,
      text: text('Tồn sổ sách lệch mức đo', 'Book stock and level differ'),
      cause: text(
        'Cân, cảm biến mức sai, hoặc liệu ra vào không được ghi',
        'A scale or level sensor is wrong, or product came or went unrecorded',
      ),
      consequence: text('Tồn kho và truy xuất lô sai', 'Stock and lot tracing are wrong'),
      action: text('Kiểm tra bồn, rồi chỉnh lại sổ', 'Look into the bin, then correct the book'),
    },
  ],
};
