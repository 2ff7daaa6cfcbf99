import { For, type JSX, Show } from 'solid-js';

/** One of several, with its label; `empty` is the text while none is chosen. */
export function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  empty?: string;
  onChange: (value: T) => void;
}): JSX.Element {
  return (
    <label class="field">
      <span>{props.label}</span>
      <select
        required
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value as T)}
      >
        <Show when={props.empty}>
          <option value="">{props.empty}</option>
        </Show>
        <For each={props.options}>
          {([value, text]) => (
            <option value={value} selected={value === props.value}>
              {text}
            </option>
          )}
        </For>
      </select>
    </label>
  );
}
