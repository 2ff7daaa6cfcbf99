import { useNavigate } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import { say, t } from '../../i18n/language.ts';
import { mill } from '../../state/mill.ts';
import { CONNECTOR_H, CONNECTOR_W, type PlacedConnector } from './connectors.ts';
import { useFlowActive } from './flow-activity.ts';

/** A flag that points the way of the product. */
const OUTLINE = (() => {
  const [half, high, tip] = [CONNECTOR_W / 2, CONNECTOR_H / 2, 12];
  return `M${-half} ${-high} H${half - tip} L${half} 0 L${half - tip} ${high} H${-half} Z`;
})();

/** Letters that fit in the flag at the size of its second line. */
const LETTERS_MAX = 18;

function shortened(text: string): string {
  return text.length <= LETTERS_MAX ? text : `${text.slice(0, LETTERS_MAX - 1)}…`;
}

/**
 * Where product leaves the display or comes to it: the device over there and its display, which a
 * click opens.
 */
export function ConnectorSymbol(props: { placed: PlacedConnector }): JSX.Element {
  const navigate = useNavigate();
  const connector = props.placed.connector;
  const active = connector.flows.map((flow) => useFlowActive(flow));
  const there = () => mill().displays.find((one) => one.id === connector.display);
  const name = () => say(there()?.text ?? { vi: connector.display, en: connector.display });
  const devices = () => {
    const [first = '', ...more] = connector.others;
    return more.length === 0 ? first : `${first} +${more.length}`;
  };
  const open = () => navigate(`/display/${connector.display}`);
  const words = () =>
    t(connector.direction === 'in' ? 'display.comesFrom' : 'display.goesTo', {
      device: connector.device,
      others: connector.others.join(', '),
      display: name(),
    });
  return (
    <>
      <path class="pipe" d={props.placed.path} />
      <Show when={active.some((one) => one())}>
        <path class="pipe pipe-active" d={props.placed.path} />
      </Show>
      <g
        class="device connector"
        data-connector={connector.display}
        transform={`translate(${props.placed.box.x} ${props.placed.box.y})`}
        role="link"
        tabindex="0"
        aria-label={words()}
        onClick={open}
        onKeyDown={(event) => {
          if (event.key === 'Enter') open();
        }}
      >
        <path class="connector-flag" d={OUTLINE} />
        <For each={[devices(), shortened(name())]}>
          {(line, index) => (
            <text
              class={index() === 0 ? 'connector-device' : 'connector-display'}
              x="-5"
              y={-4 + 14 * index()}
            >
              {line}
            </text>
          )}
        </For>
      </g>
    </>
  );
}
