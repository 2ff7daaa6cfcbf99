import { type JSX, splitProps } from 'solid-js';

/** What is typed into a field, with its label; every other property is the input's own. */
export function TextField(
  props: {
    label: string;
    value: string;
    onInput: (value: string) => void;
  } & Omit<JSX.InputHTMLAttributes<HTMLInputElement>, 'onInput' | 'value'>,
): JSX.Element {
  const [own, input] = splitProps(props, ['label', 'value', 'onInput']);
  return (
    <label class="field">
      <span>{own.label}</span>
      <input
        {...input}
        value={own.value}
        onInput={(event) => own.onInput(event.currentTarget.value)}
      />
    </label>
  );
}
