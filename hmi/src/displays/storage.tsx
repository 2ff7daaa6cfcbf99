import { createResource, For, type JSX, onCleanup, Show } from 'solid-js';
import type { JobView, StorageView } from '../../../server/contract/storage.ts';
import { formatNumber, formatTime } from '../i18n/format.ts';
import { t } from '../i18n/language.ts';
import { rest } from '../live/rest.ts';
import { Loaded } from '../widgets/loaded.tsx';
import { TableScroll } from '../widgets/table-scroll.tsx';

const READ_EVERY_MS = 10_000;
/** Marked where somebody has to act, as the alarms are. */
const DAYS_FEW = 14;
const DISK_PCT_MANY = 90;
const LAG_S_LONG = 600;

const SIZES = [
  ['TB', 1e12],
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
] as const;

function sizeText(bytes: number): string {
  const [unit, of] = SIZES.find(([, least]) => Math.abs(bytes) >= least) ?? ['B', 1];
  return `${formatNumber(bytes / of, of === 1 || bytes / of >= 100 ? 0 : 1)} ${unit}`;
}

function spanText(seconds: number): string {
  if (seconds >= 2 * 86_400) return `${formatNumber(seconds / 86_400, 1)} d`;
  if (seconds >= 7_200) return `${formatNumber(seconds / 3_600, 1)} h`;
  return seconds >= 120
    ? t('storage.minutes', { count: formatNumber(seconds / 60) })
    : `${formatNumber(seconds)} s`;
}

/** A sign and ink for what somebody has to act on, never colour alone. */
function Fact(props: { word: string; wrong?: boolean; children: JSX.Element }): JSX.Element {
  return (
    <div class="storage-fact">
      <dt>{props.word}</dt>
      <dd classList={{ 'link-wrong': props.wrong === true }}>
        <Show when={props.wrong}>! </Show>
        {props.children}
      </dd>
    </div>
  );
}

function diskPct({ disk }: StorageView): number | null {
  return disk === null ? null : (100 * disk.usedBytes) / disk.totalBytes;
}

function diskText(of: StorageView): string {
  const { disk } = of;
  if (disk === null) return t('storage.diskUnknown');
  const [used, total] = [sizeText(disk.usedBytes), sizeText(disk.totalBytes)];
  return t('storage.diskText', { used, total, pct: formatNumber(diskPct(of) ?? 0) });
}

function growthText({ forecast }: StorageView): string {
  if (forecast === null || forecast.growthBytesPerDay === null) return t('storage.growthNone');
  const size = sizeText(forecast.growthBytesPerDay);
  return t('storage.growthText', { size, days: formatNumber(forecast.measuredDays, 1) });
}

function forecastText({ forecast, disk }: StorageView): string {
  if (forecast === null || forecast.growthBytesPerDay === null || disk === null) {
    return t('storage.unknown');
  }
  if (forecast.daysLeft === null) return t('storage.notFilling');
  return t('storage.fullIn', {
    days: formatNumber(forecast.daysLeft, forecast.daysLeft < 10 ? 1 : 0),
  });
}

function Now(props: { of: StorageView }): JSX.Element {
  const { spool } = props.of;
  return (
    <section class="panel" aria-label={t('storage.now')}>
      <h2>{t('storage.now')}</h2>
      <dl class="storage-facts">
        <Fact word={t('storage.database')} wrong={!props.of.databaseUp}>
          {props.of.databaseUp ? t('storage.up') : t('storage.down')}
          <Show when={props.of.fault}>{(fault) => <span class="quiet"> {fault()}</span>}</Show>
        </Fact>
        <Fact word={t('storage.spool')} wrong={(spool.usedPct ?? 0) > 70}>
          {spool.usedPct === null
            ? '–'
            : t('storage.spoolUsed', { pct: formatNumber(spool.usedPct, 1) })}
        </Fact>
        <Fact word={t('storage.lag')} wrong={(spool.lagS ?? 0) > LAG_S_LONG}>
          {spool.lagS === null ? '–' : spool.lagS > 0 ? spanText(spool.lagS) : t('storage.noLag')}
        </Fact>
        <Fact word={t('storage.size')}>
          {props.of.databaseBytes === null ? '–' : sizeText(props.of.databaseBytes)}
        </Fact>
        <Fact word={t('storage.disk')} wrong={(diskPct(props.of) ?? 0) > DISK_PCT_MANY}>
          {diskText(props.of)}
        </Fact>
        <Fact word={t('storage.growth')}>{growthText(props.of)}</Fact>
        <Fact
          word={t('storage.forecast')}
          wrong={(props.of.forecast?.daysLeft ?? DAYS_FEW) < DAYS_FEW}
        >
          {forecastText(props.of)}
        </Fact>
        <Fact word={t('storage.backup')}>
          <Show when={props.of.lastBackup} fallback={t('storage.noBackup')}>
            {(last) => (
              <>
                {formatTime(last().taken, 'full')}, {sizeText(last().bytes)}
                <span class="quiet storage-file">{last().file}</span>
              </>
            )}
          </Show>
        </Fact>
      </dl>
    </section>
  );
}

