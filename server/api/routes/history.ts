import type { z } from 'zod';
import {
  historyAlignedQuerySchema,
  historyAlignedSchema,
  historyAtQuerySchema,
  historyAtSchema,
  historyCalculatedQuerySchema,
  historyCalculatedSchema,
  historyExportQuerySchema,
  historyQuarantineQuerySchema,
  historyQuarantineSchema,
  historyQuerySchema,
  historyRawQuerySchema,
  historyRawSchema,
  historySchema,
  historyStatesQuerySchema,
  historyStatesSchema,
} from '../../contract/history.ts';
import type { Expression } from '../../historian/expression.ts';
import { ExpressionError, parseExpression, tagsOf } from '../../historian/expression.ts';
import type { TagStore } from '../../tags/tag-store.ts';
import type { HistoryReader, HistoryWindow } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';

export interface HistoryParts {
  readonly tags: TagStore;
  readonly history: HistoryReader;
}

const TAGS_MAX = 8;
const SPAN_MAX_MS = 400 * 24 * 3_600_000;
/** Files that are being made at once; each asks the database for one piece after the other. */
const EXPORTS_MAX = 2;

/** What a query asks for besides its own; parts that it does not have are not checked. */
interface Asked {
  readonly tags?: readonly string[];
  readonly from?: string;
  readonly to?: string;
}

/** @throws {ProblemError} naming every fault. */
function checked(store: TagStore, { tags = [], from, to }: Asked): HistoryWindow {
  const [fromMs, toMs] = [Date.parse(from ?? ''), Date.parse(to ?? '')];
  const faults = tags
    .filter((name) => store.indexOf(name) === null)
    .map((name) => ({ path: 'tags', message: `there is no tag ${name}` }));
  if (tags.length > TAGS_MAX) faults.push({ path: 'tags', message: `at most ${TAGS_MAX} tags` });
  if (toMs <= fromMs) faults.push({ path: 'to', message: 'must be after from' });
  if (toMs - fromMs > SPAN_MAX_MS) {
    faults.push({ path: 'from', message: 'at most 400 days before to' });
  }
  if (faults.length > 0) throw new ProblemError('malformed', { faults });
  return { fromMs, toMs };
}

const namesOf = (tags: string): string[] => [...new Set(tags.split(','))];

/** What tags were: as trends, at one time, as stored, side by side, as intervals, calculated. */
export function historyRoutes(parts: HistoryParts): Route[] {
  return [
    trendRoute(parts),
    atRoute(parts),
    rawRoute(parts),
    alignedRoute(parts),
    statesRoute(parts),
    calculatedRoute(parts),
    exportRoute(parts),
    quarantineRoute(parts),
  ];
}

const COMMON = { method: 'get', door: 'history.read', tag: 'tags', heavy: true } as const;

function trendRoute({ tags, history }: HistoryParts): Route {
  return route({
    ...COMMON,
    path: '/api/history',
    summary: { vi: 'Lịch sử tín hiệu', en: 'History of tags' },
    query: historyQuerySchema,
    response: historySchema,
    handle: ({ query }) => {
      const names = namesOf(query.tags);
      const window = checked(tags, { ...query, tags: names });
      return history.history(names, window, query.points, query.by);
    },
  });
}

function atRoute({ tags, history }: HistoryParts): Route {
  return route({
    ...COMMON,
    path: '/api/history/at',
    summary: { vi: 'Giá trị tại một thời điểm', en: 'Values at a time' },
    query: historyAtQuerySchema,
    response: historyAtSchema,
    handle: ({ query }) => {
      const names = namesOf(query.tags);
      checked(tags, { tags: names });
      return history.historyAt(names, Date.parse(query.time));
    },
  });
}

function rawRoute({ tags, history }: HistoryParts): Route {
  return route({
    ...COMMON,
    path: '/api/history/raw',
    summary: { vi: 'Mẫu đúng như đã lưu', en: 'Samples as they were stored' },
    query: historyRawQuerySchema,
    response: historyRawSchema,
    handle: ({ query }) => {
      const window = checked(tags, { ...query, tags: [query.tag] });
      return history.historyRaw(query.tag, window, query.limit);
    },
  });
}

function alignedRoute({ tags, history }: HistoryParts): Route {
  return route({
    ...COMMON,
    path: '/api/history/aligned',
    summary: { vi: 'Nhiều tín hiệu tại cùng các thời điểm', en: 'Several tags at the same times' },
    query: historyAlignedQuerySchema,
    response: historyAlignedSchema,
    handle: ({ query }) => {
      const names = namesOf(query.tags);
      const window = checked(tags, { ...query, tags: names });
      return history.historyAligned(names, window, query.points);
    },
  });
}

function statesRoute({ tags, history }: HistoryParts): Route {
  return route({
    ...COMMON,
    path: '/api/history/states',
    summary: { vi: 'Trạng thái theo khoảng thời gian', en: 'States as intervals' },
    query: historyStatesQuerySchema,
    response: historyStatesSchema,
    handle: ({ query }) => {
      const window = checked(tags, { ...query, tags: [query.tag] });
      return history.historyStates(query.tag, window);
    },
  });
}

function understood({ expression }: z.infer<typeof historyCalculatedQuerySchema>): Expression {
  try {
    return parseExpression(expression);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const faults = [{ path: 'query.expression', message: error.message }];
    throw new ProblemError('malformed', { faults });
  }
}

function calculatedRoute({ tags, history }: HistoryParts): Route {
  return route({
    ...COMMON,
    path: '/api/history/calculated',
    summary: { vi: 'Tín hiệu tính toán', en: 'A calculated tag' },
    query: historyCalculatedQuerySchema,
    response: historyCalculatedSchema,
    handle: ({ query }) => {
      const expression = understood(query);
      const window = checked(tags, { ...query, tags: tagsOf(expression) });
      return history.historyCalculated(expression, window, query.points);
    },
  });
}

function quarantineRoute({ history }: HistoryParts): Route {
  return route({
    ...COMMON,
    path: '/api/history/quarantine',
    summary: { vi: 'Mẫu bị để riêng', en: 'Samples that were set aside' },
    query: historyQuarantineQuerySchema,
    response: historyQuarantineSchema,
    handle: ({ query }) => history.historyQuarantine(query.limit),
  });
}

/** Lets so many files be made at once, and refuses more. */
class ExportGate {
  #running = 0;

  async *pass(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    this.#running += 1;
    try {
      yield* pieces;
    } finally {
      this.#running -= 1;
    }
  }

  /** @throws {ProblemError} */
  check(): void {
    if (this.#running >= EXPORTS_MAX) throw new ProblemError('too-many', { retryAfterS: 30 });
  }
}

function exportRoute({ tags, history }: HistoryParts): Route {
  const gate = new ExportGate();
  return route({
    ...COMMON,
    path: '/api/history/export',
    summary: { vi: 'Xuất lịch sử ra tệp', en: 'History as a file' },
    query: historyExportQuerySchema,
    response: {
      contentType: 'application/octet-stream',
      description: 'CSV or Parquet: time, tag, value, quality of every stored sample',
    },
    handle: ({ query, saveAs }) => {
      const names = namesOf(query.tags);
      const window = checked(tags, { ...query, tags: names });
      gate.check();
      saveAs(`history-${query.from.slice(0, 10)}.${query.format}`);
      return gate.pass(history.historyExport(names, window, query.format));
    },
  });
}
