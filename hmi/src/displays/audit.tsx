import { createResource, For, type JSX, Show } from 'solid-js';
import type { z } from 'zod';
import type { auditViewSchema } from '../../../server/contract/rest.ts';
import { formatTime } from '../i18n/format.ts';
import { t, tOr } from '../i18n/language.ts';
import { rest } from '../live/rest.ts';
import { Loaded } from '../widgets/loaded.tsx';
import { reasonText } from '../widgets/reasons.tsx';
import { TableScroll } from '../widgets/table-scroll.tsx';

type AuditView = z.infer<typeof auditViewSchema>;
const ROWS = 200;
/** Characters of the arguments that stand in a line. */
const ARGS_SHOWN_MAX = 120;
const SIGNS = { pending: '…', accepted: '✓', refused: '✕', failed: '!' } as const;

function reasonsOf(of: AuditView): string {
  return of.reasons
    .map((one) =>
      typeof one === 'object' && one !== null && 'code' in one && 'objects' in one
        ? reasonText(one as Parameters<typeof reasonText>[0])
        : String(one),
    )
    .join('; ');
}

function argsText(args: unknown): string {
  if (typeof args !== 'object' || args === null) return args === undefined ? '' : String(args);
  return Object.entries(args)
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(', ');
}

/** What was asked for; a whole recipe folded up, so that the list stays one of lines. */
function Args(props: { args: unknown }): JSX.Element {
  const text = () => argsText(props.args);
  return (
    <Show when={text().length > ARGS_SHOWN_MAX} fallback={text()}>
      <details>
        <summary>{text().slice(0, ARGS_SHOWN_MAX)}…</summary>
        {text()}
      </details>
    </Show>
  );
}

/** What was done, as its button calls it. */
function doorText(door: string): string {
  return tOr(`command.${door}`, tOr(`door.${door}`, ''));
}

function AuditTable(props: { list: readonly AuditView[] }): JSX.Element {
  return (
    <TableScroll label={t('audit.title')}>
      <table class="table">
        <thead>
          <tr>
            <th>{t('audit.time')}</th>
            <th>{t('audit.user')}</th>
            <th>{t('audit.role')}</th>
            <th>{t('audit.door')}</th>
            <th>{t('audit.target')}</th>
            <th>{t('audit.args')}</th>
            <th>{t('audit.outcome')}</th>
          </tr>
        </thead>
        <tbody>
          <For
            each={props.list}
            fallback={
              <tr>
                <td colSpan={7}>{t('audit.empty')}</td>
              </tr>
            }
          >
            {(one) => (
              <tr>
                <td>{formatTime(one.time)}</td>
                <td>{one.user}</td>
                <td>{tOr(`role.${one.role}`, one.role)}</td>
                <td>
                  {doorText(one.door)} <span class="quiet">{one.door}</span>
                </td>
                <td>{one.target ?? '–'}</td>
                <td class="audit-args">
                  <Args args={one.args} />
                </td>
                <td>
                  {SIGNS[one.outcome]} {t(`audit.${one.outcome}`)}
                  <span class="quiet"> {reasonsOf(one)}</span>
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </TableScroll>
  );
}

/** Who did what, when, and with what outcome. */
export function Audit(): JSX.Element {
  const [list, { refetch }] = createResource(() =>
    rest.get<AuditView[]>(`/api/audit?limit=${ROWS}`),
  );
  return (
    <section>
      <div class="display-head">
        <h1>{t('audit.title')}</h1>
        <button type="button" class="button" onClick={() => void refetch()}>
          ⟳<span class="visually-hidden">{t('app.retry')}</span>
        </button>
      </div>
      <Loaded resource={list} retry={() => void refetch()}>
        {(rows) => <AuditTable list={rows()} />}
      </Loaded>
    </section>
  );
}
