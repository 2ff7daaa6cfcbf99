import { useNavigate, useParams } from '@solidjs/router';
import { createMemo, createResource, For, type JSX, Show } from 'solid-js';
import type { Trace, TraceNode } from '../../../../server/contract/trace.ts';
import { formatNumber, formatTime } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { rest } from '../../live/rest.ts';
import { may } from '../../state/session.ts';
import { LabelLinks } from '../../widgets/label-links.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { TableScroll } from '../../widgets/table-scroll.tsx';
import type { TraceBox } from './trace-layout.ts';
import { BOX_SIZE, layOutTrace } from './trace-layout.ts';

/** Characters that fit a box. */
const LABEL_MAX = 26;

function shortened(text: string): string {
  return text.length > LABEL_MAX ? `${text.slice(0, LABEL_MAX - 1)}…` : text;
}

function detailOf(node: TraceNode): string {
  const count = node.count === null ? null : formatNumber(node.count);
  const parts = [
    node.kind === 'batch' && count !== null ? t('trace.batches', { count }) : null,
    node.kind === 'bags' && count !== null ? t('trace.bagCount', { count }) : null,
    node.kind === 'truck' && count !== null ? t('trace.compartments', { count }) : null,
    node.kg === null ? null : `${formatNumber(node.kg, 1)} kg`,
    node.from === null ? null : formatTime(node.from, 'short'),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function hrefOf(node: TraceNode): string | null {
  if (node.orderId !== null) return `/records/${encodeURIComponent(node.orderId)}`;
  return node.kind === 'raw' ? `/trace/${encodeURIComponent(node.label)}` : null;
}

/** What is written in a box. */
function BoxFace(props: { node: TraceNode }): JSX.Element {
  const text = () => (props.node.text === null ? '' : say(props.node.text));
  const drug = () => (props.node.drug ? `▲ ${t('trace.drug')} · ` : '');
  const whole = () =>
    `${t(`trace.${props.node.kind}`)} ${props.node.label} ${text()} ${detailOf(props.node)}`;
  return (
    <g>
      <title>{whole()}</title>
      <rect width={BOX_SIZE.width} height={BOX_SIZE.height} rx="4" />
      <text x="8" y="16" class="trace-label">
        {shortened(props.node.label)}
      </text>
      <text x="8" y="31">
        {shortened(text())}
      </text>
      <text x="8" y="46">{`${drug()}${detailOf(props.node)}`}</text>
    </g>
  );
}

/** A link of HTML is not drawn inside SVG: the group itself is one. */
function BoxLink(props: { node: TraceNode; href: string }): JSX.Element {
  const navigate = useNavigate();
  const open = () => navigate(props.href);
  return (
    <g
      class="trace-link"
      role="link"
      tabindex="0"
      onClick={open}
      onKeyDown={(event) => {
        if (event.key === 'Enter') open();
      }}
    >
      <BoxFace node={props.node} />
    </g>
  );
}

function Box(props: { box: TraceBox }): JSX.Element {
  const node = () => props.box.node;
  return (
    <g
      class="trace-box"
      classList={{ 'trace-start': props.box.isStart, 'trace-drug': node().drug }}
      transform={`translate(${props.box.x} ${props.box.y})`}
    >
      <Show when={hrefOf(node())} fallback={<BoxFace node={node()} />}>
        {(href) => <BoxLink node={node()} href={href()} />}
      </Show>
    </g>
  );
}

function Drawing(props: { trace: Trace }): JSX.Element {
  const drawing = createMemo(() => layOutTrace(props.trace));
  return (
    <TableScroll label={t('trace.title')}>
      <svg
        class="trace"
        role="group"
        aria-label={t('trace.title')}
        width={drawing().width}
        height={drawing().height}
      >
        <For each={drawing().columns}>
          {(column) => (
            <text x={column.x} y="16" class="trace-head">
              {t(`trace.${column.kind}`)}
            </text>
          )}
        </For>
        <For each={drawing().ways}>{(way) => <path class="trace-way" d={way} />}</For>
        <For each={drawing().boxes}>{(box) => <Box box={box} />}</For>
      </svg>
    </TableScroll>
  );
}

function Movements(props: { trace: Trace }): JSX.Element {
  return (
    <Show when={props.trace.movements.length > 0}>
      <h2>{t('trace.movements')}</h2>
      <TableScroll label={t('trace.movements')}>
        <table class="table table-tight">
          <thead>
            <tr>
              <th>{t('records.lot')}</th>
              <th>{t('trace.from')}</th>
              <th>{t('trace.to')}</th>
              <th class="num">kg</th>
              <th>{t('trace.first')}</th>
              <th>{t('trace.last')}</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.trace.movements}>
              {(one) => (
                <tr>
                  <td>{one.lot}</td>
                  <td>{one.from ?? '–'}</td>
                  <td>{one.to ?? '–'}</td>
                  <td class="num">{one.kg === null ? '–' : formatNumber(one.kg, 1)}</td>
                  <td>{formatTime(one.first)}</td>
                  <td>{formatTime(one.last)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </TableScroll>
    </Show>
  );
}

function Pallets(props: { trace: Trace }): JSX.Element {
  const rejected = () =>
    props.trace.rejects.map(
      ({ bagger, cause, bags }) => `${bagger} ${bags} (${t(`trace.reject.${cause}`)})`,
    );
  return (
    <Show when={props.trace.pallets.length > 0 || rejected().length > 0}>
      <h2>{t('trace.pallets')}</h2>
      <Show when={rejected().length > 0}>
        <p>
          {t('trace.rejects')}: {rejected().join(', ')}
        </p>
      </Show>
      <TableScroll label={t('trace.pallets')}>
        <table class="table table-tight">
          <thead>
            <tr>
              <th>{t('trace.pallet')}</th>
              <th>{t('records.lot')}</th>
              <th class="num">{t('trace.bags')}</th>
              <th class="num">kg</th>
              <th>{t('trace.last')}</th>
              <th>{t('label.label')}</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.trace.pallets}>
              {(one) => (
                <tr>
                  <td>
                    {one.palletId}
                    <Show when={one.asked}>
                      <br />
                      <span class="quiet">{one.bagIds.join(', ')}</span>
                    </Show>
                  </td>
                  <td>{one.lot ?? '–'}</td>
                  <td class="num">{one.bags}</td>
                  <td class="num">{one.netKg === null ? '–' : formatNumber(one.netKg, 1)}</td>
                  <td>{formatTime(one.time)}</td>
                  <td>
                    <Show when={one.lot !== null}>
                      <LabelLinks of="pallet" id={one.palletId} />
                    </Show>
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </TableScroll>
    </Show>
  );
}

/** Labels of the bags of the finished lots. */
function BagLabels(props: { trace: Trace }): JSX.Element {
  const lots = () => props.trace.nodes.filter(({ kind }) => kind === 'product');
  return (
    <Show when={lots().length > 0 && may('labels.read')}>
      <h2>{t('label.bags')}</h2>
      <ul class="plain">
        <For each={lots()}>
          {(lot) => (
            <li>
              {lot.label} <LabelLinks of="bag" id={lot.label} />
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

function Found(props: { name: string }): JSX.Element {
  const [trace, { refetch }] = createResource(
    () => props.name,
    (name) => rest.get<Trace>(`/api/trace/${encodeURIComponent(name)}`),
  );
  return (
    <Loaded resource={trace} retry={() => void refetch()}>
      {(one) => (
        <>
          <Show when={one().truncated}>
            <p class="banner banner-mild">! {t('trace.truncated')}</p>
          </Show>
          <Drawing trace={one()} />
          <Pallets trace={one()} />
          <BagLabels trace={one()} />
          <Movements trace={one()} />
        </>
      )}
    </Loaded>
  );
}

/** The genealogy of a lot: where it came from on the left, where it went on the right. */
export function TraceDisplay(): JSX.Element {
  const params = useParams<{ name?: string }>();
  const navigate = useNavigate();
  let wanted: HTMLInputElement | undefined;
  const go = (event: SubmitEvent) => {
    event.preventDefault();
    const name = wanted?.value.trim() ?? '';
    if (name !== '') navigate(`/trace/${encodeURIComponent(name)}`);
  };
  return (
    <section>
      <div class="display-head">
        <h1>{t('trace.title')}</h1>
        <form class="trace-form" onSubmit={go}>
          <input
            type="search"
            class="search"
            ref={(element) => {
              wanted = element;
            }}
            placeholder={t('trace.search')}
            aria-label={t('trace.search')}
            value={params.name ?? ''}
          />
          <button type="submit" class="button">
            {t('trace.go')}
          </button>
        </form>
      </div>
      <Show when={params.name} fallback={<p class="quiet">{t('trace.hint')}</p>}>
        {(name) => <Found name={name()} />}
      </Show>
    </section>
  );
}
