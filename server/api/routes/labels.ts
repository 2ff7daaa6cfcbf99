import { z } from 'zod';
import { labelPdf, labelSvg, symbolPng } from '../../labels/draw-label.ts';
import type { LabelContent, LabelResult } from '../../labels/label-content.ts';
import type { LabelDesk } from '../../labels/label-desk.ts';
import { ProblemError } from '../problem.ts';
import type { Route, TextResponse } from '../route.ts';
import { route } from '../route.ts';

const FORMATS = {
  svg: { contentType: 'image/svg+xml', draw: labelSvg },
  png: { contentType: 'image/png', draw: symbolPng },
  pdf: { contentType: 'application/pdf', draw: labelPdf },
} as const;
type Format = keyof typeof FORMATS;

/** What is on the label, or the problem that says who must fill in what. */
function contentOf(result: LabelResult | null, name: string): LabelContent {
  if (result === null) throw new ProblemError('not-found', { detail: name });
  if (!result.ok) throw new ProblemError('refused', { reasons: result.reasons });
  return result.content;
}

const safe = (name: string) => name.replace(/[^\w.-]/g, '-');

/** Labels as a drawing, a page, and the symbol alone (`png`). */
export function labelRoutes(desk: LabelDesk): Route[] {
  const one = (format: Format, of: 'lot' | 'pallet'): Route => {
    const { contentType, draw } = FORMATS[format];
    const response: TextResponse = { contentType, description: 'Law 32/2018/QH14, art. 46' };
    return route({
      method: 'get',
      path: of === 'lot' ? `/api/labels/:id/bag.${format}` : `/api/labels/:id/pallet.${format}`,
      door: 'labels.read',
      tag: 'orders',
      summary:
        of === 'lot'
          ? { vi: `Nhãn bao của lô (${format})`, en: `Label of a lot's bags (${format})` }
          : { vi: `Nhãn pallet (${format})`, en: `Label of a pallet (${format})` },
      heavy: true,
      params: z.strictObject({ id: z.string().min(1).max(200) }),
      response,
      handle: async ({ params: { id }, saveAs }) => {
        const content = contentOf(await (of === 'lot' ? desk.ofLot(id) : desk.ofPallet(id)), id);
        if (format !== 'svg') saveAs(`label-${safe(id)}.${format}`);
        return draw(content);
      },
    });
  };
  const formats = Object.keys(FORMATS) as Format[];
  return formats.flatMap((format) => [one(format, 'lot'), one(format, 'pallet')]);
}
