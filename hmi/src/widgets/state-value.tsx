import { type JSX, Show } from 'solid-js';
import { flagWord, stateTagOf } from '../state/look.ts';
import type { Device } from '../state/mill.ts';
import { useTag } from '../state/tags.ts';
import { TagValue } from './tag-value.tsx';

function FlagState(props: { device: Device; tag: string }): JSX.Element {
  const view = useTag(props.tag);
  const word = () => (view().quality === 'good' ? flagWord(props.device, view().value) : null);
  return (
    <Show when={word()} fallback={<TagValue tag={props.tag} />}>
      {(text) => <span class="value">{text()}</span>}
    </Show>
  );
}

/** What a device is doing, in a word; nothing for a device that has no state. */
export function StateValue(props: { device: Device }): JSX.Element {
  return (
    <Show when={stateTagOf(props.device)}>
      {(tag) => <FlagState device={props.device} tag={tag()} />}
    </Show>
  );
}
