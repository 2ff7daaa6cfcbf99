import { For, type JSX, Show } from 'solid-js';
import { t } from '../../i18n/language.ts';
import { beyondLimit, LIMIT_SIGNS } from '../../state/bands.ts';
import { roleOf, setting } from '../../state/mill.ts';
import { type TagView, useTag } from '../../state/tags.ts';
import { QUALITY_SIGNS } from '../../widgets/value-text.ts';
import { type LevelGroup, levelRows } from './section-values.ts';
import type { Device } from './view-types.ts';

function percentOf(view: TagView): number {
  return typeof view.value === 'number' ? Math.min(100, Math.max(0, view.value)) : 0;
}

/** One bin: how full, where it is normal, and a sign when it is beyond a limit or not known. */
function LevelBar(props: { bin: Device }): JSX.Element {
  const tag = roleOf(props.bin.id, 'LevelPct')?.name ?? `${props.bin.id}.LevelPct`;
  const level = useTag(tag);
  const beyond = () => beyondLimit(tag, level());
  const sign = () => {
    const side = beyond();
    return side === null ? QUALITY_SIGNS[level().quality] : LIMIT_SIGNS[side];
  };
  const mark = (name: string) => setting(props.bin, name);
  return (
    <span class={`level-bar q-${level().quality}`} classList={{ outside: beyond() !== null }}>
      <span class="level-bar-sign">{sign()}</span>
      <span class="level-bar-vessel">
        <Show when={level().quality !== 'bad'}>
          <span class="level-bar-fill" style={{ height: `${percentOf(level())}%` }} />
        </Show>
        <For each={[mark('lowPct'), mark('highPct')].filter((one) => one !== undefined)}>
          {(percent) => <span class="level-bar-mark" style={{ bottom: `${percent}%` }} />}
        </For>
      </span>
    </span>
  );
}

/** Many bins side by side: a gap, a bin that runs empty, or one not known is seen at a glance. */
export function LevelBars(props: { group: LevelGroup }): JSX.Element {
  const first = () => props.group.bins[0]?.id ?? '';
  const last = () => props.group.bins.at(-1)?.id ?? '';
  const name = () => t(`bins.${props.group.kind}`);
  return (
    <figure class="levels">
      <figcaption class="levels-name">
        {name()} <span class="quiet">{first() === last() ? first() : `${first()}–${last()}`}</span>
      </figcaption>
      <For each={levelRows(props.group.bins)}>
        {(row) => (
          <div class="levels-bars" aria-hidden="true">
            <For each={row}>{(bin) => <LevelBar bin={bin} />}</For>
          </div>
        )}
      </For>
    </figure>
  );
}
