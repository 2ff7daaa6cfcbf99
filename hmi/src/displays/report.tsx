import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { type ProductionReport, SHIFTS } from '../../../server/contract/production-report.ts';
import { formatNumber, formatTime, millDay } from '../i18n/format.ts';
import { language, t } from '../i18n/language.ts';
import { query, rest } from '../live/rest.ts';
import { serverNowMs } from '../state/live.ts';
import { Loaded } from '../widgets/loaded.tsx';
import {
  DosingTable,
  DowntimeTable,
  EnergyTable,
  PelletingTable,
  ProductTable,
} from './report-tables.tsx';

/** Below this share of recorded history a report is marked, %. */
const COVERAGE_LOW_PCT = 95;
const SHIFT_HOURS: Readonly<Record<number, readonly [string, string]>> = {
  1: ['06:00', '14:00'],
  2: ['14:00', '22:00'],
  3: ['22:00', '06:00'],
};
const DAY_START_H = 6;

/** The production day that a time belongs to: before six in the morning it is still yesterday's. */
function productionDay(timeMs: number): string {
  return millDay(timeMs - DAY_START_H * 3_600_000);
}

function Figure(props: { name: string; value: string; warn?: boolean }): JSX.Element {
  return (
    <div class="figure" classList={{ 'figure-warn': props.warn === true }}>
      <span class="quiet">{props.name}</span>
      <b>{props.value}</b>
    </div>
  );
}

function Totals(props: { report: ProductionReport }): JSX.Element {
  const totals = () => props.report.totals;
  const low = () => props.report.coveragePct < COVERAGE_LOW_PCT;
  const giveaway = () => totals().giveawayGPerBag;
  const kWhPerT = () => props.report.energy.kWhPerT;
  return (
    <>
      <div class="figures">
        <Figure name={t('report.dosedT')} value={formatNumber(totals().dosedT, 3)} />
        <Figure name={t('report.baggedT')} value={formatNumber(totals().baggedT, 3)} />
        <Figure name={t('report.bags')} value={formatNumber(totals().bags)} />
        <Figure name={t('report.bulkT')} value={formatNumber(totals().bulkT, 3)} />
        <Figure name={t('report.batches')} value={formatNumber(totals().batches)} />
        <Figure
          name={t('report.giveaway')}
          value={giveaway() === null ? '–' : `${formatNumber(giveaway() ?? 0, 0)} g`}
        />
        <Figure
          name={t('report.kWhPerT')}
          value={kWhPerT() === null ? '–' : formatNumber(kWhPerT() ?? 0, 1)}
        />
        <Figure
          name={t('report.coverage')}
          value={`${low() ? '! ' : ''}${formatNumber(props.report.coveragePct, 1)} %`}
          warn={low()}
        />
      </div>
      <Show when={low()}>
        <p class="note">! {t('report.coverageLow')}</p>
      </Show>
    </>
  );
}

function ReportBody(props: { report: ProductionReport }): JSX.Element {
  return (
    <>
      <p class="quiet">
        {t('report.period', {
          from: formatTime(props.report.from, 'short'),
          to: formatTime(props.report.to, 'short'),
          zone: props.report.timeZone,
        })}
      </p>
      <Totals report={props.report} />
      <ProductTable products={props.report.products} />
      <DosingTable dosing={props.report.dosing} />
      <PelletingTable runs={props.report.pelleting} />
      <EnergyTable energy={props.report.energy} />
      <DowntimeTable downtime={props.report.downtime} />
    </>
  );
}

/** What a shift or day made, how exactly, and why it stood still. */
export function Report(): JSX.Element {
  const [day, setDay] = createSignal(productionDay(serverNowMs()));
  const [shift, setShift] = createSignal('');
  const asked = () => query({ day: day(), shift: shift() });
  const [report, { refetch }] = createResource(asked, (search) =>
    rest.get<ProductionReport>(`/api/reports/production${search}`),
  );
  const csv = () =>
    `/api/reports/production.csv${query({ day: day(), shift: shift(), language: language() })}`;
  return (
    <section>
      <div class="display-head">
        <h1>{t('report.title')}</h1>
        <label class="field-inline">
          <span>{t('report.day')}</span>
          <input
            type="date"
            value={day()}
            max={productionDay(serverNowMs())}
            onChange={(event) => event.currentTarget.value && setDay(event.currentTarget.value)}
          />
        </label>
        <label class="field-inline">
          <span>{t('report.shift')}</span>
          <select value={shift()} onChange={(event) => setShift(event.currentTarget.value)}>
            <option value="">{t('report.wholeDay')}</option>
            <For each={SHIFTS}>
              {(number) => (
                <option value={number}>
                  {t('report.shiftN', {
                    number,
                    from: SHIFT_HOURS[number]?.[0] ?? '',
                    to: SHIFT_HOURS[number]?.[1] ?? '',
                  })}
                </option>
              )}
            </For>
          </select>
        </label>
        <a class="button" href={csv()} download="">
          {t('report.csv')}
        </a>
      </div>
      <Loaded resource={report} retry={() => void refetch()}>
        {(one) => <ReportBody report={one()} />}
      </Loaded>
    </section>
  );
}
