import { A, useParams } from '@solidjs/router';
import { createResource, For, type JSX } from 'solid-js';
import type { z } from 'zod';
import type {
  BatchView,
  doseViewSchema,
  orderDetailSchema,
} from '../../../server/contract/rest.ts';
import { decimalsOfDivision, formatDuration, formatNumber, formatTime } from '../i18n/format.ts';
import { say, t, tOr } from '../i18n/language.ts';
import { rest } from '../live/rest.ts';
import { deviceOf, materialOf, setting } from '../state/mill.ts';
import { Loaded } from '../widgets/loaded.tsx';
import { LotLink } from '../widgets/lot-link.tsx';
import { TableScroll } from '../widgets/table-scroll.tsx';
import { orderStateText } from './line/order-queue.tsx';
import { RecordChain } from './record-chain.tsx';

type OrderDetail = z.infer<typeof orderDetailSchema>;
type DoseView = z.infer<typeof doseViewSchema>;

function DoseRow(props: { dose: DoseView }): JSX.Element {
  const material = () => materialOf(props.dose.material)?.text;
  const decimals = () =>
    decimalsOfDivision(setting(deviceOf(props.dose.scale), 'divisionKg') ?? 0.01);
  const kg = (value: number) => formatNumber(value, decimals());
  const deviation = () => props.dose.actualKg - props.dose.targetKg;
  return (
    <tr classList={{ 'row-wrong': props.dose.decision !== 'in-tolerance' }}>
      <td>
        {material() === undefined ? props.dose.material : say(material() ?? { vi: '', en: '' })}
      </td>
      <td>{props.dose.bin}</td>
      <td>{props.dose.scale}</td>
      <td>
        <LotLink lot={props.dose.lot} />
      </td>
      <td class="num">{kg(props.dose.targetKg)}</td>
      <td class="num">{kg(props.dose.actualKg)}</td>
      <td class="num">
        {deviation() >= 0 ? '+' : ''}
        {kg(deviation())}
      </td>
      <td class="num">± {kg(props.dose.toleranceKg)}</td>
      <td class="num">{props.dose.jogs}</td>
      <td>
        {props.dose.decision === 'in-tolerance' ? '✓ ' : '! '}
        {tOr(`decision.${props.dose.decision}`, props.dose.decision)}
        {props.dose.decidedBy === null ? '' : ` (${props.dose.decidedBy})`}
      </td>
      <td>{props.dose.releasedBy ?? ''}</td>
      <td class="num">
        {props.dose.confidencePct === null ? '' : formatNumber(props.dose.confidencePct, 0)}
      </td>
      <td class="num">{formatDuration(seconds(props.dose.started, props.dose.ended))}</td>
    </tr>
  );
}

function DoseTable(props: { doses: readonly DoseView[] }): JSX.Element {
  return (
    <TableScroll label={t('records.doses')}>
      <table class="table table-tight">
        <thead>
          <tr>
            <th>{t('records.material')}</th>
            <th>{t('line.bin')}</th>
            <th>{t('line.scale')}</th>
            <th>{t('records.lotUsed')}</th>
            <th class="num">{t('line.target')} (kg)</th>
            <th class="num">{t('line.actual')} (kg)</th>
            <th class="num">{t('records.deviation')}</th>
            <th class="num">{t('line.tolerance')}</th>
            <th class="num">{t('report.jogs')}</th>
            <th>{t('records.decision')}</th>
            <th>{t('records.releasedBy')}</th>
            <th class="num">{t('records.confidence')}</th>
            <th class="num">{t('records.doseDuration')}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.doses}>{(dose) => <DoseRow dose={dose} />}</For>
        </tbody>
      </table>
    </TableScroll>
  );
}

function seconds(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1_000;
}

function Batch(props: { batch: BatchView }): JSX.Element {
  return (
    <details class="panel batch" open={props.batch.number === 1}>
      <summary class="panel-head">
        <h2 class="panel-title">{t('line.batch', { number: props.batch.number })}</h2>
        <span class="state-chip">{orderStateText(props.batch.state)}</span>
        <span>
          {formatNumber(props.batch.actualKg, 1)} / {formatNumber(props.batch.targetKg, 1)} kg
        </span>
        <span class="quiet">
          {formatTime(props.batch.started)} – {formatTime(props.batch.finished, 'time')}
        </span>
      </summary>
      <div class="panel-body">
        <ul class="phases" aria-label={t('records.phases')}>
          <For each={props.batch.phases}>
            {(phase) => (
              <li>
                <span class="quiet">{tOr(`phase.${phase.phase}`, phase.phase)}</span>{' '}
                <b>{formatDuration(seconds(phase.started, phase.ended))}</b>
              </li>
            )}
          </For>
        </ul>
        <DoseTable doses={props.batch.doses} />
      </div>
    </details>
  );
}

function OrderFacts(props: { order: OrderDetail }): JSX.Element {
  return (
    <dl class="facts facts-wide">
      <dt>{t('report.product')}</dt>
      <dd>
        {say(props.order.product)} ({props.order.formula} v{props.order.formulaVersion})
      </dd>
      <dt>{t('records.state')}</dt>
      <dd>{orderStateText(props.order.state)}</dd>
      <dt>{t('records.lot')}</dt>
      <dd>
        <LotLink lot={props.order.lot} />
      </dd>
      <dt>{t('records.destination')}</dt>
      <dd>{props.order.destination}</dd>
      <dt>{t('records.ordered')}</dt>
      <dd>{formatNumber(props.order.orderKg)} kg</dd>
      <dt>{t('records.dosed')}</dt>
      <dd>{formatNumber(props.order.dosedKg, 1)} kg</dd>
      <dt>{t('records.produced')}</dt>
      <dd>
        {formatNumber(props.order.producedKg, 1)} kg · {formatNumber(props.order.bags)}{' '}
        {t('report.bags').toLowerCase()}
      </dd>
      <dt>{t('records.created')}</dt>
      <dd>
        {formatTime(props.order.created)} · {props.order.createdBy}
      </dd>
      <dt>{t('records.started')}</dt>
      <dd>{formatTime(props.order.started)}</dd>
      <dt>{t('records.finished')}</dt>
      <dd>{formatTime(props.order.finished)}</dd>
    </dl>
  );
}

/** The record of one order: its facts, and each batch with its steps and doses. */
export function OrderRecord(): JSX.Element {
  const params = useParams<{ order: string }>();
  const [order, { refetch }] = createResource(
    () => params.order,
    (id) => rest.get<OrderDetail>(`/api/orders/${encodeURIComponent(id)}`),
  );
  return (
    <section>
      <div class="display-head">
        <h1>
          {t('line.order')} {params.order}
        </h1>
        <A class="link" href="/records">
          ← {t('records.back')}
        </A>
      </div>
      <Loaded resource={order} retry={() => void refetch()}>
        {(one) => (
          <>
            <OrderFacts order={one()} />
            <RecordChain order={one().orderId} />
            <For each={one().batches}>{(batch) => <Batch batch={batch} />}</For>
          </>
        )}
      </Loaded>
    </section>
  );
}
