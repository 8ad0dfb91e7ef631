import { ref } from 'vue'

/** Somebody who has sealed data on this phone. Nothing else about them lies in the open. */
export interface Known {
  id: string
  name: string
  account: string
}

const KEY = 'ruhu.field.accounts'

/** Everybody who can open their own data here with their PIN, also without a network; who was here last is first. */
export const accounts = ref<Known[]>(read())

function read(): Known[] {
  try {
    const list = JSON.parse(localStorage.getItem(KEY) ?? '[]') as unknown
    return Array.isArray(list) ? (list as Known[]).filter((a) => a.id && a.account) : []
  } catch {
    return []
  }
}

function keep(list: Known[]): void {
  accounts.value = list
  localStorage.setItem(KEY, JSON.stringify(list))
}

export const noteAccount = ({ id, name, account }: Known): void =>
  keep([{ id, name, account }, ...read().filter((a) => a.id !== id)])

/** There is nothing of theirs on this phone any more. */
export const dropAccount = (id: string): void => keep(read().filter((a) => a.id !== id))
