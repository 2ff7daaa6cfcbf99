import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import { unitText } from '../../i18n/format.ts';
import { language, say, t } from '../../i18n/language.ts';
import { plain, plainWords } from '../../i18n/plain.ts';
import { deviceOf, mill, type TagMeta } from '../../state/mill.ts';

const FOUND_MAX = 30;

function describe(tag: TagMeta): string {
  const device = tag.device === null ? undefined : deviceOf(tag.device);
  return device === undefined ? say(tag.text) : `${say(device.text)} · ${say(tag.text)}`;
}

/** Finds a signal by its name or by what it and its device are called. */
export function TagPicker(props: {
  full: boolean;
  chosen: readonly string[];
  onChoose: (name: string) => void;
}): JSX.Element {
  const [wanted, setWanted] = createSignal('');
  const index = createMemo(() => {
    language();
    return mill()
      .tags.filter((tag) => tag.dataType !== 'string')
      .map((tag) => ({ tag, text: plain(`${tag.name} ${describe(tag)}`) }));
  });
  const found = createMemo(() => {
    const words = plainWords(wanted());
    if (words.length === 0) return [];
    return index()
      .filter(({ tag, text }) => {
        return !props.chosen.includes(tag.name) && words.every((word) => text.includes(word));
      })
      .slice(0, FOUND_MAX);
  });
  const choose = (name: string) => {
    setWanted('');
    props.onChoose(name);
  };
  return (
    <div class="picker">
      <input
        type="search"
        class="search"
        aria-label={t('trend.add')}
        placeholder={props.full ? t('trend.limit') : t('trend.search')}
        disabled={props.full}
        value={wanted()}
        onInput={(event) => setWanted(event.currentTarget.value)}
        onKeyDown={(event) => {
          const first = found()[0];
          if (event.key === 'Enter' && first !== undefined) choose(first.tag.name);
          if (event.key === 'Escape') setWanted('');
        }}
      />
      <Show when={found().length > 0}>
        <ul class="picker-found">
          <For each={found()}>
            {({ tag }) => (
              <li>
                <button type="button" onClick={() => choose(tag.name)}>
                  <b>{tag.name}</b> <span>{describe(tag)}</span>{' '}
                  <span class="quiet">{unitText(tag.unit)}</span>
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </div>
  );
}
