import { api, type Account } from '@ruhu/api'

/** Every account of a role this person may see, page after page. */
export async function allAccounts(role: string): Promise<Account[]> {
  const all: Account[] = []
  let cursor = ''
  do {
    const page = await api.accounts.list({ role, cursor, limit: 200 })
    all.push(...page.items)
    cursor = page.next
  } while (cursor !== '')
  return all
}
