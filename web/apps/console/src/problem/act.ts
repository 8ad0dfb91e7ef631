// What each action on a problem asks for. The server decides who may act, and asks for the same.
const fields = {
  answer: ['note!'],
  start: ['cause!', 'measure!', 'person!'],
  claim: ['note!', 'files!'],
  escalate: ['note!', 'secretary!', 'resident!'],
  judge: ['note!', 'responsible!', 'person!', 'due_on', 'nature', 'sector'],
  refer: ['note!'],
  decide: ['note!', 'responsible!', 'person!', 'due_on', 'nature', 'sector'],
  supervise: ['note!', 'due_on'],
  verify: ['note', 'files'],
  reject: ['note!'],
  close: ['note'],
  reopen: ['note!'],
} as const

export type Ask =
  | 'note'
  | 'cause'
  | 'measure'
  | 'person'
  | 'responsible'
  | 'nature'
  | 'sector'
  | 'due_on'
  | 'secretary'
  | 'resident'
  | 'files'

export const acts: string[] = Object.keys(fields)

/** The fields of an action; `must`: only those that can't be left empty. */
export function asks(action: string, must = false): Ask[] {
  const all: readonly string[] = (fields as Record<string, readonly string[]>)[action] ?? []
  return all.filter((k) => !must || k.endsWith('!')).map((k) => k.replace('!', '') as Ask)
}
