import { createMemo, For, type JSX, Show } from 'solid-js';
import type { LinkStatus } from '../../../../server/contract/live.ts';
import { t } from '../../i18n/language.ts';
import { nowMs } from '../../state/clock.ts';
import { conditionOf, unitsOf } from '../../state/link-condition.ts';
import { connectionName, connectionsOf, findingsOf } from '../../state/links.ts';
import { linkStatuses } from '../../state/live.ts';
import { narrow } from '../../state/viewport.ts';
import { TableScroll } from '../../widgets/table-scroll.tsx';
import { LINK_FIGURES } from './link-figures.ts';
import { LinkFindings, LinkState, linkName, PastTrouble } from './link-parts.tsx';

/** The same objects as long as the link is the same, so that an open list stays open. */
function unitsNow(own: LinkStatus): readonly LinkStatus[] {
  return unitsOf(linkStatuses(), own.connection, nowMs());
}

const COLUMNS = LINK_FIGURES.length + 3;

function Row(props: { link: LinkStatus; name: JSX.Element }): JSX.Element {
  return (
    <>
      <tr
        classList={{ 'link-unit': props.link.unitId !== null }}
        data-link={props.link.connection}
        data-unit={props.link.unitId ?? ''}
      >
        <th scope="row">{props.name}</th>
        <td>
          <LinkState link={props.link} />
        </td>
        <For each={LINK_FIGURES}>
          {(one) => (
            <td class="num" classList={{ 'link-wrong': one.isWrong(props.link, nowMs()) }}>
              {one.text(props.link, nowMs())}
            </td>
          )}
        </For>
        <td>
          <PastTrouble link={props.link} />
        </td>
      </tr>
      <Show when={findingsOf(props.link, nowMs()).length > 0}>
        <tr class="link-why">
          <td colSpan={COLUMNS}>
            <LinkFindings link={props.link} />
          </td>
        </tr>
      </Show>
    </>
  );
}

function ConnectionName(props: { link: LinkStatus }): JSX.Element {
  return (
    <>
      <strong>{connectionName(props.link.connection)}</strong>
      <span class="quiet link-address">
        {props.link.connection} · {props.link.address}
      </span>
    </>
  );
}

/** On a desk: one row a link, units under their connection, figures in columns to compare. */
function LinkTable(props: { connections: readonly LinkStatus[] }): JSX.Element {
  return (
    <TableScroll label={t('links.title')}>
      <table class="table table-tight links-table">
        <thead>
          <tr>
            <th>{t('links.connection')}</th>
            <th>{t('links.state')}</th>
            <For each={LINK_FIGURES}>{(one) => <th class="num">{t(one.word)}</th>}</For>
            <th>{t('links.lastError')}</th>
          </tr>
        </thead>
        <For each={props.connections}>
          {(own) => (
            <tbody>
              <Row link={own} name={<ConnectionName link={own} />} />
              <For each={unitsNow(own)}>{(unit) => <Row link={unit} name={linkName(unit)} />}</For>
            </tbody>
          )}
        </For>
      </table>
    </TableScroll>
  );
}

function Figures(props: { link: LinkStatus }): JSX.Element {
  const known = () => LINK_FIGURES.filter((one) => one.text(props.link, nowMs()) !== null);
  return (
    <dl class="link-figures">
      <For each={known()}>
        {(one) => (
          <div>
            <dt>{t(one.word)}</dt>
            <dd classList={{ 'link-wrong': one.isWrong(props.link, nowMs()) }}>
              {one.text(props.link, nowMs())}
            </dd>
          </div>
        )}
      </For>
    </dl>
  );
}

function Card(props: { link: LinkStatus; name: JSX.Element }): JSX.Element {
  return (
    <div class="link-card" data-link={props.link.connection} data-unit={props.link.unitId ?? ''}>
      <div class="link-card-head">
        <span class="link-card-name">{props.name}</span>
        <LinkState link={props.link} />
      </div>
      <LinkFindings link={props.link} />
      <Figures link={props.link} />
      <PastTrouble link={props.link} />
    </div>
  );
}

/** On a phone: one card a connection, its units in it. */
function LinkCards(props: { connections: readonly LinkStatus[] }): JSX.Element {
  return (
    <TableScroll label={t('links.title')}>
      <For each={props.connections}>
        {(own) => (
          <article class="panel link-group">
            <Card link={own} name={<ConnectionName link={own} />} />
            <For each={unitsNow(own)}>{(unit) => <Card link={unit} name={linkName(unit)} />}</For>
          </article>
        )}
      </For>
    </TableScroll>
  );
}

function Summary(): JSX.Element {
  const count = (condition: string) =>
    linkStatuses().filter((one) => conditionOf(one, nowMs()) === condition).length;
  const words = () =>
    [
      count('down') > 0 ? t('links.countDown', { count: count('down') }) : '',
      count('poor') > 0 ? t('links.countPoor', { count: count('poor') }) : '',
    ].filter((one) => one !== '');
  return (
    <p class="quiet">
      {words().length > 0
        ? words().join(' · ')
        : t('links.allWell', { count: linkStatuses().length })}
    </p>
  );
}

/** How the controller's connections to the field are (ISA-101 level 4: for who mends them). */
export function Links(): JSX.Element {
  const connections = createMemo(() => connectionsOf(linkStatuses(), nowMs()));
  return (
    <section>
      <div class="display-head">
        <h1>{t('links.title')}</h1>
        <Show when={connections().length > 0}>
          <Summary />
        </Show>
      </div>
      <Show when={connections().length > 0} fallback={<p class="quiet empty">{t('links.none')}</p>}>
        <Show when={narrow()} fallback={<LinkTable connections={connections()} />}>
          <LinkCards connections={connections()} />
        </Show>
      </Show>
    </section>
  );
}
