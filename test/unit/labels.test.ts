// Goal: the label of a bag or pallet says what the law of Viet Nam asks (Law 32/2018/QH14 art. 46,
// Circular 21/2019 appendix II, Circular 31/2022), both languages, with a QR code of the lot; and
// what the mill has not said is refused with who must say it, never made up.
import { describe, expect, it } from 'vitest';
import { readLabel } from '../../plc/logic/lot-label.ts';
import { reasonText } from '../../plc/model/reason.ts';
import { formulaSchema } from '../../recipes/schema.ts';
import { recipeDocumentSchema } from '../../server/contract/recipes.ts';
import { labelPdf, labelSvg, symbolPng } from '../../server/labels/draw-label.ts';
import type { LabelledLot } from '../../server/labels/label-content.ts';
import { labelContent } from '../../server/labels/label-content.ts';
import { labelLines } from '../../server/labels/label-lines.ts';

const LABEL = {
  standardNo: 'TCCS 01:2026/TEST',
  shelfLifeDays: 90,
  storage: { vi: 'Nơi khô ráo', en: 'In a dry place' },
  use: { vi: 'Cho heo 30-60 kg ăn tự do', en: 'Fed freely to pigs of 30-60 kg' },
  registrant: { name: 'Nhà máy thử', address: 'Đồng Nai', phone: '0251 000 000' },
  quality: [
    { name: { vi: 'Độ ẩm', en: 'Moisture' }, high: 14, unit: '%' },
    { name: { vi: 'Protein thô', en: 'Crude protein' }, low: 16.5, unit: '%' },
    { name: { vi: 'Ca', en: 'Ca' }, low: 0.6, high: 1.2, unit: '%' },
  ],
};

const DOCUMENT = {
  text: { vi: 'Cám heo thịt', en: 'Grower pig' },
  animal: 'pig' as const,
  nature: { drugClass: 'none' as const, species: 'pig' as const, withdrawal: false },
  procedure: 'mash',
  conditionerC: null,
  items: [
    { material: 'SBM', pct: 40 },
    { material: 'MAIZE', pct: 60 },
  ],
};

const LOT: LabelledLot = {
  lot: 'TP-2611-0001',
  orderId: '2611-0001',
  formula: 'PIG-GROWER',
  version: 3,
  product: DOCUMENT.text,
  kind: 'feed',
  bagKg: 25,
  drugClass: 'none',
  // 29 November in Viet Nam, still the 28th in UTC.
  madeMs: Date.UTC(2026, 10, 28, 18, 30),
};

const MILL = {
  timeZone: 'Asia/Ho_Chi_Minh',
  materialText: (code: string) =>
    code === 'MAIZE' ? { vi: 'Ngô', en: 'Maize' } : { vi: 'Khô đậu nành', en: 'Soybean meal' },
};
const PALLET = { palletId: 'PL1/12', bags: 40, netKg: 1_000.84 };

function made(label: object = LABEL, pallet: typeof PALLET | null = null, lot = LOT) {
  const document = recipeDocumentSchema.parse({ ...DOCUMENT, label });
  const result = labelContent(lot, pallet, document, MILL);
  if (!result.ok) throw new Error(JSON.stringify(result.reasons));
  return result.content;
}

function refusalOf(document: object, lot: LabelledLot = LOT): string[] {
  const result = labelContent(lot, null, recipeDocumentSchema.parse(document), MILL);
  return result.ok ? [] : result.reasons.map(({ code }) => code);
}

describe('Label fields of Law 32/2018/QH14 and Circular 21/2019', () => {
  it('are all there, in both languages, in the order of the appendix', () => {
    const lines = labelLines(made());
    expect(lines.map(({ name }) => name.en)).toEqual([
      'Net weight',
      'Lot',
      'Made',
      'Use until',
      'Declared standard',
      'Moisture',
      'Crude protein',
      'Ca',
      'Materials',
      'Use',
      'Storage',
      'Registered by',
    ]);
    const saysOf = (name: string) => lines.find((one) => one.name.en === name)?.value;
    expect(saysOf('Net weight')).toEqual({ vi: '25 kg', en: '25 kg' });
    expect(saysOf('Made')).toEqual({ vi: '29/11/2026', en: '2026-11-29' });
    expect(saysOf('Use until')).toEqual({ vi: '27/02/2027', en: '2027-02-27' });
    expect(saysOf('Crude protein')).toEqual({ vi: '≥ 16,5 %', en: '≥ 16.5 %' });
    expect(saysOf('Moisture')).toEqual({ vi: '≤ 14 %', en: '≤ 14 %' });
    expect(saysOf('Ca')).toEqual({ vi: '0,6–1,2 %', en: '0.6–1.2 %' });
    expect(saysOf('Materials')).toEqual({ vi: 'Ngô, Khô đậu nành', en: 'Maize, Soybean meal' });
  });

  it('a pallet says its number, its bags and its mass besides', () => {
    const lines = labelLines(made(LABEL, PALLET));
    const saysOf = (name: string) => lines.find((one) => one.name.en === name)?.value.en;
    expect([saysOf('Pallet'), saysOf('Bags'), saysOf('Net weight')]).toEqual([
      'PL1/12',
      '40',
      '1,000.84 kg',
    ]);
  });
});

