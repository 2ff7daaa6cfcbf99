import { createMemo, For, type JSX, Show } from 'solid-js';
import type { LinkStatus } from '../../../../server/contract/live.ts';
import { t } from '../../i18n/language.ts';
import { nowMs } from '../../state/clock.ts';
import { findingsOf, type LinkGroup, linkCounts, linkGroups } from '../../state/links.ts';
import { linkStatuses } from '../../state/live.ts';
import { narrow } from '../../state/viewport.ts';
import { TableScroll } from '../../widgets/table-scroll.tsx';
import { LINK_FIGURES } from './link-figures.ts';
import { LinkFindings, LinkState, linkName, PastTrouble } from './link-parts.tsx';

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

function ConnectionName(props: { group: LinkGroup }): JSX.Element {
  return (
    <>
      <strong>{props.group.name}</strong>
      <span class="quiet link-address">
        {props.group.connection} · {props.group.own.address}
      </span>
    </>
  );
}

/** On a desk: one row a link, units under their connection, figures in columns to compare. */
function LinkTable(props: { groups: readonly LinkGroup[] }): JSX.Element {
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
        <For each={props.groups}>
          {(group) => (
            <tbody>
              <Row link={group.own} name={<ConnectionName group={group} />} />
              <For each={group.units}>{(unit) => <Row link={unit} name={linkName(unit)} />}</For>
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
function LinkCards(props: { groups: readonly LinkGroup[] }): JSX.Element {
  return (
    <TableScroll label={t('links.title')}>
      <For each={props.groups}>
        {(group) => (
          <article class="panel link-group">
            <Card link={group.own} name={<ConnectionName group={group} />} />
            <For each={group.units}>{(unit) => <Card link={unit} name={linkName(unit)} />}</For>
          </article>
        )}
      </For>
    </TableScroll>
  );
}

function Summary(props: { total: number }): JSX.Element {
  const { down, unprotected } = linkCounts();
  return (
    <p class="quiet">
      {down === 0 && unprotected === 0
        ? t('links.allWell', { count: props.total })
        : [
            down > 0 ? t('links.countDown', { count: down }) : '',
            unprotected > 0 ? t('links.countUnprotected', { count: unprotected }) : '',
          ]
            .filter(Boolean)
            .join(' · ')}
    </p>
  );
}

/** How the controller's connections to the field are (ISA-101 level 4: for who mends them). */
export function Links(): JSX.Element {
  const groups = createMemo(() => linkGroups(linkStatuses(), nowMs()));
  return (
    <section>
      <div class="display-head">
        <h1>{t('links.title')}</h1>
        <Show when={groups().length > 0}>
          <Summary total={linkStatuses().length} />
        </Show>
      </div>
      <Show when={groups().length > 0} fallback={<p class="quiet empty">{t('links.none')}</p>}>
        <Show when={narrow()} fallback={<LinkTable groups={groups()} />}>
          <LinkCards groups={groups()} />
        </Show>
      </Show>
    </section>
  );
}
