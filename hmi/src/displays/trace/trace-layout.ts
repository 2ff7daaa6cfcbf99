import type { Trace, TraceNode } from '../../../../server/contract/trace.ts';
import { TRACE_KINDS } from '../../../../server/contract/trace.ts';

/** Size of a box and the space between, px. */
const BOX = { width: 250, height: 52, gapX: 50, gapY: 12, top: 30 } as const;
/** More batches than this are drawn as one box for each order. */
const BATCHES_MAX = 30;

export interface TraceBox {
  readonly node: TraceNode;
  readonly x: number;
  readonly y: number;
  readonly isStart: boolean;
}

export interface TraceDrawing {
  readonly width: number;
  readonly height: number;
  readonly columns: readonly { readonly kind: TraceNode['kind']; readonly x: number }[];
  readonly boxes: readonly TraceBox[];
  /** Paths of SVG. */
  readonly ways: readonly string[];
}

/** Batches by order, where they are too many to be read one by one. */
function grouped({ nodes, edges, start }: Trace): Pick<Trace, 'nodes' | 'edges' | 'start'> {
  const batches = nodes.filter(({ kind }) => kind === 'batch');
  if (batches.length <= BATCHES_MAX) return { nodes, edges, start };
  const idOf = new Map(batches.map((batch) => [batch.id, `batches:${batch.orderId}`]));
  const groups = Map.groupBy(batches, (batch) => `batches:${batch.orderId}`);
  const merged = [...groups].flatMap(([id, [first, ...others]]): TraceNode[] => {
    if (first === undefined) return [];
    const all = [first, ...others];
    const kg = all.reduce((sum, one) => sum + (one.kg ?? 0), 0);
    return [{ ...first, id, label: first.orderId ?? '', count: all.length, kg }];
  });
  const moved = edges.map((edge) => ({
    ...edge,
    from: idOf.get(edge.from) ?? edge.from,
    to: idOf.get(edge.to) ?? edge.to,
  }));
  return {
    nodes: [...nodes.filter(({ kind }) => kind !== 'batch'), ...merged],
    edges: [...new Map(moved.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()],
    start: idOf.get(start) ?? start,
  };
}

/** Batch 2 before batch 10. */
const NAMES = new Intl.Collator('vi', { numeric: true });

/** Places of the boxes: a column for each kind that is there, raw left and customers right. */
export function layOutTrace(trace: Trace): TraceDrawing {
  const { nodes, edges, start } = grouped(trace);
  const kinds = TRACE_KINDS.filter((kind) => nodes.some((node) => node.kind === kind));
  const columns = kinds.map((kind, at) => ({ kind, x: at * (BOX.width + BOX.gapX) }));
  const boxes = columns.flatMap(({ kind, x }) =>
    nodes
      .filter((node) => node.kind === kind)
      .sort((a, b) => NAMES.compare(a.label, b.label))
      .map((node, row) => ({
        node,
        x,
        y: BOX.top + row * (BOX.height + BOX.gapY),
        isStart: node.id === start,
      })),
  );
  const at = new Map(boxes.map((box) => [box.node.id, box]));
  const ways = edges.flatMap(({ from, to }) => {
    const [a, b] = [at.get(from), at.get(to)];
    return a === undefined || b === undefined ? [] : [way(a, b)];
  });
  const bottom = Math.max(0, ...boxes.map(({ y }) => y)) + BOX.height + BOX.gapY;
  const width = Math.max(1, columns.length) * (BOX.width + BOX.gapX) - BOX.gapX;
  return { width, height: bottom, columns, boxes, ways };
}

/** From the right side of one box to the left side of the other; rework bends back. */
function way(from: TraceBox, to: TraceBox): string {
  const [x1, y1] = [from.x + BOX.width, from.y + BOX.height / 2];
  const [x2, y2] = [to.x, to.y + BOX.height / 2];
  const bend = Math.max(BOX.gapX / 2, Math.abs(x2 - x1) / 2);
  return `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

export const BOX_SIZE = { width: BOX.width, height: BOX.height } as const;
