import type { viDoors } from './vi-doors.ts';

/** What may be done, by the name of its door, in English. */
export const enDoors: Readonly<Record<keyof typeof viDoors, string>> = {
  'door.session.open': 'Sign in',
  'door.session.close': 'Sign out',
  'door.session.password': 'Change password',
  'door.users.create': 'Add a user',
  'door.users.change': 'Change a user',
  'door.users.reset-password': 'New one-time password',
  'door.users.end-sessions': 'End sessions',
  'door.orders.create': 'New order',
  'door.recipes.write': 'Write a recipe',
  'door.recipes.approve': 'Approve or retire a recipe',
  'door.plan.write': 'Change the plan',
  'door.plan.release': 'Release a planned order',
  'door.drugs.enter': 'Drug receipt or count',
  'door.drugs.reconcile': 'Drug reconciliation',
  'door.drugs.confirm': 'Confirmation of a reconciliation',
};
