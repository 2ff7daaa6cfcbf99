import type { viWhy } from './vi-why.ts';

/** Why something does not go on, and routes with a queue, in English. */
export const enWhy: Readonly<Record<keyof typeof viWhy, string>> = {
  'why.title': 'Why?',
  'why.ask': 'Why?',
  'why.none': 'Nothing hinders it.',
  'why.root': 'Root cause',
  'why.do': 'What to do',
  'why.first': 'First alarm: {alarm} at {time}',
  'why.state': 'is {state}',
  'why.follows': 'because',
  'why.again': 'Ask again',
  'command.route.cancel': 'Take back the request',
  'command.route.change': 'Change destination',
  'command.route.cleaned': 'Way was cleaned',
  'route.second': 'Second destination when full',
  'route.noSecond': 'None',
  'route.queue': 'Waiting for the route',
  'route.queued': '{by}: {source} → {destination}',
  'route.forOrder': 'running order',
  'route.routine': 'routine refill',
  'route.carries': 'Carries',
  'route.residues': 'Rests of drugs on its ways',
  'route.residue': 'lot {lot}, {kg} kg flushed',
};