describe('what the mill has not said is refused, never made up', () => {
  it('a recipe without label data has no label, and the text says that quality writes it', () => {
    const result = labelContent(LOT, null, recipeDocumentSchema.parse(DOCUMENT), MILL);
    expect(result).toMatchObject({
      ok: false,
      reasons: [{ code: 'label.no-data', objects: { formula: 'PIG-GROWER', version: 3 } }],
    });
    const [first] = result.ok ? [] : result.reasons;
    if (first === undefined) throw new Error('no reason');
    expect(reasonText(first, 'en')).toMatch(/quality must write/);
    expect(reasonText(first, 'vi')).toMatch(/QA phải điền/);
  });

  it('a feed with an antibiotic needs its antibiotics on the label', () => {
    const drug = { ...LOT, drugClass: 'antibiotic' as const };
    expect(refusalOf({ ...DOCUMENT, label: LABEL }, drug)).toEqual(['label.no-antibiotics']);
    const antibiotics = { vi: 'Colistin 100 mg/kg', en: 'Colistin 100 mg/kg' };
    expect(refusalOf({ ...DOCUMENT, label: { ...LABEL, antibiotics } }, drug)).toEqual([]);
  });

  it('no flush material, no lot without a batch, no limit without a figure', () => {
    const document = { ...DOCUMENT, label: LABEL };
    expect(refusalOf(document, { ...LOT, kind: 'flush' })).toEqual(['label.not-feed']);
    expect(refusalOf(document, { ...LOT, madeMs: null })).toEqual(['label.not-made']);
    const quality = [{ name: { vi: 'Xơ', en: 'Fibre' }, unit: '%' }];
    expect(refusalOf({ ...DOCUMENT, label: { ...LABEL, quality } })).toEqual(['label.no-range']);
  });

  it('label data is part of the recipe in files and versions; unknown keys are refused', () => {
    const file = { code: 'PIG-GROWER', version: 3, ...DOCUMENT, label: LABEL };
    expect(formulaSchema.parse(file).label).toEqual(LABEL);
    expect(recipeDocumentSchema.parse({ ...DOCUMENT, label: LABEL }).label).toEqual(LABEL);
    const odd = { ...LABEL, colour: 'red' };
    expect(formulaSchema.safeParse({ ...file, label: odd }).success).toBe(false);
    expect(recipeDocumentSchema.safeParse({ ...DOCUMENT, label: odd }).success).toBe(false);
  });
});

describe('label with lot QR code', () => {
  it('the scanner of the mill reads lot and date of expiry from it', () => {
    expect(made().code.gs1).toBe(false);
    expect(readLabel(made().code.text)).toEqual({
      lot: 'TP-2611-0001',
      material: 'PIG-GROWER',
      expiryTimeMs: Date.UTC(2027, 1, 28) - 1,
    });
    expect(made(LABEL, PALLET).code.text).toContain('(21)PL1/12');
  });

  it('is a GS1 symbol where the article has a number of GS1', async () => {
    const content = made({ ...LABEL, gtin: '04006381333931' }, PALLET);
    expect(content.code).toMatchObject({ gs1: true });
    expect(content.code.text).toMatch(/^\(01\)04006381333931\(17\)270227\(11\)261129\(10\)TP/);
    expect((await symbolPng(content)).subarray(1, 4).toString()).toBe('PNG');
  });

  it('is drawn as SVG with both languages, as PNG and as PDF', async () => {
    const content = made({ ...LABEL, cautions: { vi: 'Không cho "ruminant"', en: '<not> & so' } });
    const svg = labelSvg(content);
    expect(svg.match(/<svg /g)).toHaveLength(2);
    expect(svg).toMatch(/<path /);
    expect(svg).toContain('Cám heo thịt');
    expect(svg).toContain('Grower pig');
    expect(svg).not.toContain('<not>');
    const pdf = await labelPdf(content);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  });
});
