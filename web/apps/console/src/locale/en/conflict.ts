export const conflict = {
  title: 'Revisions {n} and {current} were both edited from {base}',
  is_open: 'to be settled',
  is_merged: 'merged into revision {n}',
  is_kept: 'what stood was kept',
  is_taken: 'taken as revision {n}',
  lead: 'Two phones changed the same question, so nothing was merged. Compare and decide which edit stands; if it needs correcting, return the form to its team.',
  incomparable:
    'Revision {n} cannot be compared question by question (its base is missing, or the questionnaire is another version). Open it and decide.',
  versions: 'Three versions, question by question',
  base: 'Before',
  current: 'As it stands',
  other: 'Came second',
  both: 'both changed it',
  note: 'Note (needed to take the second edit)',
  keep: 'Keep revision {n}',
  take: 'Take revision {n}',
}
export const via = {
  package: 'imported from a package',
  merge: 'merged',
  chosen: 'chosen by a supervisor',
  client: 'another app',
}
