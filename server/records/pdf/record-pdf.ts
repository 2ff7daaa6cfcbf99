import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import bwipjs from 'bwip-js/node';
import pdfmake from 'pdfmake';
import type { TDocumentDefinitions } from 'pdfmake/interfaces.d.ts';
import { sealPdf } from '../chain/pdf-attachment.ts';
import type { RecordContent } from '../chain/record-file.ts';
import { recordFile } from '../chain/record-file.ts';
import type { RecordSigner } from '../chain/record-key.ts';
import { RecordSheet } from './record-sheet.ts';
import { both, INK } from './sheet-parts.ts';

/** Roboto holds all letters of Vietnamese; it comes with pdfmake. */
const FONTS = join(dirname(fileURLToPath(import.meta.resolve('pdfmake'))), '..', 'fonts', 'Roboto');

pdfmake.setFonts({
  Roboto: {
    normal: join(FONTS, 'Roboto-Regular.ttf'),
    bold: join(FONTS, 'Roboto-Medium.ttf'),
    italics: join(FONTS, 'Roboto-Italic.ttf'),
    bolditalics: join(FONTS, 'Roboto-MediumItalic.ttf'),
  },
});
// Nothing that a record says may make the server fetch or read anything.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => dirname(path) === FONTS);

/** A document of the house's look as bytes of PDF, not compressed. */
export async function pdfOf(document: TDocumentDefinitions): Promise<Buffer> {
  const made = pdfmake.createPdf({
    pageSize: 'A4',
    pageOrientation: 'landscape',
    pageMargins: [36, 48, 36, 48],
    defaultStyle: { font: 'Roboto', fontSize: 8 },
    styles: {
      title: { fontSize: 10, bold: true, margin: [0, 8, 0, 3] },
      head: { bold: true, fontSize: 7, color: INK.mark },
    },
    compress: false,
    ...document,
  });
  return Buffer.from(await made.getBuffer());
}

/**
 * The batch record as a sheet to read, in both languages, that carries the record itself: attached
 * byte for byte, and sealed as a whole (docs/adr/0018).
 */
export async function recordPdf(content: RecordContent, signer: RecordSigner): Promise<Buffer> {
  const { head, entries, anchor } = content;
  const json = Buffer.from(recordFile(content, signer));
  const last = entries.at(-1)?.hash ?? '';
  const qr = bwipjs.toSVG({ bcid: 'qrcode', text: `${head.stream} ${last} ${anchor.key}` });
  const order = head.stream.replace(/^order:/, '');
  const pdf = await pdfOf({
    info: {
      title: `${order} ${last}`,
      author: head.millText.en,
      creationDate: new Date(head.exportedMs),
    },
    files: {
      record: {
        src: `data:application/json;base64,${json.toString('base64')}`,
        name: `record-${order}.json`,
        description: 'npm run verify-record',
      },
    },
    header: {
      columns: [
        { text: both(head.millText.vi, head.millText.en), bold: true },
        { text: `${both('HỒ SƠ MẺ', 'BATCH RECORD')} ${order}`, alignment: 'right', bold: true },
      ],
      margin: [36, 24, 36, 0],
    },
    footer: (page, pages) => ({
      columns: [
        {
          text: `SHA-256 ${last}\n${both('khóa', 'key')} ${anchor.key} · ${entries.length} ${both('mục', 'entries')}`,
          fontSize: 6,
        },
        { text: `${page} / ${pages}`, alignment: 'right', width: 60 },
      ],
      margin: [36, 12, 36, 0],
    }),
    content: new RecordSheet(content).body(qr),
  });
  return sealPdf(pdf, signer);
}
