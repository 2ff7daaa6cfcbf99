import type { MaterialDefinition } from '../../definition.ts';
import { text } from '../../tag-shorthand.ts';

/** Raw materials: all of recipes/materials.json and what the reference mill stores besides. */
const NAMES: Readonly<Record<string, readonly [vi: string, en: string]>> = {
  MAIZE: ['Ngô', 'Maize'],
  SBM: ['Khô đậu nành', 'Soybean meal'],
  'CORN-GLUTEN': ['Gluten ngô', 'Corn gluten'],
  'WHEAT-BRAN': ['Cám mì', 'Wheat bran'],
  DCP: ['DCP', 'DCP'],
  LIMESTONE: ['Bột đá', 'Limestone'],
  'FISH-MEAL': ['Bột cá', 'Fish meal'],
  'RICE-BRAN': ['Cám gạo', 'Rice bran'],
  LYSINE: ['Lysine', 'L-lysine'],
  METHIONINE: ['Methionine', 'DL-methionine'],
  PREMIX: ['Premix', 'Premix'],
  SALT: ['Muối', 'Salt'],
  'SOY-OIL': ['Dầu đậu nành', 'Soybean oil'],
  'ANIMAL-FAT': ['Mỡ động vật', 'Animal fat'],
  'L-METHIONINE': ['L-methionine', 'L-methionine'],
  BICARBONATE: ['Natri bicacbonat', 'Sodium bicarbonate'],
  THREONINE: ['Threonine', 'L-threonine'],
  'VITAMIN-PREMIX': ['Premix vitamin', 'Vitamin premix'],
  'MINERAL-PREMIX': ['Premix khoáng', 'Mineral premix'],
  CHOLINE: ['Choline clorua', 'Choline chloride'],
  'COPPER-CHLORIDE': ['Đồng clorua', 'Copper chloride'],
  COCCIDIOSTAT: ['Thuốc cầu trùng', 'Coccidiostat'],
  'SELENIUM-PREMIX': ['Premix selen', 'Selenium premix'],
  PHYTASE: ['Phytase', 'Phytase'],
  'EXTRUDED-SOY': ['Đậu nành ép đùn', 'Extruded soybean'],
  WHEY: ['Bột whey', 'Whey powder'],
  'BROKEN-RICE': ['Tấm gạo', 'Broken rice'],
  DDGS: ['Bã ngô DDGS', 'DDGS'],
  'WHEAT-FLOUR': ['Bột mì', 'Wheat flour'],
  'POULTRY-MEAL': ['Bột phụ phẩm gia cầm', 'Poultry meal'],
  'SQUID-MEAL': ['Bột mực', 'Squid meal'],
  'WHEAT-GLUTEN': ['Gluten mì', 'Wheat gluten'],
  'FISH-OIL': ['Dầu cá', 'Fish oil'],
  LECITHIN: ['Lecithin', 'Lecithin'],
  MCP: ['MCP', 'MCP'],
  BINDER: ['Chất kết dính', 'Binder'],
  'VITAMIN-C': ['Vitamin C', 'Vitamin C'],
  CHOLESTEROL: ['Cholesterol', 'Cholesterol'],
  ANTIOXIDANT: ['Chất chống oxy hóa', 'Antioxidant'],
  WHEAT: ['Lúa mì', 'Wheat'],
  CASSAVA: ['Sắn lát', 'Cassava'],
  TRYPTOPHAN: ['Tryptophan', 'L-tryptophan'],
  'TOXIN-BINDER': ['Chất hấp phụ độc tố', 'Toxin binder'],
  XYLANASE: ['Enzyme xylanase', 'Xylanase'],
  PIGMENT: ['Chất tạo màu', 'Pigment'],
  FLAVOUR: ['Hương liệu', 'Flavour'],
  PROBIOTIC: ['Men vi sinh', 'Probiotic'],
  ACIDIFIER: ['Chất axit hóa', 'Acidifier'],
};

/**
 * Highest moisture %, lowest protein % and highest aflatoxin B1 in micrograms per kg of a truck
 * (usual terms of purchase in Viet Nam; the mill's own terms go here).
 */
const LIMITS: Readonly<Record<string, readonly [number, number, number]>> = {
  MAIZE: [14.5, 7, 50],
  WHEAT: [13.5, 10, 20],
  CASSAVA: [14, 1.5, 20],
  SBM: [12.5, 45, 30],
  'WHEAT-BRAN': [13, 14, 30],
  'RICE-BRAN': [13, 11, 50],
  DDGS: [12, 25, 50],
  'WHEAT-FLOUR': [14, 10, 10],
  'FISH-MEAL': [10, 58, 20],
  'BROKEN-RICE': [14, 6.5, 30],
  'EXTRUDED-SOY': [10, 35, 30],
  'POULTRY-MEAL': [8, 58, 20],
};

function limitsOf(code: string): Pick<MaterialDefinition, 'limits'> {
  const found = LIMITS[code];
  if (found === undefined) return {};
  const [moisturePctMax, proteinPctMin, mycotoxinPpbMax] = found;
  return { limits: { moisturePctMax, proteinPctMin, mycotoxinPpbMax } };
}

/** Drugs, and the mass of a sack where it is not the usual one, kg. */
const DRUGS: ReadonlySet<string> = new Set(['COCCIDIOSTAT']);
const SACK_KG: Readonly<Record<string, number>> = {
  LIMESTONE: 50,
  DCP: 50,
  SALT: 50,
  'CORN-GLUTEN': 50,
  'WHEAT-GLUTEN': 50,
  'SELENIUM-PREMIX': 20,
  PHYTASE: 20,
  COCCIDIOSTAT: 20,
};

export const materials: readonly MaterialDefinition[] = Object.entries(NAMES).map(
  ([code, [vi, en]]) => ({
    code,
    text: text(vi, en),
    ...limitsOf(code),
    ...(DRUGS.has(code) ? { drug: true } : {}),
    ...(SACK_KG[code] === undefined ? {} : { sackKg: SACK_KG[code] }),
  }),
);
