import { createResource, For, type JSX, Show } from 'solid-js';
import { recordFaultText } from '../../../server/contract/record-faults.ts';
import { recordKindText } from '../../../server/contract/record-kinds.ts';
import type { RecordView } from '../../../server/contract/records.ts';
import { formatNumber, formatTime } from '../i18n/format.ts';
import { language, t } from '../i18n/language.ts';
import { RestError, rest } from '../live/rest.ts';
import { Loaded } from '../widgets/loaded.tsx';
import { TableScroll } from '../widgets/table-scroll.tsx';

/** Entries drawn at once; the files hold all of them. */
const ENTRIES_SHOWN = 500;
const NOT_FOUND = 404;

/** The record of an order; null where it has none, e.g. from before records were chained. */
async function readRecord(order: string): Promise<{ record: RecordView | null }> {
  try {
    const path = `/api/orders/${encodeURIComponent(order)}/record`;
    return { record: await rest.get<RecordView>(path) };
  } catch (cause) {
    if (cause instanceof RestError && cause.problem.status === NOT_FOUND) return { record: null };
    throw cause;
  }
}

function ChainState(props: { record: RecordView }): JSX.Element {
  return (
    <Show
      when={props.record.fault}
      fallback={
        <p class="chain-intact">
          ✓ {t('chain.intact', { count: formatNumber(props.record.entries.length) })}
        </p>
      }
    >
      {(fault) => (
        <p class="banner" role="alert">
          <b aria-hidden="true">✕</b> {t('chain.altered')}: {recordFaultText(fault(), language())}
        </p>
      )}
    </Show>
  );
}

function Entries(props: { record: RecordView }): JSX.Element {
  return (
    <details>
      <summary class="link">{t('chain.entries')}</summary>
      <TableScroll label={t('chain.entries')}>
        <table class="table table-tight">
          <thead>
            <tr>
              <th class="num">{t('chain.entry')}</th>
              <th>{t('chain.written')}</th>
              <th>{t('chain.what')}</th>
              <th>{t('chain.content')}</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.record.entries.slice(-ENTRIES_SHOWN)}>
              {(entry) => (
                <tr
                  classList={{
                    'row-wrong': props.record.fault?.objects['sequence'] === entry.sequence,
                  }}
                >
                  <td class="num">{entry.sequence}</td>
                  <td>{formatTime(entry.written)}</td>
                  <td>{recordKindText(entry.kind, language())}</td>
                  <td class="chain-content">{JSON.stringify(entry.content)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </TableScroll>
    </details>
  );
}

function Chain(props: { record: RecordView }): JSX.Element {
  const file = (type: string) =>
    `/api/orders/${encodeURIComponent(props.record.orderId)}/record.${type}`;
  return (
    <>
      <ChainState record={props.record} />
      <Show when={props.record.sums.length > 0}>
        <div class="note chain-sums">
          <h3 class="face-subheading">! {t('chain.sums')}</h3>
          <For each={props.record.sums}>{(sum) => <p>{recordFaultText(sum, language())}</p>}</For>
        </div>
      </Show>
      <dl class="facts">
        <dt>{t('chain.head')}</dt>
        <dd class="chain-hash">{props.record.head}</dd>
        <dt>{t('chain.key')}</dt>
        <dd class="chain-hash">{props.record.key ?? '–'}</dd>
        <dt>{t('chain.signed')}</dt>
        <dd>{formatTime(props.record.signed)}</dd>
      </dl>
      <p class="chain-files">
        <a class="button" href={file('json')} download="">
          {t('chain.json')}
        </a>
        <a class="button" href={file('pdf')} download="">
          {t('chain.pdf')}
        </a>
      </p>
      <Entries record={props.record} />
    </>
  );
}

/** Whether the record of an order is as it was signed, with its files and its entries. */
export function RecordChain(props: { order: string }): JSX.Element {
  const [found, { refetch }] = createResource(() => props.order, readRecord);
  return (
    <section class="panel record-seal">
      <div class="panel-head">
        <h2 class="panel-title">{t('chain.title')}</h2>
      </div>
      <div class="panel-body">
        <Loaded resource={found} retry={() => void refetch()}>
          {(one) => (
            <Show when={one().record} fallback={<p class="quiet">{t('chain.none')}</p>}>
              {(record) => <Chain record={record()} />}
            </Show>
          )}
        </Loaded>
      </div>
    </section>
  );
}
