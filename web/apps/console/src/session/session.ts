// Who is working at this screen. The server decides what they may do; `can` only keeps hopeless buttons away.
import { shallowRef } from 'vue'
import { api, ApiError, type Me } from '@ruhu/api'
import { forgetDrafts } from '../submission/draft'

export const me = shallowRef<Me | null>(null)
let asked = false

export function can(action: string): boolean {
  return me.value?.actions.includes(action) ?? false
}

/** Asks once per page load whether there is a session. */
export async function ensureMe(): Promise<Me | null> {
  if (me.value || asked) return me.value
  try {
    me.value = await api.session.me()
  } catch (e) {
    if (!(e instanceof ApiError) || e.status !== 401) throw e
  }
  asked = true
  return me.value
}

export async function login(account: string, password: string): Promise<void> {
  me.value = await api.session.login(account, password)
}

export async function logout(): Promise<void> {
  await api.session.logout()
  forgetDrafts()
  // A full load drops everything that was read for the last person.
  window.location.assign('/login')
}
