/** Household classes in the order people list them; names are in the locale files under `class`. */
export const householdClasses = [
  'poor',
  'exited',
  'marginal',
  'monitored',
  'subsistence',
  'destitute',
  'disabled',
  'ill',
  'unsafe',
  'no_labour',
  'alone',
  'other_key',
  'ordinary',
] as const
