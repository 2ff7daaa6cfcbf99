/**
 * Names and texts of states that screens need, from the model: the number of a state tag is the
 * index in its list. One source, so that a screen cannot take one state for another.
 */
export { ALARM_PRIORITIES } from '../../plc/model/alarm.ts';
export { DRUG_CLASS_TEXTS, SPECIES, SPECIES_TEXTS } from '../../plc/model/carry-over.ts';
export { CHOSEN_MODES, DEVICE_MODE_TEXTS } from '../../plc/model/device-mode.ts';
export {
  AIR_STATES,
  DIVERTER_STATES,
  GATE_STATES,
  MIXER_PHASES,
  MOTOR_STATES,
  PACKML_STATES,
  PRESS_PHASES,
  PROCEDURE_STATE_TEXTS,
  PROCEDURE_STATES,
  ROUTE_STATES,
  SCALE_STATES,
} from '../../plc/model/isa88.ts';
export type { LinkHelper } from '../../plc/model/link-trouble.ts';
export { LINK_TROUBLES } from '../../plc/model/link-trouble.ts';
export type { ProcedureCommand } from '../../plc/model/procedure.ts';
export { afterCommand } from '../../plc/model/procedure.ts';
export type { Quality } from '../../plc/model/quality.ts';
export { QUALITIES, qualityOfCode } from '../../plc/model/quality.ts';
