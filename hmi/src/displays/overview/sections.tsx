import { createMemo, For, type JSX } from 'solid-js';
import { t } from '../../i18n/language.ts';
import { mill } from '../../state/mill.ts';
import { displaysFedBy } from './display-part.ts';
import { SectionCard } from './section-card.tsx';

/** Cards in a row: the whole mill is on one screen of 16:9. */
function columns(sections: number): number {
  return Math.ceil(Math.sqrt(sections * 1.3));
}

/** Level 1 of a mill of several displays: its sections in the order that product passes them. */
export function Sections(): JSX.Element {
  const feeds = createMemo(() => displaysFedBy(mill()));
  const fedBy = (id: string) => {
    const to = feeds().get(id) ?? [];
    return mill().displays.filter((one) => to.includes(one.id));
  };
  const feedsNext = (id: string, at: number) => {
    const next = mill().displays[at + 1]?.id;
    const isLastOfRow = (at + 1) % columns(mill().displays.length) === 0;
    return !isLastOfRow && next !== undefined && (feeds().get(id) ?? []).includes(next);
  };
  return (
    <ol
      class="sections"
      aria-label={t('overview.title')}
      style={{ '--columns': String(columns(mill().displays.length)) }}
    >
      <For each={mill().displays}>
        {(display, at) => (
          <SectionCard
            display={display}
            to={fedBy(display.id)}
            feedsNext={feedsNext(display.id, at())}
          />
        )}
      </For>
    </ol>
  );
}
