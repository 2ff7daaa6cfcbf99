/**
 * Goal: the batch record as PDF is a sheet that people read and a record that proves itself: it
 * carries the chain, and one byte altered in it, printed or attached, is found.
 */
import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { attachedRecord } from '../../server/records/chain/pdf-attachment.ts';
import { signerOf } from '../../server/records/chain/record-key.ts';
import { verifyFile } from '../../server/records/chain/verify-file.ts';
import { recordPdf } from '../../server/records/pdf/record-pdf.ts';
import { chained, recordContent, sampleDrafts } from '../support/record-file.ts';

const signer = signerOf(generateKeyPairSync('ed25519').privateKey);
const content = recordContent(chained(sampleDrafts()), signer);
let pdf: Buffer;
beforeAll(async () => {
  pdf = await recordPdf(content, signer);
});

describe('a batch record as PDF', () => {
  test('is intact, and holds the record byte for byte', () => {
    expect(verifyFile(pdf, signer.fingerprint)).toMatchObject({ fault: null });
    expect(verifyFile(pdf).totals?.faults).toEqual([]);
    const attached = JSON.parse(attachedRecord(pdf)?.toString() ?? '') as { entries: unknown[] };
    expect(attached.entries).toHaveLength(content.entries.length);
    expect(pdf.toString('latin1')).toContain('/Names');
  });

  test('altered by one byte fails wherever it is, and in the record the entry is named', () => {
    const from = pdf.indexOf('{"format"');
    const record = attachedRecord(pdf) ?? Buffer.alloc(0);
    const lines = record.toString('latin1').split('\n');
    let lineFrom = from + (lines[0]?.length ?? 0) + 1;
    for (const [at, line] of lines.slice(1, 1 + content.entries.length).entries()) {
      for (const part of [0, 0.25, 0.5, 0.75]) {
        const altered = Buffer.from(pdf);
        const offset = lineFrom + Math.floor(line.length * part);
        altered[offset] = (altered[offset] ?? 0) ^ 4;
        expect(verifyFile(altered).fault?.objects['sequence'], `byte ${offset}`).toBe(at + 1);
      }
      lineFrom += line.length + 1;
    }
    const step = 997;
    for (let offset = 0; offset < pdf.length; offset += step) {
      const altered = Buffer.from(pdf);
      altered[offset] = (altered[offset] ?? 0) ^ 1;
      expect(verifyFile(altered).fault, `byte ${offset}`).not.toBeNull();
    }
  });

  test('with a byte of its pages altered is told from one whose record was', () => {
    const altered = Buffer.from(pdf);
    const offset = pdf.indexOf('/MediaBox');
    altered[offset + 1] = 'm'.charCodeAt(0);
    expect(verifyFile(altered).fault?.code).toBe('file.pages');
    const without = Buffer.from(pdf.toString('latin1').replace('{"format"', '{"Format"'), 'latin1');
    expect(verifyFile(without).fault?.code).toBe('file.attachment');
  });
});
