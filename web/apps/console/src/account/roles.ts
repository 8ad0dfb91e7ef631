import type { Account, AccountInput, Role } from '@ruhu/api'

const township: Role[] = [
  'township_leader',
  'township_office',
  'group_leader',
  'supervisor',
  'enumerator',
  'village',
  'inspector',
]

/** Roles a person of this role may give: a township office makes none of the county's. The server holds the rule. */
export function rolesFor(own: Role | undefined): Role[] {
  return own === 'county_office' ? ['county_office', 'guidance_group', ...township] : township
}

/** The level of region that a role belongs to. */
export function levelOf(role: Role): 'county' | 'township' | 'village' {
  if (role === 'county_office' || role === 'guidance_group') return 'county'
  return role === 'village' ? 'village' : 'township'
}

/** What is sent to change an account: what is known of it, and the changes. */
export function inputOf(a: Account, changes: Partial<AccountInput> = {}): AccountInput {
  const { account, name, role, region_code, home_village, from_county, unit, disabled } = a
  return { account, name, role, region_code, home_village, from_county, unit, disabled, ...changes }
}

const letters = 'abcdefghjkmnpqrstuvwxyz23456789' // without the look-alikes 0 o 1 l i

/** A first password that can be read out on the telephone: three groups of four, about 59 bits. */
export function easyPassword(): string {
  const groups: string[] = []
  while (groups.length < 3) {
    let group = ''
    while (group.length < 4) {
      const byte = crypto.getRandomValues(new Uint8Array(1))[0] ?? 255
      // Bytes beyond the last whole multiple would make the first letters likelier.
      if (byte < letters.length * Math.floor(256 / letters.length)) group += letters[byte % letters.length]
    }
    groups.push(group)
  }
  return groups.join('-')
}
