/**
 * Goal: a batch record is as it was signed or it says where it is not: one byte altered anywhere in
 * the file, JSON or PDF, makes the verifier fail and name the first altered entry.
 */
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordFaultText } from '../../server/contract/record-faults.ts';
import { canonical } from '../../server/records/chain/canonical.ts';
import type { ChainEntry } from '../../server/records/chain/entry.ts';
import { hashOf, NO_HASH } from '../../server/records/chain/entry.ts';
import { recordFile } from '../../server/records/chain/record-file.ts';
import { signerOf } from '../../server/records/chain/record-key.ts';
import { totalsOf } from '../../server/records/chain/totals.ts';
import { verifyFile } from '../../server/records/chain/verify-file.ts';
import { chained, recordContent } from '../support/record-file.ts';
import { batchRecord, doseRecord } from '../support/records.ts';

const signer = signerOf(generateKeyPairSync('ed25519').privateKey);
const contents = [
  {
    kind: 'batch',
    subject: 'batch:1',
    content: { ...batchRecord(1, { actualKg: 300 }), targetKg: 300 },
  },
  { kind: 'dose', subject: 'dose:1', content: { ...doseRecord('WS501/1') } },
  {
    kind: 'bags',
    subject: 'bags:1',
    content: { bags: 12, netKg: 300.1, bagger: 'Máy đóng bao "1"' },
  },
];
const file = (drafts = contents) =>
  Buffer.from(recordFile(recordContent(chained(drafts), signer), signer));

/** Line of the file that a byte lies in: 0 is the head, then the entries. */
const lineOf = (bytes: Buffer, offset: number) =>
  bytes.subarray(0, offset).filter((byte) => byte === 10).length;

describe('canonical JSON (RFC 8785)', () => {
  test('sorts members, drops blanks and writes numbers one way', () => {
    expect(canonical({ b: 1.0, a: ['x', null, true], á: -0, a1: 1e21, z: undefined })).toBe(
      '{"a":["x",null,true],"a1":1e+21,"b":1,"á":0}',
    );
    expect(() => canonical({ a: Number.NaN })).toThrow(TypeError);
  });

  test('is the same for equal contents, whatever the order of their members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonical(value);
        expect(canonical(JSON.parse(text))).toBe(text);
        const turned = JSON.parse(JSON.stringify(value), (_, member: unknown) =>
          typeof member === 'object' && member !== null && !Array.isArray(member)
            ? Object.fromEntries(Object.entries(member).reverse())
            : member,
        );
        expect(canonical(turned)).toBe(text);
      }),
    );
  });
});

