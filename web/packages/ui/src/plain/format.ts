// How numbers, days and times are written. Nothing here needs a component library: the field app uses it too.

/** 2026-03-04 → 3月4日 / 4 Mar; another form for day columns of tables. */
export function dayShort(day: string, locale: string): string {
  const [y, m, d] = day.split('-').map(Number)
  if (!y || !m || !d) return day
  if (locale.startsWith('zh')) return `${m}月${d}日`
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
  return `${d} ${months[m - 1] ?? m}`
}

/** An instant as a date and a time in the survey's zone: 2026-03-04 09:05. */
export function instant(at: string, zone = 'Asia/Shanghai'): string {
  const time = Date.parse(at)
  if (Number.isNaN(time)) return at
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(time))
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`
}

/** Whole numbers with thousands separated. */
export function count(n: number): string {
  return new Intl.NumberFormat('en-US').format(n)
}

/** Share of a whole, in whole percent, never 100 before all is done. */
export function percent(part: number, whole: number): string {
  if (whole <= 0) return '—'
  const share = (100 * part) / whole
  return `${share >= 100 ? 100 : Math.min(99, Math.round(share))}%`
}

export function bytes(n: number): string {
  if (n < 1024) return `${n} B`
  if (n < 1024 * 1024) return `${(n / 1024).toFixed(1)} KB`
  return `${(n / 1024 / 1024).toFixed(1)} MB`
}

/** The first characters of a digest: enough to compare by eye. */
export function digestShort(digest: string): string {
  return digest.slice(0, 12)
}
