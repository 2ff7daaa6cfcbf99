import { For, type JSX, Show } from 'solid-js';
import type { ProductionReport } from '../../../server/contract/production-report.ts';
import { decimalsOfDivision, formatNumber } from '../i18n/format.ts';
import { say, t } from '../i18n/language.ts';
import { deviceOf, materialOf, setting } from '../state/mill.ts';
import { ownerText } from '../state/owner-text.ts';
import { TableScroll } from '../widgets/table-scroll.tsx';

/** Share of doses in tolerance that is asked for (DOMAIN 8), %. */
const IN_TOLERANCE_MIN_PCT = 98;

/** A table with its heading; says so when there is nothing in it. */
function Section(props: {
  title: string;
  empty: boolean;
  head: JSX.Element;
  children: JSX.Element;
}): JSX.Element {
  return (
    <section class="report-section">
      <h2>{props.title}</h2>
      <Show when={!props.empty} fallback={<p class="quiet">{t('report.nothing')}</p>}>
        <TableScroll label={props.title}>
          <table class="table">
            <thead>{props.head}</thead>
            <tbody>{props.children}</tbody>
          </table>
        </TableScroll>
      </Show>
    </section>
  );
}

/** A bar in a table cell, against the largest of its column. */
function BarCell(props: { value: number; max: number }): JSX.Element {
  return (
    <td class="bar-cell" aria-hidden="true">
      <span style={{ width: `${props.max > 0 ? (props.value / props.max) * 100 : 0}%` }} />
    </td>
  );
}

function largest(values: readonly number[]): number {
  return values.reduce((max, value) => Math.max(max, value), 0);
}

export function ProductTable(props: { products: ProductionReport['products'] }): JSX.Element {
  const max = () => largest(props.products.map((one) => one.dosedT));
  return (
    <Section
      title={t('report.products')}
      empty={props.products.length === 0}
      head={
        <tr>
          <th>{t('report.product')}</th>
          <th class="num">{t('report.orders')}</th>
          <th class="num">{t('report.batches')}</th>
          <th class="num">{t('report.dosedT')}</th>
          <td />
          <th class="num">{t('report.baggedT')}</th>
          <th class="num">{t('report.bags')}</th>
          <th class="num">{t('report.bulkT')}</th>
        </tr>
      }
    >
      <For each={props.products}>
        {(one) => (
          <tr>
            <td>
              {say(one.text)} <span class="quiet">{one.formula}</span>
            </td>
            <td class="num">{formatNumber(one.orders)}</td>
            <td class="num">{formatNumber(one.batches)}</td>
            <td class="num">{formatNumber(one.dosedT, 3)}</td>
            <BarCell value={one.dosedT} max={max()} />
            <td class="num">{formatNumber(one.baggedT, 3)}</td>
            <td class="num">{formatNumber(one.bags)}</td>
            <td class="num">{formatNumber(one.bulkT, 3)}</td>
          </tr>
        )}
      </For>
    </Section>
  );
}

function materialText(code: string): string {
  const text = materialOf(code)?.text;
  return text === undefined ? code : say(text);
}

function DosingRow(props: { row: ProductionReport['dosing'][number] }): JSX.Element {
  const decimals = () =>
    decimalsOfDivision(setting(deviceOf(props.row.scale), 'divisionKg') ?? 0.01);
  const low = () => props.row.inTolerancePct < IN_TOLERANCE_MIN_PCT;
  return (
    <tr classList={{ 'row-wrong': low() }}>
      <td>{props.row.scale}</td>
      <td>{materialText(props.row.material)}</td>
      <td class="num">{formatNumber(props.row.doses)}</td>
      <td class="num">{formatNumber(props.row.targetKg, decimals())}</td>
      <td class="num">{formatNumber(props.row.actualKg, decimals())}</td>
      <td class="num">{formatNumber(props.row.biasKg, decimals() + 1)}</td>
      <td class="num">{formatNumber(props.row.sdKg, decimals() + 1)}</td>
      <td class="num">
        {low() ? '! ' : ''}
        {formatNumber(props.row.inTolerancePct, 1)} %
      </td>
      <td class="num">{formatNumber(props.row.jogs)}</td>
    </tr>
  );
}