describe('the verifier', () => {
  test('finds a record intact that nobody altered, and is plain JSON to everyone else', () => {
    const bytes = file();
    expect(verifyFile(bytes)).toMatchObject({ fault: null, key: signer.fingerprint });
    expect(verifyFile(bytes).totals?.faults).toEqual([]);
    const parsed = JSON.parse(bytes.toString()) as { entries: unknown[] };
    expect(parsed.entries).toHaveLength(3);
  });

  test('any record altered by one byte fails, at every position, and the entry is named', () => {
    const bytes = file();
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = Buffer.from(bytes);
      altered[at] = (altered[at] ?? 0) ^ 1;
      const { fault } = verifyFile(altered);
      expect(fault, `byte ${at}`).not.toBeNull();
      const line = lineOf(bytes, at);
      if (line >= 1 && line <= 3) expect(fault?.objects['sequence'], `byte ${at}`).toBe(line);
    }
  });

  test('whatever byte takes its place', () => {
    const bytes = file();
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, mask) => {
          const altered = Buffer.from(bytes);
          altered[at] = (altered[at] ?? 0) ^ mask;
          const { fault } = verifyFile(altered);
          expect(fault).not.toBeNull();
          const line = lineOf(bytes, at);
          if (line >= 1 && line <= 3) expect(fault?.objects['sequence']).toBe(line);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('a digit that becomes an exponent too great for any number', () => {
    const bytes = file();
    const digits = [...bytes.toString('latin1').matchAll(/\d{10,}/g)].map(({ index }) => index + 1);
    expect(digits.length).toBeGreaterThan(3);
    for (const at of digits) {
      const altered = Buffer.from(bytes);
      altered[at] = 'e'.charCodeAt(0);
      const { fault } = verifyFile(altered);
      expect(fault, `byte ${at}`).not.toBeNull();
      const line = lineOf(bytes, at);
      if (line >= 1 && line <= 3) expect(fault?.objects['sequence'], `byte ${at}`).toBe(line);
    }
  });

  test('sees an entry taken out, put in, moved or rewritten with fresh hashes', () => {
    const lines = file().toString().split('\n');
    const without = [...lines.slice(0, 2), ...lines.slice(3)];
    expect(verifyFile(Buffer.from(without.join('\n'))).fault).toMatchObject({
      code: 'entry.order',
      objects: { sequence: 2, found: 3 },
    });
    const [head = '', one = '', two = '', ...rest] = lines;
    const swapped = [head, two, one, ...rest].join('\n');
    expect(verifyFile(Buffer.from(swapped)).fault?.objects['sequence']).toBe(1);
    const cut = [...lines.slice(0, 3), ...lines.slice(4)].join('\n').replace('},\n]', '}\n]');
    expect(verifyFile(Buffer.from(cut)).fault?.code).toBe('anchor.head');

    const honest = recordContent(chained(contents), signer);
    const lighter = contents.map((draft) =>
      draft.kind === 'dose' ? { ...draft, content: { ...draft.content, actualKg: 299 } } : draft,
    );
    const forged = recordFile({ ...honest, entries: chained(lighter) }, signer);
    expect(verifyFile(Buffer.from(forged)).fault?.code).toBe('anchor.head');
  });

  test('sees a record made anew with another key by the fingerprint of the mill', () => {
    const stranger = signerOf(generateKeyPairSync('ed25519').privateKey);
    const forged = Buffer.from(recordFile(recordContent(chained(contents), stranger), stranger));
    expect(verifyFile(forged).key).toBe(stranger.fingerprint);
    expect(verifyFile(forged, signer.fingerprint).fault?.code).toBe('key.other');
    expect(verifyFile(file(), signer.fingerprint).fault).toBeNull();
  });

  test('answers to any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(verifyFile(Buffer.from(bytes)).fault).not.toBeNull();
      }),
    );
  });
});

describe('the sums of a record', () => {
  const entries = (actualKg: number, dosedKg: number): ChainEntry[] =>
    chained([
      { kind: 'batch', subject: 'batch:1', content: { ...batchRecord(1, { actualKg }) } },
      { kind: 'dose', subject: 'dose:1', content: { ...doseRecord('1', { actualKg: dosedKg }) } },
    ]);

  test('batch completeness is 99.7-100.3 %', () => {
    const codes = (kg: number) => totalsOf(entries(kg, kg)).faults.map(({ code }) => code);
    expect(codes(498.5)).toEqual([]);
    expect(codes(501.5)).toEqual([]);
    expect(codes(498.4)).toEqual(['totals.completeness']);
    expect(codes(501.6)).toEqual(['totals.completeness']);
  });

  test('doses sum to the batch', () => {
    expect(totalsOf(entries(500, 499.9)).faults.map(({ code }) => code)).toEqual(['totals.doses']);
  });

  test('a fault of them is said with the decimal sign of its language', () => {
    const [fault] = totalsOf(entries(501.6, 501.6)).faults;
    if (fault === undefined) throw new Error('no fault was found');
    expect(recordFaultText(fault, 'vi')).toContain('100,32 %');
    expect(recordFaultText(fault, 'en')).toContain('100.32 %');
  });

  test('an entry is bound to the one before it', () => {
    const [first, second] = entries(500, 500);
    expect(first?.previous).toBe(NO_HASH);
    expect(second?.previous).toBe(first?.hash);
    const { hash, ...body } = second ?? ({} as ChainEntry);
    expect(hashOf(body)).toBe(hash);
    expect(hashOf({ ...body, previous: NO_HASH })).not.toBe(hash);
  });
});