function jobState({ inTrouble, lastOk }: JobView): string {
  if (inTrouble) return t('storage.trouble');
  return lastOk === null ? t('storage.waiting') : t('storage.well');
}

function JobRow(props: { job: JobView }): JSX.Element {
  const { job } = props;
  return (
    <>
      <tr>
        <th scope="row">{t(`storage.job.${job.name}`)}</th>
        <td classList={{ 'link-wrong': job.inTrouble }}>
          <Show when={job.inTrouble}>! </Show>
          {jobState(job)}
        </td>
        <td>{formatTime(job.lastOk, 'short')}</td>
        <td class="num storage-desk">{spanText(job.everyS)}</td>
        <td class="num storage-desk">
          {job.durationMs === null ? '–' : `${formatNumber(job.durationMs)} ms`}
        </td>
      </tr>
      <Show when={job.failures > 0}>
        <tr class="link-why">
          <td colSpan={5}>
            {t('storage.tried', { count: formatNumber(job.failures), error: job.error ?? '' })}
          </td>
        </tr>
      </Show>
    </>
  );
}

function Jobs(props: { jobs: readonly JobView[] }): JSX.Element {
  return (
    <section class="panel">
      <h2>{t('storage.jobs')}</h2>
      <TableScroll label={t('storage.jobs')}>
        <table class="table table-tight storage-jobs">
          <thead>
            <tr>
              <th>{t('storage.job')}</th>
              <th>{t('storage.state')}</th>
              <th>{t('storage.lastOk')}</th>
              <th class="num storage-desk">{t('storage.every')}</th>
              <th class="num storage-desk">{t('storage.took')}</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.jobs}>{(job) => <JobRow job={job} />}</For>
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}

function Kept(props: { of: StorageView }): JSX.Element {
  const days = (count: number) => t('storage.days', { count: formatNumber(count) });
  const { keepDays, whenFull } = props.of;
  return (
    <section class="panel">
      <h2>{t('storage.kept')}</h2>
      <dl class="storage-facts">
        <Fact word={t('storage.keptSamples')}>{days(keepDays.samples)}</Fact>
        <Fact word={t('storage.keptMinutes')}>{days(keepDays.minutes)}</Fact>
        <Fact word={t('storage.keptHours')}>{days(keepDays.hours)}</Fact>
        <Fact word={t('storage.keptDays')}>{days(keepDays.days)}</Fact>
        <Fact word={t('storage.keptRecords')}>{t('storage.forEver')}</Fact>
      </dl>
      <p class="quiet">
        {whenFull.drop === 'nothing'
          ? t('storage.dropNothing')
          : t('storage.dropSamples', {
              pct: formatNumber(whenFull.freePctMin),
              days: formatNumber(whenFull.samplesDaysMin),
            })}
      </p>
    </section>
  );
}

/** How records and history are stored (ISA-101 level 4: for who looks after the system). */
export function Storage(): JSX.Element {
  const [storage, { refetch }] = createResource(() => rest.get<StorageView>('/api/storage'));
  const timer = setInterval(() => void refetch(), READ_EVERY_MS);
  onCleanup(() => clearInterval(timer));
  return (
    <section>
      <div class="display-head">
        <h1>{t('storage.title')}</h1>
      </div>
      <Loaded resource={storage} retry={() => void refetch()}>
        {(of) => (
          <TableScroll label={t('storage.title')}>
            <div class="storage-parts">
              <Now of={of()} />
              <Jobs jobs={of().jobs} />
              <Kept of={of()} />
            </div>
          </TableScroll>
        )}
      </Loaded>
    </section>
  );
}
