// The made-up township of the street. The area code 990101 is assigned to no real place, and telephone numbers that begin with 100
// are not given out.

export const COUNTY = '990101000000'
export const TOWN = '990101101000'
export const TOWN_2 = '990101102000'
export const VILLAGES = [
  { code: '990101101201', name: '清溪村' },
  { code: '990101101202', name: '石桥村' },
  { code: '990101101203', name: '竹山村' },
] as const

export interface Member {
  name: string
  id: string
  relation: string
  sex: string
  schooling: string
}

export interface Household {
  code: string
  village: string
  villageName: string
  group: string
  /** 户属性 as the national system writes it. */
  kind: string
  exitYear: string | null
  phone: string
  members: Member[]
  /** Where it lives. */
  at?: [lat: string, lon: string]
}

/** An 18-digit number with a right check digit (GB 11643-1999). */
export function idNumber(birth: string, order: number): string {
  const s = `990101${birth.replace(/-/g, '')}${String(order).padStart(3, '0')}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((n, w, i) => n + w * Number(s[i]), 0)
  return s + ('10X98765432'[sum % 11] ?? '')
}

const person = (name: string, birth: string, order: number, relation: string, schooling = '非在校生'): Member => ({
  name,
  id: idNumber(birth, order),
  relation,
  sex: order % 2 ? '男' : '女',
  schooling,
})

function household(n: number, village: number, kind: string, exitYear: string | null, members: Member[]): Household {
  const v = VILLAGES[village] ?? VILLAGES[0]
  return {
    code: `990101101${String(n).padStart(6, '0')}`,
    village: v.code,
    villageName: v.name,
    group: `${n}组`,
    kind,
    exitYear,
    phone: `100${String(n).padStart(8, '0')}`,
    members,
  }
}

/** Five households in two villages: four for questionnaire A, one for questionnaire B. */
export const HOUSEHOLDS: Household[] = [
  {
    ...household(1, 0, '脱贫户', '2018', [
      person('欧阳建国', '1971-03-12', 101, '户主'),
      person('曾秀兰', '1973-08-02', 102, '配偶'),
      person('欧阳小山', '2014-05-20', 103, '之子', '初中'),
    ]),
    at: ['28.4951234', '112.1012345'],
  },
  household(2, 0, '脱贫户', '2019', [
    person('田福成', '1965-11-30', 201, '户主'),
    person('叶桂英', '1968-01-15', 202, '配偶'),
  ]),
  household(3, 0, '边缘户', null, [person('蒋明辉', '1980-06-06', 301, '户主')]),
  household(4, 1, '未脱贫户', null, [
    person('潘玉珍', '1958-09-09', 402, '户主'),
    person('潘志强', '1983-02-28', 403, '之子'),
  ]),
  household(5, 1, '脱贫户', '2017', [person('余春林', '1976-12-01', 501, '户主')]),
]

/** A day so many days from now in the survey's zone, as date fields take it. */
export const day = (n: number): string =>
  new Date(Date.now() + 8 * 3600_000 + n * 86_400_000).toISOString().slice(0, 10)
