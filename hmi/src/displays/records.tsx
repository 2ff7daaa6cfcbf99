import { A } from '@solidjs/router';
import { createResource, createSignal, For, type JSX } from 'solid-js';
import type { OrderView } from '../../../server/contract/rest.ts';
import { formatNumber, formatTime } from '../i18n/format.ts';
import { language, say, t } from '../i18n/language.ts';
import { rest } from '../live/rest.ts';
import { Loaded } from '../widgets/loaded.tsx';
import { TableScroll } from '../widgets/table-scroll.tsx';
import { orderStateText } from './line/order-queue.tsx';

const ROWS = 200;

function matches(order: OrderView, wanted: string): boolean {
  const text = `${order.orderId} ${order.product[language()]} ${order.formula} ${order.lot}`;
  return text.toLowerCase().includes(wanted.trim().toLowerCase());
}

function OrderRow(props: { order: OrderView }): JSX.Element {
  return (
    <tr>
      <td>
        <A class="link" href={`/records/${encodeURIComponent(props.order.orderId)}`}>
          {props.order.orderId}
        </A>
      </td>
      <td>{say(props.order.product)}</td>
      <td>{orderStateText(props.order.state)}</td>
      <td>{props.order.lot}</td>
      <td class="num">{formatNumber(props.order.orderKg)} kg</td>
      <td class="num">{formatNumber(props.order.dosedKg, 1)} kg</td>
      <td class="num">
        {props.order.batchesDone} / {props.order.batchesPlanned}
      </td>
      <td class="num">{formatNumber(props.order.bags)}</td>
      <td>{formatTime(props.order.created, 'short')}</td>
      <td>{formatTime(props.order.finished, 'short')}</td>
      <td>{props.order.createdBy}</td>
    </tr>
  );
}

/** The orders that were made, the latest first. */
export function Records(): JSX.Element {
  const [wanted, setWanted] = createSignal('');
  const [orders, { refetch }] = createResource(() =>
    rest.get<OrderView[]>(`/api/orders?limit=${ROWS}`),
  );
  return (
    <section>
      <div class="display-head">
        <h1>{t('records.title')}</h1>
        <input
          type="search"
          class="search"
          placeholder={t('records.search')}
          aria-label={t('records.search')}
          value={wanted()}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
      </div>
      <Loaded resource={orders} retry={() => void refetch()}>
        {(list) => (
          <TableScroll label={t('records.title')}>
            <table class="table">
              <thead>
                <tr>
                  <th>{t('line.order')}</th>
                  <th>{t('report.product')}</th>
                  <th>{t('records.state')}</th>
                  <th>{t('records.lot')}</th>
                  <th class="num">{t('records.ordered')}</th>
                  <th class="num">{t('records.dosed')}</th>
                  <th class="num">{t('report.batches')}</th>
                  <th class="num">{t('report.bags')}</th>
                  <th>{t('records.created')}</th>
                  <th>{t('records.finished')}</th>
                  <th>{t('records.by')}</th>
                </tr>
              </thead>
              <tbody>
                <For
                  each={list().filter((one) => matches(one, wanted()))}
                  fallback={
                    <tr>
                      <td colSpan={11}>{t('records.empty')}</td>
                    </tr>
                  }
                >
                  {(order) => <OrderRow order={order} />}
                </For>
              </tbody>
            </table>
          </TableScroll>
        )}
      </Loaded>
    </section>
  );
}
