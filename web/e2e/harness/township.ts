import { newId } from '@ruhu/api'
import { Client, makeAccount, type Person } from './api'
import { COUNTY, day, HOUSEHOLDS, TOWN, TOWN_2, VILLAGES } from './people'
import { rosterFile } from './workbook'

export const NAMES = {
  office: '宋文斌',
  supervisor: '梁海东',
  first: '冯慧琴',
  second: '邓志云',
  clerk: '董春霞',
}

const [clear, stone, bamboo] = VILLAGES

const PEOPLE: Person[] = [
  { account: 'office', name: NAMES.office, role: 'township_office', region_code: TOWN },
  { account: 'office2', name: '蔡立平', role: 'township_office', region_code: TOWN_2 },
  { account: 'fuhe', name: NAMES.supervisor, role: 'supervisor', region_code: TOWN },
  {
    account: 'diaocha1',
    name: NAMES.first,
    role: 'enumerator',
    region_code: TOWN,
    from_county: true,
    unit: '县直单位',
  },
  {
    account: 'diaocha2',
    name: NAMES.second,
    role: 'enumerator',
    region_code: TOWN,
    home_village: bamboo.code,
    unit: '桂溪镇',
  },
  { account: 'qingxi', name: NAMES.clerk, role: 'village', region_code: clear.code },
  { account: 'shiqiao', name: '袁秀梅', role: 'village', region_code: stone.code },
]

/** The places and accounts that a county has before a survey begins. */
export async function populate(url: string): Promise<void> {
  const admin = await Client.login(url, 'admin')
  await admin.ok('PUT', '/regions', {
    items: [
      { code: COUNTY, name: '示例县' },
      { code: TOWN, name: '桂溪镇' },
      { code: TOWN_2, name: '云门镇' },
      ...VILLAGES,
    ],
  })
  for (const p of PEOPLE) await makeAccount(admin, p)
}

/** The PINs that `begin` gives the two enumerators; after `populate` alone they have none. */
export const PINS = { diaocha1: '135790', diaocha2: '246802' }

/** A campaign whose visits have begun, for tests that are about something else. Gives its id. */
export async function begin(url: string, households = HOUSEHOLDS): Promise<string> {
  await populate(url)
  for (const [account, pin] of Object.entries(PINS)) {
    await (await Client.login(url, account)).ok('PUT', '/me/pin', { pin })
  }
  return round(url, '桂溪镇回头看', households)
}

/** A campaign whose visits have begun, in a township that is there already. Gives its id. */
export async function round(url: string, title: string, households = HOUSEHOLDS): Promise<string> {
  const office = await Client.login(url, 'office')
  const id = newId()
  const at = `/campaigns/${id}`
  await office.ok('PUT', at, { playbook: 'huitoukan', title, region_code: TOWN, starts_on: day(-43) })
  await office.ok('POST', `${at}/stage`, { stage: 'preparation' })
  await office.ok('POST', `${at}/roster/imports?dry_run=false&name=roster.xlsx`, rosterFile(households))
  await office.ok('POST', `${at}/teams/form`, {})
  await office.ok('POST', `${at}/plan`, { from: day(0), to: day(10), dry_run: false })
  await office.ok('POST', `${at}/stage`, { stage: 'visits' })
  return id
}
