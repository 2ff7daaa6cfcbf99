import bwipjs from 'bwip-js/node';
import type { TDocumentDefinitions } from 'pdfmake/interfaces.d.ts';
import { pdfOf } from '../records/pdf/record-pdf.ts';
import type { LabelContent } from './label-content.ts';
import { labelLines } from './label-lines.ts';

/** A label of 100 x 150 mm, the size of the label printers at a bagging line; 1 pt = 1/72 inch. */
const WIDTH_PT = 283;
const HEIGHT_PT = 425;
const QR_PT = 78;
/** Letters of the lines, pt, and about how many of them go into one line. */
const SMALL_PT = 5.6;
const LETTERS = 84;

/** The symbol itself: a GS1 QR code where the article has a number, else a plain QR code. */
function symbolOf({ code }: LabelContent) {
  return { bcid: code.gs1 ? 'gs1qrcode' : 'qrcode', text: code.text };
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
}

/** Words in lines of at most so many letters. */
export function wrapped(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last === undefined || longer.length > letters) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** Each line of the label in both languages; what is the same in both stands there once. */
function textLines(content: LabelContent): string[] {
  return labelLines(content).flatMap(({ name, value }) => {
    const vi = `${name.vi}: ${value.vi}`;
    const en = `${name.en}: ${value.en}`;
    const both = value.vi === value.en ? `${name.vi} / ${name.en}: ${value.vi}` : `${vi} / ${en}`;
    return both.length <= LETTERS ? [both] : [...wrapped(vi, LETTERS), ...wrapped(en, LETTERS)];
  });
}

/** The whole label as a drawing that any printer takes at its own resolution. */
export function labelSvg(content: LabelContent): string {
  const qr = bwipjs
    .toSVG(symbolOf(content))
    .replace(
      '<svg ',
      `<svg x="${WIDTH_PT - QR_PT - 12}" y="12" width="${QR_PT}" height="${QR_PT}" `,
    );
  const head = [
    ...wrapped(content.product.vi, 26).map((one) => ({ one, size: 12, weight: 700 })),
    ...wrapped(content.product.en, 34).map((one) => ({ one, size: 9, weight: 400 })),
  ];
  const rows: string[] = [];
  let y = 12;
  for (const { one, size, weight } of head) {
    y += size + 2;
    rows.push(
      `<text x="12" y="${y}" font-size="${size}" font-weight="${weight}">${escaped(one)}</text>`,
    );
  }
  y = Math.max(y + 8, QR_PT + 20);
  for (const one of textLines(content)) {
    y += SMALL_PT + 2.2;
    rows.push(`<text x="12" y="${y.toFixed(1)}" font-size="${SMALL_PT}">${escaped(one)}</text>`);
  }
  const height = Math.max(HEIGHT_PT, Math.ceil(y + 14));
  const size = `width="${WIDTH_PT}pt" height="${height}pt" viewBox="0 0 ${WIDTH_PT} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="Roboto, Arial, sans-serif">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    qr,
    ...rows,
    '</svg>',
  ].join('');
}

/** The symbol alone as a picture, for printers that set the text themselves. */
export function symbolPng(content: LabelContent): Promise<Buffer> {
  return bwipjs.toBuffer({ ...symbolOf(content), scale: 6, padding: 4 });
}

/** The label as a page of its own size. */
export function labelPdf(content: LabelContent): Promise<Buffer> {
  const { product } = content;
  const pageSize: TDocumentDefinitions['pageSize'] = { width: WIDTH_PT, height: HEIGHT_PT };
  return pdfOf({
    pageSize,
    pageOrientation: 'portrait',
    pageMargins: [12, 12, 12, 12],
    info: { title: `${content.pallet?.palletId ?? content.lot}` },
    content: [
      {
        columns: [
          [
            { text: product.vi, bold: true, fontSize: 12 },
            { text: product.en, fontSize: 9, margin: [0, 2, 0, 0] },
          ],
          { svg: bwipjs.toSVG(symbolOf(content)), width: QR_PT, height: QR_PT },
        ],
      },
      { text: textLines(content).join('\n'), fontSize: SMALL_PT, margin: [0, 8, 0, 0] },
    ],
  });
}