export function DosingTable(props: { dosing: ProductionReport['dosing'] }): JSX.Element {
  return (
    <Section
      title={t('report.dosing')}
      empty={props.dosing.length === 0}
      head={
        <tr>
          <th>{t('line.scale')}</th>
          <th>{t('records.material')}</th>
          <th class="num">{t('report.doses')}</th>
          <th class="num">{t('line.target')} (kg)</th>
          <th class="num">{t('line.actual')} (kg)</th>
          <th class="num">{t('report.bias')}</th>
          <th class="num">{t('report.sd')}</th>
          <th class="num">{t('report.inTolerance')}</th>
          <th class="num">{t('report.jogs')}</th>
        </tr>
      }
    >
      <For each={props.dosing}>{(row) => <DosingRow row={row} />}</For>
    </Section>
  );
}

/** A measured figure, or a dash where nothing measured it. */
function orDash(value: number | null, decimals: number): string {
  return value === null ? '–' : formatNumber(value, decimals);
}

export function PelletingTable(props: { runs: ProductionReport['pelleting'] }): JSX.Element {
  return (
    <Section
      title={t('report.pelleting')}
      empty={props.runs.length === 0}
      head={
        <tr>
          <th>{t('report.product')}</th>
          <th class="num">{t('report.pressedT')}</th>
          <th class="num">{t('report.kWhPerT')}</th>
          <th class="num">{t('report.steamKgPerT')}</th>
          <th class="num">{t('report.conditionedC')}</th>
          <th class="num">{t('report.chokes')}</th>
        </tr>
      }
    >
      <For each={props.runs}>
        {(one) => (
          <tr>
            <td>
              {say(one.text)} <span class="quiet">{one.formula}</span>
            </td>
            <td class="num">{formatNumber(one.pressedT, 3)}</td>
            <td class="num">{orDash(one.kWhPerT, 1)}</td>
            <td class="num">{formatNumber(one.steamKgPerT, 1)}</td>
            <td class="num">{orDash(one.meanC, 1)}</td>
            <td class="num">{formatNumber(one.chokes)}</td>
          </tr>
        )}
      </For>
    </Section>
  );
}

export function EnergyTable(props: { energy: ProductionReport['energy'] }): JSX.Element {
  const max = () => largest(props.energy.areas.map((one) => one.kWh));
  return (
    <Section
      title={t('report.energy')}
      empty={props.energy.areas.length === 0}
      head={
        <tr>
          <th>{t('report.area')}</th>
          <th class="num">{t('report.kWh')}</th>
          <td />
          <th class="num">{t('report.share')}</th>
        </tr>
      }
    >
      <For each={props.energy.areas}>
        {(one) => (
          <tr>
            <td>{say(one.text)}</td>
            <td class="num">{formatNumber(one.kWh, 1)}</td>
            <BarCell value={one.kWh} max={max()} />
            <td class="num">{formatNumber((100 * one.kWh) / props.energy.kWh, 1)} %</td>
          </tr>
        )}
      </For>
      <tr>
        <th>{t('report.total')}</th>
        <td class="num">{formatNumber(props.energy.kWh, 1)}</td>
        <td />
        <td class="num" />
      </tr>
    </Section>
  );
}

export function DowntimeTable(props: { downtime: ProductionReport['downtime'] }): JSX.Element {
  const sorted = () => [...props.downtime].sort((a, b) => b.minutes - a.minutes);
  const max = () => largest(props.downtime.map((one) => one.minutes));
  return (
    <Section
      title={t('report.downtime')}
      empty={props.downtime.length === 0}
      head={
        <tr>
          <th>{t('report.unit')}</th>
          <th>{t('report.reason')}</th>
          <th class="num">{t('report.stops')}</th>
          <th class="num">{t('report.minutes')}</th>
          <td />
        </tr>
      }
    >
      <For each={sorted()}>
        {(one) => (
          <tr>
            <td>{ownerText(one.unit)}</td>
            <td>{say(one.reasonText)}</td>
            <td class="num">{formatNumber(one.stops)}</td>
            <td class="num">{formatNumber(one.minutes, 1)}</td>
            <BarCell value={one.minutes} max={max()} />
          </tr>
        )}
      </For>
    </Section>
  );
}
