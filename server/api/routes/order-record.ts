import { z } from 'zod';
import { recordViewSchema } from '../../contract/records.ts';
import { totalsOf } from '../../records/chain/totals.ts';
import { recordPdf } from '../../records/pdf/record-pdf.ts';
import type { OrderRecordView, RecordBook } from '../../records/record-book.ts';
import { ProblemError } from '../problem.ts';
import type { Route } from '../route.ts';
import { callerOf, iso, route } from '../route.ts';

const idParams = z.strictObject({ id: z.string().min(1).max(64) });

function found<T>(one: T | null, id: string): T {
  if (one === null) throw new ProblemError('not-found', { detail: id });
  return one;
}

/** The batch record of an order: on the screen, and as files that prove themselves. */
export function orderRecordRoutes(book: RecordBook): Route[] {
  return [viewRoute(book), jsonRoute(book), pdfRoute(book)];
}

function viewOf(orderId: string, { stored }: OrderRecordView) {
  const { entries, last, fault } = stored;
  return {
    orderId,
    head: entries.at(-1)?.hash ?? '',
    key: last?.anchor.key ?? null,
    signed: last === null ? null : iso(last.anchor.writtenMs),
    fault,
    sums: [...totalsOf(entries).faults],
    entries: entries.map(({ sequence, kind, writtenMs, hash, content }) => ({
      sequence,
      kind,
      hash,
      content,
      written: iso(writtenMs),
    })),
  };
}

function viewRoute(book: RecordBook): Route {
  return route({
    method: 'get',
    path: '/api/orders/:id/record',
    door: 'batches.read',
    tag: 'orders',
    summary: { vi: 'Hồ sơ mẻ của lệnh, đã kiểm tra chuỗi', en: 'Batch record, its chain verified' },
    heavy: true,
    params: idParams,
    response: recordViewSchema,
    handle: async (call) => {
      const { id } = call.params;
      return viewOf(id, found(await book.read(id, callerOf(call).signedIn.user), id));
    },
  });
}

function jsonRoute(book: RecordBook): Route {
  return route({
    method: 'get',
    path: '/api/orders/:id/record.json',
    door: 'batches.read',
    tag: 'orders',
    summary: { vi: 'Hồ sơ mẻ thành tệp JSON có ký', en: 'Batch record as a signed JSON file' },
    heavy: true,
    params: idParams,
    response: { contentType: 'application/json', description: 'npm run verify-record' },
    handle: async (call) => {
      const { id } = call.params;
      const file = found(await book.file(id, callerOf(call).signedIn.user), id);
      call.saveAs(`record-${id}.json`);
      return file;
    },
  });
}

function pdfRoute(book: RecordBook): Route {
  return route({
    method: 'get',
    path: '/api/orders/:id/record.pdf',
    door: 'batches.read',
    tag: 'orders',
    summary: { vi: 'Hồ sơ mẻ thành tệp PDF có ký', en: 'Batch record as a signed PDF' },
    heavy: true,
    params: idParams,
    response: { contentType: 'application/pdf', description: 'npm run verify-record' },
    handle: async (call) => {
      const { id } = call.params;
      const record = found(await book.read(id, callerOf(call).signedIn.user), id);
      call.saveAs(`record-${id}.pdf`);
      return recordPdf(found(record.content, id), book.signer);
    },
  });
}
