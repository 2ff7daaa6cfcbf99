import type { JSX } from 'solid-js';
import type { FormulaView } from '../../../server/contract/rest.ts';
import { say, t } from '../i18n/language.ts';
import { Choice } from './choice.tsx';

/** The feed that an order is for. */
export function FormulaChoice(props: {
  formulas: readonly FormulaView[];
  value: string;
  onChange: (formula: string) => void;
}): JSX.Element {
  return (
    <Choice
      label={t('line.formula')}
      value={props.value}
      empty={t('line.chooseFormula')}
      options={props.formulas.map((one): [string, string] => [
        one.code,
        `${say(one.text)} (${one.code} v${one.version})`,
      ])}
      onChange={props.onChange}
    />
  );
}

/** How an order leaves the mill. */
export function PackagingChoice(props: {
  value: 'bags' | 'bulk';
  onChange: (packaging: 'bags' | 'bulk') => void;
}): JSX.Element {
  return (
    <Choice
      label={t('line.packaging')}
      value={props.value}
      options={[
        ['bags', t('line.bags')],
        ['bulk', t('line.bulk')],
      ]}
      onChange={props.onChange}
    />
  );
}
